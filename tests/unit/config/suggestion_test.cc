#include "config/suggestion.h"

#include <gtest/gtest.h>

namespace pid1::config {
namespace {

TEST(EditDistance, CountsLettersThatAreAddedMissingChangedOrSwapped) {
  EXPECT_EQ(edit_distance("command", "command"), 0u);
  EXPECT_EQ(edit_distance("comand", "command"), 1u);
  EXPECT_EQ(edit_distance("commmand", "command"), 1u);
  EXPECT_EQ(edit_distance("commend", "command"), 1u);
  EXPECT_EQ(edit_distance("commnad", "command"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
}

TEST(EditDistance, TakesCapitalsForTheirLetters) {
  EXPECT_EQ(edit_distance("Command", "command"), 0u);
}

TEST(Suggestion, IsTheNearestCandidate) {
  const std::vector<std::string_view> names = {"user", "umask", "labels", "scale"};
  EXPECT_EQ(suggest("usr", names), "did you mean `user`?");
  EXPECT_EQ(suggest("lables", names), "did you mean `labels`?");
}

TEST(Suggestion, IsNothingWhereNoCandidateIsNear) {
  const std::vector<std::string_view> names = {"user", "umask"};
  EXPECT_EQ(suggest("replicas", names), "");
  EXPECT_EQ(suggest("", names), "");
  EXPECT_EQ(suggest(std::string(100'000, 'u'), names), "");
}

}  // namespace
}  // namespace pid1::config
