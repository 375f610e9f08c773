#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"
#include "config/load.h"
#include "config/render.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;

constexpr std::string_view kCorpus = "tests/unit/config/corpus/";

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  EXPECT_FALSE(files.empty()) << folder;
  return files;
}

struct Loaded {
  std::optional<Resolved> resolved;
  Diagnostics diagnostics;
};

Loaded load(const std::string& path) {
  Loaded loaded;
  LoadOptions options;
  options.path = path;
  options.environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "DATABASE_URL") return "postgres://db";
    return std::nullopt;
  };
  loaded.resolved = load_resolved(options, loaded.diagnostics);
  return loaded;
}

TEST(GoodFiles, LoadWithoutAWord) {
  for (const std::string& path : files_in(std::string(kCorpus) + "good")) {
    const Loaded loaded = load(path);
    EXPECT_TRUE(loaded.resolved) << path;
    EXPECT_EQ(render(loaded.diagnostics), "") << path;
  }
}

TEST(GoodFiles, ReadBackFromTheirResolvedForm) {
  for (const std::string& path : files_in(std::string(kCorpus) + "good")) {
    const Loaded loaded = load(path);
    ASSERT_TRUE(loaded.resolved) << path;
    const std::string resolved = testing::TempDir() + "/resolved.yaml";
    std::ofstream(resolved) << render_yaml(*loaded.resolved);
    const Loaded again = load(resolved);
    ASSERT_TRUE(again.resolved) << path << "\n" << render(again.diagnostics);
    EXPECT_EQ(render_yaml(*again.resolved), render_yaml(*loaded.resolved)) << path;
  }
}

TEST(BadFiles, AreRefused) {
  for (const std::string& path : files_in(std::string(kCorpus) + "bad")) {
    EXPECT_FALSE(load(path).resolved) << path;
  }
}

TEST(TheDesignsExample, IsRefusedForWhatIsNotSupportedYetAndNothingElse) {
  const Loaded loaded = load(std::string(kCorpus) + "shop_later.yaml");
  EXPECT_FALSE(loaded.resolved);
  std::vector<std::string> errors;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    const Mark& mark = diagnostic.mark;
    errors.push_back(std::to_string(mark.line) + ":" + std::to_string(mark.column) + " " +
                     diagnostic.message);
  }
  std::ranges::sort(errors, {}, [](const std::string& text) { return std::stoi(text); });
  EXPECT_THAT(errors, ElementsAre("58:5 `schedule` is not supported yet"));
}

}  // namespace
}  // namespace pid1::config
