#include "config/merge.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "config/yaml_reader.h"
#include "tests/support/yaml_dump.h"

namespace pid1::config {
namespace {

struct Merged {
  std::string tree;
  Diagnostics diagnostics;
};

Merged merge(std::string_view text, std::string (*show)(const Node&) = pid1::testing::dump) {
  Merged merged;
  const auto source = std::make_shared<Source>(Source{"f", std::string(text)});
  std::optional<Node> node = read_yaml(source, merged.diagnostics);
  if (!node) {
    ADD_FAILURE() << render(merged.diagnostics);
    return merged;
  }
  apply_merge_keys(*node, merged.diagnostics);
  merged.tree = show(*node);
  return merged;
}

struct Case {
  std::string_view text;
  std::string_view tree;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << ::testing::PrintToString(one.text);
}

class MergeKey : public ::testing::TestWithParam<Case> {};

TEST_P(MergeKey, BringsWhatIsNotThere) {
  const Merged merged = merge(GetParam().text);
  EXPECT_EQ(merged.tree, GetParam().tree);
  EXPECT_TRUE(merged.diagnostics.all().empty()) << render(merged.diagnostics);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, MergeKey,
    ::testing::Values(
        Case{"a: 1", "{a: 1}"}, Case{"<<: {a: 1}", "{a: 1}"}, Case{"<<: {}", "{}"},
        Case{"<<: []", "{}"}, Case{"<<: {a: 1}\na: 2", "{a: 2}"},
        Case{"a: 2\n<<: {a: 1, b: 3}", "{a: 2, b: 3}"}, Case{"{<<: {a: 1}, a: }", "{a: null}"},
        Case{"<<: [{a: 1, b: 2}, {b: 3, c: 4}]", "{a: 1, b: 2, c: 4}"},
        Case{"b: 0\n<<: [{a: 1, b: 2}, {b: 3, c: 4}]\n", "{b: 0, a: 1, c: 4}"},
        // Not deep: a mapping is taken or left as a whole.
        Case{"x: {y: 1}\n<<: {x: {z: 2}}", "{x: {y: 1}}"},
        // What is merged may merge.
        Case{"<<: {a: 1, <<: {a: 2, b: 3}}", "{a: 1, b: 3}"},
        Case{"<<: [{<<: {a: 1}}, {a: 2}]", "{a: 1}"},
        Case{"[{<<: {a: 1}}, [{<<: {b: 2}}]]", "[{a: 1}, [{b: 2}]]"},
        Case{"x: &x {a: 1, b: {c: 2}}\ny: &y {<<: *x, a: 3}\nz: {<<: *y, d: 4}",
             "{x: {a: 1, b: {c: 2}}, y: {a: 3, b: {c: 2}}, z: {d: 4, a: 3, b: {c: 2}}}"},
        Case{"x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*y, *x]}",
             "{x: {a: 1}, y: {a: 2, b: 2}, z: {a: 2, b: 2}}"},
        // Nor is a key in quotes one that merges, be it itself merged or a neighbour's.
        Case{"\"<<\": {a: 1}", "{<<: {a: 1}}"}, Case{"'<<': x", "{<<: x}"},
        Case{"!!str <<: x", "{<<: x}"},
        Case{"x: &x {\"<<\": 1}\ny: {<<: *x}", "{x: {<<: 1}, y: {<<: 1}}"},
        // A value is no key.
        Case{"a: <<", "{a: <<}"}, Case{"[<<]", "[<<]"}));

TEST(MergedValues, KeepTheirPlaces) {
  const Merged merged = merge("x: &x {a: 1}\ny: {<<: *x}", pid1::testing::dump_with_marks);
  EXPECT_EQ(merged.tree, "{x@1:1: {a@1:8: 1@1:11}@1:4, y@2:1: {a@1:8: 1@1:11^2:9}@2:4}@1:1");
}

class WrongMerge : public ::testing::TestWithParam<Case> {};

TEST_P(WrongMerge, IsAnErrorWhereItIsWritten) {
  const Merged merged = merge(GetParam().text);
  ASSERT_EQ(merged.diagnostics.all().size(), 1u);
  const Diagnostic& error = merged.diagnostics.all().front();
  EXPECT_EQ(std::to_string(error.mark.line) + ':' + std::to_string(error.mark.column) + ": " +
                error.message,
            GetParam().tree);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongMerge,
    ::testing::Values(
        Case{"<<: x", "1:5: expected a mapping or a list of mappings to merge, found a string"},
        Case{"a: 1\n<<:", "2:1: expected a mapping or a list of mappings to merge, found null"},
        Case{"<<: [{a: 1}, b]",
             "1:14: expected a mapping or a list of mappings to merge, found a string"},
        Case{"<<: [[{a: 1}]]",
             "1:6: expected a mapping or a list of mappings to merge, found a list"},
        Case{"a: &a x\nb:\n  <<: *a",
             "3:7: expected a mapping or a list of mappings to merge, found a string"}));

TEST(WrongMerge, DoesntKeepTheOthersFromBeingMerged) {
  EXPECT_EQ(merge("<<: [{a: 1}, b, {c: 2}]").tree, "{a: 1, c: 2}");
}

}  // namespace
}  // namespace pid1::config
