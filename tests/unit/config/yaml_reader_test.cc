#include "config/yaml_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "tests/support/yaml_dump.h"

namespace pid1::config {
namespace {

using pid1::testing::dump;
using pid1::testing::dump_with_marks;

SourcePtr source(std::string_view text) {
  return std::make_shared<Source>(Source{"f", std::string(text)});
}

// What was read, or every error as "line:column: message".
std::string read(std::string_view text, std::string (*show)(const Node&) = dump,
                 const YamlLimits& limits = {}) {
  Diagnostics diagnostics;
  const std::optional<Node> node = read_yaml(source(text), diagnostics, limits);
  EXPECT_TRUE(node.has_value() || diagnostics.has_errors());
  if (!diagnostics.has_errors()) return show(*node);
  std::string out;
  for (const Diagnostic& one : diagnostics.all()) {
    if (!out.empty()) out += '\n';
    out +=
        std::to_string(one.mark.line) + ':' + std::to_string(one.mark.column) + ": " + one.message;
  }
  return out;
}

struct Case {
  std::string_view text;
  std::string_view result;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << ::testing::PrintToString(one.text);
}

class Reads : public ::testing::TestWithParam<Case> {};
TEST_P(Reads, Values) { EXPECT_EQ(read(GetParam().text), GetParam().result); }

INSTANTIATE_TEST_SUITE_P(
    Documents, Reads,
    ::testing::Values(Case{"", "null"}, Case{"\n\n", "null"}, Case{"# only a comment", "null"},
                      Case{"# one\n\n  # two\n", "null"}, Case{"---\n", "null"},
                      Case{"--- a\n...\n", "a"}, Case{"...", "null"}, Case{"   ", "null"},
                      Case{"%YAML 1.2\n---\na: 1\n", "{a: 1}"}, Case{"a: 1", "{a: 1}"},
                      Case{"a: 1\n...\n...\n# end\n", "{a: 1}"},
                      Case{"\xEF\xBB\xBF"
                           "a: 1\n",
                           "{a: 1}"},
                      Case{"\xEF\xBB\xBF", "null"},
                      Case{"a: 1\r\nb:\r\n  - c\r\n", "{a: 1, b: [c]}"}, Case{"x", "x"},
                      Case{"{\"a\":1}", "{a: 1}"}));

INSTANTIATE_TEST_SUITE_P(
    Scalars, Reads,
    ::testing::Values(
        Case{"[~, null, Null, NULL, ]", "[null, null, null, null]"},
        Case{"a:\nb: \nc: x", "{a: null, b: null, c: x}"}, Case{"-\n- x\n-", "[null, x, null]"},
        Case{"[nULL, 'null', \"~\", nullx]", "[nULL, \"null\", \"~\", nullx]"},
        Case{"[yes, no, on, 010, 0x1F, 1e3, .5]", "[yes, no, on, 010, 0x1F, 1e3, .5]"},
        Case{"[true, !!str true, ! 5, !!str ]", "[true, \"true\", \"5\", \"\"]"},
        Case{"'it''s'", "\"it's\""}, Case{"\"a\\tb\\x41\\u00e9\\\"\"", "\"a\tbA\u00e9\"\""},
        Case{"a: x\n  y\n\n  z", "{a: x y\nz}"}, Case{"a: \"x\n  y\"", "{a: \"x y\"}"},
        Case{"a: |\n  x\n  y\n", "{a: |x\ny\n|}"}, Case{"a: |-\n  x\n\n", "{a: |x|}"},
        Case{"a: |+\n  x\n\n", "{a: |x\n\n|}"}, Case{"a: >\n  x\n  y\n", "{a: |x y\n|}"},
        Case{"a: |\r\n  x\r\n  y\r\n", "{a: |x\ny\n|}"}, Case{"a: |2\n    x\n", "{a: |  x\n|}"},
        Case{"a: !!str |\n  x\n", "{a: |x\n|}"}, Case{"a: &x\n  \"q\"\n", "{a: \"q\"}"},
        Case{"a: http://x/#y # c", "{a: http://x/#y}"}, Case{"a: x\ty", "{a: x\ty}"},
        Case{"é: \xF0\x9F\x98\x80", "{é: \xF0\x9F\x98\x80}"},
        Case{"'q': 1\n\"r\": 2\n3: 4\n", "{q: 1, r: 2, 3: 4}"}));

INSTANTIATE_TEST_SUITE_P(
    Collections, Reads,
    ::testing::Values(
        Case{"[]", "[]"}, Case{"{}", "{}"}, Case{"[a, [b], {c: d}]", "[a, [b], {c: d}]"},
        Case{"a:\n- 1\n- 2\n", "{a: [1, 2]}"}, Case{"- - a\n  - b\n- c", "[[a, b], c]"},
        Case{"- a: 1\n  b: 2\n", "[{a: 1, b: 2}]"}, Case{"[a: b]", "[{a: b}]"},
        Case{"{a, b: }", "{a: null, b: null}"},
        Case{"a: b\n? c\n? &x d\n?\n  # e\n  !!str f\n", "{a: b, c: null, d: null, f: null}"},
        Case{"- ? c", "[{c: null}]"},
        Case{"a : \n'b' :\n&x c :\n!!str d:", "{a: null, b: null, c: null, d: null}"},
        Case{"a b:\né:\n\"\\u00e9 x\":\n", "{a b: null, é: null, é x: null}"},
        Case{"? a\n: b", "{a: b}"}, Case{"!!map {a: !!seq [b]}", "{a: [b]}"},
        Case{"a: 1\n<<: {b: 2}\n", "{a: 1, <<: {b: 2}}"}));

INSTANTIATE_TEST_SUITE_P(
    Aliases, Reads,
    ::testing::Values(Case{"a: &x 1\nb: *x", "{a: 1, b: 1}"},
                      Case{"a: &x\nb: *x", "{a: null, b: null}"},
                      Case{"a: &x \"1\"\nb: *x", "{a: \"1\", b: \"1\"}"},
                      Case{"&x a: 1\nb: *x", "{a: 1, b: a}"},
                      Case{"[&x 1, *x, &x 2, *x]", "[1, 1, 2, 2]"},
                      Case{"a: &x {b: &y [c], d: *y}\ne: [*y, *x]",
                           "{a: {b: [c], d: [c]}, e: [[c], {b: [c], d: [c]}]}"},
                      Case{"- a: [0, &x {k: v}]\n  b: {c: {d: *x}}\n- *x",
                           "[{a: [0, {k: v}], b: {c: {d: {k: v}}}}, {k: v}]"},
                      Case{"- &x [1]\n- - *x\n  - &y [*x]\n- *y", "[[1], [[1], [[1]]], [[1]]]"}));

INSTANTIATE_TEST_SUITE_P(
    TabsThatDontIndent, Reads,
    ::testing::Values(Case{"{\n\t\"a\": [\n\t\t\"b\"\n\t]\n}\n", "{a: [\"b\"]}"},
                      Case{"a: |\n  \tx\n  y\n", "{a: |\tx\ny\n|}"},
                      Case{"a: |\n \tx\n", "{a: |\tx\n|}"},
                      Case{"- a: |\n    x\n    \ty\n- b", "[{a: |x\n\ty\n|}, b]"},
                      Case{"a: \"x\n\ty\"", "{a: \"x y\"}"},
                      Case{"a: 'x\n\t y'\nb: 1", "{a: \"x y\", b: 1}"},
                      Case{"a: &k !!str \"x\n\ty\"", "{a: \"x y\"}"}, Case{"a:\tb", "{a: b}"},
                      Case{"a: b\t# c\n\t\n\t# d\n", "{a: b}"}, Case{"a: [b,\n\t]", "{a: [b]}"}));

class Refuses : public ::testing::TestWithParam<Case> {};
TEST_P(Refuses, WithThePlace) { EXPECT_EQ(read(GetParam().text), GetParam().result); }

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Characters, Refuses,
    ::testing::Values(
        Case{"a: b\rc: d\n", "1:5: a carriage return without a newline"},
        Case{"a: b\r", "1:5: a carriage return without a newline"},
        Case{"a: b\r\r\n", "1:5: a carriage return without a newline"},
        Case{"a: \xFF", "1:4: a byte that isn't UTF-8"},
        Case{"a: \xC3", "1:4: a byte that isn't UTF-8"},
        Case{"a: \xC3\n", "1:4: a byte that isn't UTF-8"},
        Case{"a: \xC0\xAF", "1:4: a byte that isn't UTF-8"},          // overlong
        Case{"a: \xE0\x80\xAF", "1:4: a byte that isn't UTF-8"},      // overlong
        Case{"a: \xED\xA0\x80", "1:4: a byte that isn't UTF-8"},      // a surrogate
        Case{"a: \xF4\x90\x80\x80", "1:4: a byte that isn't UTF-8"},  // above U+10FFFF
        Case{"a: \xF8\x88\x80\x80\x80", "1:4: a byte that isn't UTF-8"},
        Case{"a: b\nc: caf\xE9", "2:7: a byte that isn't UTF-8"},  // ISO 8859-1
        Case{"a\0b: c"sv, "1:1: the file isn't UTF-8 (it looks like UTF-16 or UTF-32)"},
        Case{"\xFF\xFE"
             "a\0"sv,
             "1:1: the file isn't UTF-8 (it looks like UTF-16 or UTF-32)"},
        Case{"\xFE\xFF\0a"sv, "1:1: the file isn't UTF-8 (it looks like UTF-16 or UTF-32)"},
        Case{"ab: c\0"sv, "1:6: a control character"},
        Case{"a: \x1B[1m", "1:4: a control character"}, Case{"a: \x04", "1:4: a control character"},
        Case{"a: \x7F", "1:4: a control character"},
        Case{"a: \xC2\x85", "1:4: a control character"},
        Case{"a: \x0C", "1:4: a control character"},
        Case{"a: \xEF\xBB\xBF", "1:4: a byte order mark inside the text"},
        Case{"\xEF\xBB\xBF\xEF\xBB\xBF", "1:1: a byte order mark inside the text"}));

INSTANTIATE_TEST_SUITE_P(Tabs, Refuses,
                         ::testing::Values(Case{"a:\n\tb: 1", "2:1: a tab as indentation"},
                                           Case{"a:\n\tb", "2:1: a tab as indentation"},
                                           Case{"a:\n  \tb: 1", "2:3: a tab as indentation"},
                                           Case{"- a\n\t- b", "2:1: a tab as indentation"},
                                           Case{"- a\n\tb", "2:1: a tab as indentation"},
                                           Case{"\ta: 1", "1:1: a tab as indentation"},
                                           Case{"a: |\n\tx", "2:1: a tab as indentation"},
                                           Case{"a: |\n  x\n\ty\n", "3:1: a tab as indentation"},
                                           Case{"a: [b]\nc:\n\td", "3:1: a tab as indentation"},
                                           Case{"a: 'x\n\ty'\nb:\n\tc: d",
                                                "4:1: a tab as indentation"},
                                           Case{"a:\r\n\tb\r\n", "2:1: a tab as indentation"}));

INSTANTIATE_TEST_SUITE_P(
    Quotes, Refuses,
    ::testing::Values(Case{"a: \"foo", "1:4: a quote that is never closed"},
                      Case{"a: 'foo", "1:4: a quote that is never closed"},
                      Case{"a: \"foo\nb: 1\nc: 2\n", "1:4: a quote that is never closed"},
                      Case{"a: \"foo\\\"\nb: 1\n", "1:4: a quote that is never closed"},
                      Case{"a: 'it''s\n", "1:4: a quote that is never closed"},
                      Case{"a: 'x'\nb: [\"y\", \"z]\n", "2:10: a quote that is never closed"},
                      Case{"a: it's # don't\nb: \"\n", "2:4: a quote that is never closed"},
                      Case{"\"", "1:1: a quote that is never closed"},
                      Case{"é: \"", "1:5: a quote that is never closed"},
                      Case{"a: \"x\n---\n\"", "1:4: a quote that is never closed"}));

INSTANTIATE_TEST_SUITE_P(
    Brackets, Refuses,
    ::testing::Values(Case{"a: [1, 2", "1:4: a '[' that is never closed"},
                      Case{"a: [1, 2\nb: 3\n", "2:2: expected ',' or ']' in the list"},
                      Case{"a: [1,\nb: 3\n", "1:4: a '[' that is never closed"},
                      Case{"a: {b: 1", "1:4: a '{' that is never closed"},
                      Case{"a: [b, {c: d}", "1:4: a '[' that is never closed"},
                      Case{"a: [b, {c: d]", "1:13: a closing bracket that nothing opened"},
                      Case{"a: [\"b\" c]", "1:9: expected ',' or ']' in the list"},
                      Case{"a: {b: \"c\" d}", "1:12: expected ',' or '}' in the mapping"},
                      Case{"a: ]", "1:4: a closing bracket that nothing opened"}));

INSTANTIATE_TEST_SUITE_P(
    DocumentsBesideTheFirst, Refuses,
    ::testing::Values(Case{"a: 1\n---\nb: 2", "2:1: a second document in one file"},
                      Case{"---\n---\n", "2:1: a second document in one file"},
                      Case{"a: 1\n...\nb: 2", "3:1: text after the document's end"},
                      Case{"[a] b", "1:5: text after the document's end"},
                      Case{"  a: 1\n b: 2", "2:2: text after the document's end"},
                      Case{"a: 1\n---\n\"", "2:1: a second document in one file"},
                      Case{"%include x\na: 1", "1:1: an unknown directive"},
                      Case{"\n# c\n%YAML 1.2\n%FOO\n---\n", "4:1: an unknown directive"},
                      Case{"%YAML 2.0\n---\na", "1:1: a version of YAML that isn't known"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, Refuses,
    ::testing::Values(
        Case{"a: 1\nb: 2\na: 3", "3:1: the key \"a\" is given twice"},
        Case{"a: 1\n'a': 2\n\"a\": 3",
             "2:1: the key \"a\" is given twice\n3:1: the key \"a\" is given twice"},
        Case{"{a: {b: 1, b: 2}, c: [{d, d}]}",
             "1:12: the key \"b\" is given twice\n1:27: the key \"d\" is given twice"},
        Case{"a: 1\nfoo\n", "2:1: expected ':' behind the key \"foo\""},
        Case{"a: 1\nfoo\nb: 2", "3:2: a ':' that isn't allowed here"},
        Case{"a:\n  b: 1\n  - c", "3:3: expected another key of the mapping or its end"},
        Case{"a: why ?\nfoo\n", "2:1: expected ':' behind the key \"foo\""},
        Case{"a:\r\n  b: c\r\n  d e\r\n", "3:3: expected ':' behind the key \"d e\""},
        Case{"[a, , b]", "1:5: expected a value before ','"},
        Case{"a: [, b]", "1:5: expected a value before ','"},
        Case{"{a: 1,, b: 2}", "1:7: expected a string as key"},
        Case{"[a]: 1", "1:1: expected a string as key"},
        Case{"{a: b}: 1", "1:1: expected a string as key"},
        Case{"a: {{ b }}", "1:5: expected a string as key"},
        Case{": 1", "1:1: expected a string as key"}, Case{"~: 1", "1:1: expected a string as key"},
        Case{"a: &x b\n*x : c", "2:1: expected a string as key"}));

class RefusesAComma : public ::testing::TestWithParam<Case> {};
TEST_P(RefusesAComma, WithThePlaceOfTheValue) {
  EXPECT_EQ(read(GetParam().text),
            std::string(GetParam().result) + ": a value with a comma inside {} must be quoted");
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusesAComma,
                         ::testing::Values(Case{"{A: x, y}", "1:5"}, Case{"{A: x,y }", "1:5"},
                                           Case{"{A: 1, x y, z}", "1:5"},
                                           Case{"a: {\n  b: x, 'y', c: d}", "2:6"},
                                           Case{"[a: 1, {b: x, y}]", "1:12"}));

INSTANTIATE_TEST_SUITE_P(KeysWithoutAValue, Reads,
                         ::testing::Values(Case{"{a, b}", "{a: null, b: null}"},
                                           Case{"{a: 1, b:}", "{a: 1, b: null}"},
                                           Case{"{a: 1, b: }", "{a: 1, b: null}"},
                                           Case{"{a: \"x\", b}", "{a: \"x\", b: null}"},
                                           Case{"{a: [x], b}", "{a: [x], b: null}"},
                                           Case{"{a: 1,\n b}", "{a: 1, b: null}"},
                                           Case{"[&x 1, {a: *x, b}]", "[1, {a: 1, b: null}]"}));

TEST(Errors, SayHowToWriteAComma) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_yaml(source("web: {command: echo a, b c, restart: no}\n"), diagnostics));
  EXPECT_EQ(
      render(diagnostics),
      "f:1:16: error: a value with a comma inside {} must be quoted\n"
      "web: {command: echo a, b c, restart: no}\n"
      "               ^\n"
      "hint: write \"echo a, b c\", or, where \"b c\" is a key without a value, ':' behind it\n");
}

INSTANTIATE_TEST_SUITE_P(
    Anchors, Refuses,
    ::testing::Values(Case{"a: *x", "1:4: an alias to an anchor that isn't defined before it"},
                      Case{"a: *x\nb: &x 1",
                           "1:4: an alias to an anchor that isn't defined before it"},
                      Case{"&a [*a]", "1:5: an alias to what it is a part of"},
                      Case{"a: &x {b: [c, *x]}", "1:15: an alias to what it is a part of"},
                      Case{"a: &x 1\nb: &x [*x]", "2:8: an alias to what it is a part of"},
                      Case{"a: *", "1:5: an alias without a name"},
                      Case{"a: &x &y b", "1:7: two anchors for one value"},
                      Case{"a: !!int 5", "1:4: the tag !!int means nothing here"},
                      Case{"a: !reset [x]", "1:4: the tag !reset means nothing here"},
                      Case{"a: !!seq {}", "1:4: the tag !!seq means nothing here"},
                      Case{"!2", "1:1: the tag !2 means nothing here"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, Refuses,
    ::testing::Values(Case{"a: b: c", "1:5: a ':' that isn't allowed here"},
                      Case{"a: 1\n b: 2", "2:3: a ':' that isn't allowed here"},
                      Case{"a: 1\n- b", "2:1: expected another key of the mapping or its end"},
                      Case{"- a\nb: 1", "2:1: text after the document's end"},
                      Case{"a:\n  - b\n  c: d",
                           "3:3: expected another key of the mapping or its end"},
                      Case{"a: - b", "1:4: a list item that isn't allowed here"},
                      Case{"a: \"x\" y", "1:8: unexpected text after a value"},
                      Case{"a: @x", "1:4: a value can't begin with @"},
                      Case{"a: `x`", "1:4: a value can't begin with `"},
                      Case{"a: %x", "1:4: a value can't begin with %"},
                      Case{"a: \"\\d\"", "1:7: an unknown escape in double quotes"},
                      Case{"a: \"\\xZZ\"", "1:9: an escape with a wrong hexadecimal digit"},
                      Case{"a: \"\\ud800\"", "1:11: an escape for what is no Unicode character"},
                      Case{"a: | x", "1:6: unexpected text after | or >"},
                      Case{"a: |0\n  x", "1:6: an indentation of 0 after | or >"}));

class Marks : public ::testing::TestWithParam<Case> {};
TEST_P(Marks, ArePutWhereAPersonLooks) {
  EXPECT_EQ(read(GetParam().text, dump_with_marks), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Marks,
    ::testing::Values(
        Case{"", "null@1:1"}, Case{"a: b", "{a@1:1: b@1:4}@1:1"},
        Case{"a:\nb: ~\nc: null # x\n", "{a@1:1: null@1:1, b@2:1: null@2:4, c@3:1: null@3:4}@1:1"},
        Case{"a:\nnullable: 1\n", "{a@1:1: null@1:1, nullable@2:1: 1@2:11}@1:1"},
        Case{"- a\n-\n# c\n\n- # d\n- b\n-", "[a@1:3, null@2:1, null@5:1, b@6:3, null@7:1]@1:1"},
        Case{"{a, b: }", "{a@1:2: null@1:2, b@1:5: null@1:5}@1:1"},
        Case{"a: \"q\"\nb: 'r'", "{a@1:1: \"q\"@1:4, b@2:1: \"r\"@2:4}@1:1"},
        Case{"a: |\n  x\nb: >-\n  y\n", "{a@1:1: |x\n|@1:4, b@3:1: |y|@3:4}@1:1"},
        Case{"é: ü\n'€': x", "{é@1:1: ü@1:5, €@2:1: x@2:8}@1:1"},
        Case{"\xEF\xBB\xBF"
             "a: b",
             "{a@1:1: b@1:4}@1:1"},
        Case{"a:\r\n  b:\r\n    - c\r\n", "{a@1:1: {b@2:3: [c@3:7]@3:5}@2:3}@1:1"},
        Case{"a: &x {k: v}\nb: [*x]",
             "{a@1:1: {k@1:8: v@1:11}@1:4, b@2:1: [{k@1:8: v@1:11^2:5}@1:4^2:5]@2:4}@1:1"},
        Case{"- &x a\n- &y [*x]\n- *y", "[a@1:3, [a@1:3^2:7]@2:3, [a@1:3^3:3]@2:3^3:3]@1:1"}));

TEST(Limits, RefuseTooManyBytes) {
  EXPECT_EQ(read("abcd", dump, {.bytes = 3}), "0:0: larger than 3 bytes");
  EXPECT_EQ(read("abc", dump, {.bytes = 3}), "abc");
}

TEST(Limits, RefuseTooManyNodes) {
  EXPECT_EQ(read("[a, b, c]", dump, {.nodes = 4}), "[a, b, c]");
  EXPECT_EQ(read("[a, b, c]", dump, {.nodes = 3}),
            "1:8: more than 3 values, counted after aliases are expanded");
}

TEST(Limits, CountWhatAliasesBring) {
  EXPECT_EQ(read("[&x [a, b], *x]", dump, {.nodes = 7}), "[[a, b], [a, b]]");
  EXPECT_EQ(read("[&x [a, b], *x]", dump, {.nodes = 6}),
            "1:13: more than 6 values, counted after aliases are expanded");
}

TEST(Limits, RefuseABillionLaughs) {
  std::string text = "a0: &a0 [lol]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += alias + ", ";
    text += alias + "]\n";
  }
  EXPECT_NE(read(text).find("more than 500000 values"), std::string::npos);
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += text;
  return out;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Limits, RefuseWhatIsNestedTooDeeply) {
  EXPECT_EQ(read(nested(64)), nested(64));
  EXPECT_EQ(read(nested(65)), "1:65: nested more than 64 deep");
  EXPECT_EQ(read(nested(100'000)), "1:65: nested more than 64 deep");
  EXPECT_NE(read(std::string(100'000, '[')).find("nested more than 64 deep"), std::string::npos);
  EXPECT_NE(read(repeat("- ", 100'000)).find("nested more than 64 deep"), std::string::npos);
  EXPECT_NE(read(repeat("{a: ", 100'000)).find("nested more than 64 deep"), std::string::npos);
  EXPECT_NE(read(repeat("? ", 100'000)).find("nested more than 64 deep"), std::string::npos);
}

TEST(Limits, RefuseWhatAliasesNestTooDeeply) {
  EXPECT_EQ(read("[&x [[a]], *x]", dump, {.depth = 3}), "[[[a]], [[a]]]");
  EXPECT_EQ(read("[&x [[a]], [*x]]", dump, {.depth = 3}), "1:13: nested more than 3 deep");
}

TEST(Limits, LeaveRoomForAThousandServices) {
  std::string text = "services:\n";
  for (int i = 0; i < 1000; ++i) {
    text += "  s" + std::to_string(i) + ":\n    command: [a, b]\n    environment: {A: b}\n";
  }
  Diagnostics diagnostics;
  const std::optional<Node> node = read_yaml(source(text), diagnostics);
  ASSERT_TRUE(node);
  EXPECT_EQ(node->find("services")->entries.size(), 1000u);
}

TEST(DuplicateKey, NamesTheFirst) {
  Diagnostics diagnostics;
  read_yaml(source("x: 1\na: 1\nb: 2\na: 3\na: 4\n"), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 2u);
  EXPECT_EQ(diagnostics.all()[0].hint, "the first one is at line 2");
  EXPECT_EQ(diagnostics.all()[1].hint, "the first one is at line 2");
}

TEST(DuplicateKey, SaysHowToMergeSeveral) {
  Diagnostics diagnostics;
  read_yaml(source("a: &a {}\nb:\n  <<: *a\n  <<: *a\n"), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].hint,
            "the first one is at line 3; write <<: [*a, *b] for several");
}

TEST(DuplicateKey, IsFoundAmongMany) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "k" + std::to_string(i) + ": v\n";
  EXPECT_EQ(read(text + "k777: v\n"), "20001:1: the key \"k777\" is given twice");
}

TEST(DuplicateKey, LeavesATreeInWhichItIsThereOnce) {
  Diagnostics diagnostics;
  const auto node = read_yaml(source("a: {b: 1, c: [2]}\n"
                                     "d: 3\n"
                                     "a: {b: 4, c: [5], e: &e {f: 6, f: 7}}\n"
                                     "d: [8]\n"
                                     "g:\n"
                                     "g: !h 9\n"
                                     "i: *e\n"),
                              diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 5u);
  ASSERT_TRUE(node);
  EXPECT_EQ(dump(*node), "{a: {b: 1, c: [2, 5], e: {f: 6}}, d: 3, g: \"9\", i: {f: 6}}");
}

TEST(DuplicateKey, LeavesNoTreeWhereMoreIsWrong) {
  for (const char* text : {"a: 1\na: 2\nb: [", "a: 1\na: 2\n[b]: 1\n", "a: 1\na: 2\n--- b\n"}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(read_yaml(source(text), diagnostics)) << text;
  }
}

TEST(Errors, SayWhereAnUnclosedListBegins) {
  Diagnostics diagnostics;
  read_yaml(source("a: [1, 2\nb: 3\n"), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].hint, "close the list with ] (it begins at line 1)");
}

TEST(Errors, DontEchoControlCharactersOfKeys) {
  EXPECT_EQ(read("\"\\e[2J\": 1\n\"\\e[2J\": 2\n"), "2:1: the key \"\\x1b[2J\" is given twice");
}

TEST(Errors, AreAddedToThoseThatWereThere) {
  Diagnostics diagnostics;
  diagnostics.error({}, "before");
  EXPECT_TRUE(read_yaml(source("a: 1"), diagnostics).has_value());
  EXPECT_FALSE(read_yaml(source("a: ["), diagnostics).has_value());
  EXPECT_EQ(diagnostics.error_count(), 2u);
}

}  // namespace
}  // namespace pid1::config
