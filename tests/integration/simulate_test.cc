#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr const char* kShop =
    "services:\n"
    "  db: {command: probe db, stop_grace_period: 1h}\n"
    "  web: {command: probe web, restart: 'no', depends_on: [db]}\n";

Container simulated(std::vector<std::string> words) {
  std::vector<std::string> args{"simulate", "--config", "shop.yaml"};
  args.insert(args.end(), words.begin(), words.end());
  return Container{.args = std::move(args), .files = {{"shop.yaml", kShop}}, .argv0 = "pid1ctl"};
}

boost::json::object timeline(std::vector<std::string> words) {
  words.emplace_back("--json");
  Pid1 pid1(simulated(std::move(words)));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.err(), "");
  return boost::json::parse(pid1.out()).as_object();
}

bool has(const boost::json::object& line, const char* event, const char* service,
         std::int64_t at_us) {
  for (const auto& entry : line.at("events").as_array()) {
    const auto& one = entry.as_object();
    if (one.contains("service") && one.at("event") == event && one.at("service") == service &&
        one.at("at_us") == at_us) {
      return true;
    }
  }
  return false;
}

TEST(Simulate, TellsTheTimeLineAndRunsNothing) {
  Pid1 pid1(simulated({}));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_NE(pid1.out().find("      0s  db: started\n      0s  web: started\n"), std::string::npos)
      << pid1.out();
  EXPECT_NE(pid1.out().find("exit code 0\n"), std::string::npos) << pid1.out();
  EXPECT_TRUE(pid1.events().empty());
}

TEST(Simulate, EndsAServiceWhenItIsToldTo) {
  const auto line = timeline({"--fail", "web@30s:3"});
  EXPECT_TRUE(has(line, "failed", "web", 30'000'000));
  EXPECT_EQ(line.at("exit_code"), 3);
  EXPECT_EQ(line.at("end").at("cause"), "service_failed");
}

TEST(Simulate, LetsSigkillComeFromUsWithinTheBudget) {
  const auto line = timeline({"--deaf", "web", "--deaf", "db", "--stop-at", "1m"});
  EXPECT_EQ(line.at("exit_code"), 0);
  EXPECT_EQ(line.at("end").at("killed"), (boost::json::array{"db", "web"}));
}

TEST(Simulate, LooksNoFurtherThanItIsTold) {
  const auto line = timeline({"--until", "10s"});
  EXPECT_TRUE(line.at("exit_code").is_null());
  EXPECT_EQ(line.at("services").at("web"), "running");
}

TEST(Simulate, TellsOfWhatCouldNotHappen) {
  const auto line = timeline({"--fail", "web@1s", "--fail", "web@2s"});
  EXPECT_EQ(line.at("missed"), boost::json::array{}) << "the container had ended by then";
  const auto stays = timeline({"--fail", "db@10ms:1", "--fail", "db@20ms:1"});
  EXPECT_EQ(stays.at("missed"),
            boost::json::array{"db does not run at 20ms, and could not end then"});
}

TEST(Simulate, EndsWith64WhereNoServiceIsMeant) {
  Pid1 nobody(simulated({"--deaf", "redis"}));
  EXPECT_EQ(nobody.wait(), 64);
  EXPECT_NE(nobody.err().find("no service redis"), std::string::npos) << nobody.err();
  Pid1 healthless(simulated({"--unhealthy", "web@1s"}));
  EXPECT_EQ(healthless.wait(), 64);
  EXPECT_NE(healthless.err().find("web has no healthcheck"), std::string::npos);
}

TEST(Simulate, EndsWith64WhereATimeIsNone) {
  for (const char* word : {"web", "web@soon", "web@1s:300", "@1s"}) {
    Pid1 pid1(simulated({"--fail", word}));
    EXPECT_EQ(pid1.wait(), 64) << word;
    EXPECT_NE(pid1.err().find(word), std::string::npos) << pid1.err();
  }
}

}  // namespace

}  // namespace pid1::testing
