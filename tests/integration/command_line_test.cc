#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

::testing::AssertionResult holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected \"" << part << "\" in:\n" << text;
}

Container pid1ctl(std::vector<std::string> args, const std::string& content) {
  return Container{.args = std::move(args), .files = {{"shop.yaml", content}}, .argv0 = "pid1ctl"};
}

constexpr const char* kGood = "services: {web: {command: serve --fast, environment: [A=1]}}\n";
constexpr const char* kTwiceBad =
    "services:\n"
    "  web:\n"
    "    comand: serve\n"
    "    command: serve\n"
    "  db: {command: db, restart: sometimes}\n";

TEST(CommandLine, TellsItsVersion) {
  Pid1 pid1(Container{.args = {"--version"}});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(pid1.out(), "pid1"));
  EXPECT_EQ(pid1.err(), "");
}

TEST(CommandLine, HelpsOnStandardOutput) {
  Pid1 pid1(Container{.args = {"--help"}});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(pid1.out(), "--config"));
  EXPECT_TRUE(holds(pid1.out(), "--check"));
  EXPECT_EQ(pid1.err(), "");
}

TEST(CommandLine, EndsWith64WhereItIsMisused) {
  for (const char* word : {"--no-such-flag", "--config"}) {
    Pid1 pid1(Container{.args = {word}});
    EXPECT_EQ(pid1.wait(), 64);
    EXPECT_TRUE(holds(pid1.err(), word));
  }
}

TEST(CommandLine, EndsWith64WhereTheLevelIsNone) {
  Pid1 pid1(Container{.config = kGood, .args = {"--log-level", "loud"}});
  EXPECT_EQ(pid1.wait(), 64);
  EXPECT_TRUE(holds(pid1.err(), "debug, info, warning or error"));
}

TEST(CommandLine, EndsWith78WhereThereIsNoFile) {
  Pid1 pid1(Container{.args = {"--config", "/nowhere/pid1.yaml"}});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_TRUE(holds(pid1.err(), "/nowhere/pid1.yaml"));
}

TEST(CommandLine, FindsTheFileThroughTheEnvironment) {
  Pid1 pid1(Container{.environment = {{"PID1_CONFIG", "/nowhere/else.yaml"}}});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_TRUE(holds(pid1.err(), "/nowhere/else.yaml"));
}

TEST(CommandLine, TellsEveryErrorAtOnceAndStartsNothing) {
  Pid1 pid1(Container{.config = kTwiceBad});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_TRUE(holds(pid1.err(), "pid1.yaml:3:5: error: "));
  EXPECT_TRUE(holds(pid1.err(), "pid1.yaml:5:30: error: "));
  EXPECT_TRUE(pid1.events().empty());
}

TEST(Check, AgreesToAGoodFileAndStartsNothing) {
  Pid1 pid1(Container{.config = "services: {web: {command: probe web}}", .args = {"--check"}});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(pid1.events().empty());
}

TEST(Check, TellsErrorsLikeAStart) {
  Pid1 pid1(Container{.config = kTwiceBad, .args = {"--check"}});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_TRUE(holds(pid1.err(), "pid1.yaml:3:5: error: "));
  EXPECT_TRUE(holds(pid1.err(), "pid1.yaml:5:30: error: "));
}

TEST(Check, WarnsWithoutRefusing) {
  Pid1 pid1(Container{.config = "version: \"3\"\nservices: {web: {command: serve}}\n",
                      .args = {"--check"}});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(pid1.err(), "pid1.yaml:1:1: warning: "));
}

TEST(Pid1ctl, ChecksAFile) {
  EXPECT_EQ(Pid1(pid1ctl({"check", "shop.yaml"}, kGood)).wait(), 0);
  Pid1 bad(pid1ctl({"check", "shop.yaml"}, kTwiceBad));
  EXPECT_EQ(bad.wait(), 78);
  EXPECT_TRUE(holds(bad.err(), "shop.yaml:3:5: error: "));
  EXPECT_TRUE(holds(bad.err(), "shop.yaml:5:30: error: "));
}

TEST(Pid1ctl, ShowsAConfigurationResolved) {
  Pid1 pid1(pid1ctl({"config", "--json", "shop.yaml"}, kGood));
  EXPECT_EQ(pid1.wait(), 0);
  const auto web = boost::json::parse(pid1.out()).at("services").at("web");
  EXPECT_EQ(web.at("command"), (boost::json::array{"serve", "--fast"}));
  EXPECT_EQ(web.at("environment").at("A"), "1");
}

TEST(Pid1ctl, ShowsAConfigurationThatMeansTheSameAgain) {
  Pid1 first(pid1ctl({"config", "shop.yaml"}, kGood));
  EXPECT_EQ(first.wait(), 0);
  Pid1 second(pid1ctl({"config", "shop.yaml"}, first.out()));
  EXPECT_EQ(second.wait(), 0);
  EXPECT_EQ(first.out(), second.out());
}

TEST(Pid1ctl, EndsWith64WithoutACommand) {
  EXPECT_EQ(Pid1(pid1ctl({}, kGood)).wait(), 64);
  EXPECT_EQ(Pid1(pid1ctl({"chekc"}, kGood)).wait(), 64);
}

}  // namespace

}  // namespace pid1::testing
