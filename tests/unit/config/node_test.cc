#include "config/node.h"

#include <gtest/gtest.h>

#include <utility>

namespace pid1::config {
namespace {

Node scalar(std::string text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  return node;
}

Node mapping() {
  Node node;
  node.kind = Node::Kind::mapping;
  node.entries.push_back({"a", {}, scalar("1")});
  node.entries.push_back({"b", {}, scalar("2")});
  return node;
}

TEST(Node, FindsTheValueOfAKey) {
  const Node node = mapping();
  ASSERT_NE(node.find("b"), nullptr);
  EXPECT_EQ(node.find("b")->text, "2");
  EXPECT_EQ(node.find("c"), nullptr);
}

TEST(Node, LetsAFoundValueBeChanged) {
  Node node = mapping();
  ASSERT_NE(node.find("a"), nullptr);
  node.find("a")->text = "9";
  EXPECT_EQ(node.entries[0].value.text, "9");
}

TEST(Node, FindsNothingInWhatIsNoMapping) {
  EXPECT_EQ(scalar("a").find("a"), nullptr);
  EXPECT_EQ(Node().find(""), nullptr);
}

TEST(Node, IsNullUntilItIsGivenAKind) { EXPECT_TRUE(Node().is_null()); }

TEST(Node, NamesEveryKindForAPerson) {
  EXPECT_EQ(describe(Node::Kind::null), "null");
  EXPECT_EQ(describe(Node::Kind::scalar), "a string");
  EXPECT_EQ(describe(Node::Kind::sequence), "a list");
  EXPECT_EQ(describe(Node::Kind::mapping), "a mapping");
}

}  // namespace
}  // namespace pid1::config
