#include "config/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "config/json_schema.h"
#include "config/reference.h"

namespace pid1::config {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

void collect_from(const Forms& forms, std::vector<const Section*>& sections) {
  for (const Form& form : forms.list) {
    if (form.section != nullptr && std::ranges::find(sections, form.section) == sections.end()) {
      sections.push_back(form.section);
    }
    if (form.item != nullptr) collect_from(*form.item, sections);
  }
}

// Every section that can be reached from the top level.
std::vector<const Section*> all_sections() {
  std::vector<const Section*> sections = {&sections::root};
  for (std::size_t i = 0; i < sections.size(); ++i) {
    for (const Key& key : sections[i]->keys) {
      if (key.forms != nullptr) collect_from(*key.forms, sections);
    }
  }
  return sections;
}

TEST(Schema, IsTheSameInTheCheckedInJsonSchema) {
  EXPECT_TRUE(read("schema/pid1.schema.json") == write_json_schema())
      << "run `bazel run //config:generate`";
}

TEST(Schema, IsTheSameInTheCheckedInReference) {
  EXPECT_TRUE(read("docs/reference/config.md") == write_reference())
      << "run `bazel run //config:generate`";
}

TEST(Schema, NamesEachKeyOnce) {
  for (const Section* section : all_sections()) {
    std::set<std::string_view> names;
    for (const Key& key : section->keys) {
      EXPECT_TRUE(names.insert(key.name).second) << section->title << "." << key.name;
    }
  }
}

TEST(Schema, DocumentsEachKey) {
  for (const Section* section : all_sections()) {
    EXPECT_FALSE(section->doc.empty()) << section->title;
    for (const Key& key : section->keys) {
      EXPECT_FALSE(key.doc.empty()) << section->title << "." << key.name;
    }
  }
}

TEST(Schema, GivesTheFormsOfEachKeyThatIsRead) {
  for (const Section* section : all_sections()) {
    for (const Key& key : section->keys) {
      if (key.support != Support::works && key.support != Support::accepted) continue;
      ASSERT_NE(key.forms, nullptr) << section->title << "." << key.name;
      EXPECT_NE(key.forms->list.front().kind, Form::Kind::none) << key.name;
    }
  }
}

TEST(Schema, KnowsTheKeysOfHealthChecksAndOfLogs) {
  for (const char* name : {"test", "interval", "timeout", "retries", "start_period",
                           "start_interval", "disable", "http", "tcp"}) {
    EXPECT_NE(find_key(sections::healthcheck, name), nullptr) << name;
  }
  for (const char* name : {"max-size", "max-file", "compress", "tag", "format", "mode"}) {
    EXPECT_NE(find_key(sections::logging_options, name), nullptr) << name;
  }
}

TEST(Schema, HasNothingForAnUnknownKey) {
  EXPECT_EQ(find_key(sections::service, "comand"), nullptr);
  EXPECT_EQ(find_key(sections::service, ""), nullptr);
}

}  // namespace
}  // namespace pid1::config
