#include "supervisor/epilogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pid1::supervisor {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr Time kStart{std::chrono::seconds(1)};
constexpr ServiceId kDb{0};
constexpr ServiceId kWeb{1};
constexpr Generation kFirst{1};
const Epilogue kEpilogue{.code = 3,
                         .began = kStart,
                         .services = kStart + milliseconds(12),
                         .ended = kStart + milliseconds(15)};

// db, which isn't restarted, and web, which needs it.
Plan plan(EndAction db_on_failure, Condition condition) {
  ServiceSpec db;
  db.name = "db";
  db.restart.condition = RestartCondition::never;
  db.on_failure = db_on_failure;
  ServiceSpec web;
  web.name = "web";
  web.depends_on = {{.service = "db", .condition = condition}};
  return std::get<Plan>(Plan::create({db, web}));
}

class EpilogueTest : public ::testing::Test {
 protected:
  void hear(const std::vector<Event>& events) {
    for (const Event& event : events) core->handle(event, kStart, commands);
  }
  std::string line() const { return last_line(*core, epilogue, voice); }
  boost::json::object json() const {
    return boost::json::parse(termination_json(*core, epilogue)).as_object();
  }
  void begin(EndAction db_on_failure, Condition condition = Condition::started) {
    plan_ = plan(db_on_failure, condition);
    core.emplace(*plan_);
    hear({Booted{}});
  }

  Epilogue epilogue = kEpilogue;
  Voice voice = Voice::supervisor;
  std::optional<Plan> plan_;
  std::optional<Orchestrator> core;
  Commands commands;
};

TEST_F(EpilogueTest, NamesWhoAskedForTheEnd) {
  begin(EndAction::shutdown);
  hear({SignalReceived{.signo = 15, .sender_pid = 7, .sender_uid = 1000}});
  EXPECT_THAT(line(), HasSubstr("stopped: SIGTERM from pid 7, uid 1000; services gone after 12ms, "
                                "all else after 15ms; exit code 3"));
  EXPECT_EQ(json().at("cause"), "asked");
  EXPECT_EQ(json().at("signal"), "SIGTERM");
  EXPECT_EQ(json().at("sender_uid"), 1000);
}

TEST_F(EpilogueTest, TellsASignalFromOutsideTheContainer) {
  begin(EndAction::shutdown);
  hear({SignalReceived{.signo = 15}});
  EXPECT_THAT(line(), HasSubstr("SIGTERM from outside the container"));
}

TEST_F(EpilogueTest, NamesTheServiceThatFailedAndHowItEnded) {
  begin(EndAction::shutdown);
  hear({Spawned{kDb, kFirst}, ProcessEnded{kDb, kFirst, Signaled{11, true}}});
  EXPECT_THAT(line(), HasSubstr("db failed: it was killed by SIGSEGV (core dumped)"));
  EXPECT_EQ(json().at("service"), "db");
  EXPECT_EQ(json().at("service_signal"), "SIGSEGV");
}

TEST_F(EpilogueTest, DoesNotSayThatAProgramExitedWhichNeverRan) {
  begin(EndAction::shutdown);
  hear({SpawnFailed{kDb, kFirst, SpawnFault::service, 127}});
  EXPECT_THAT(line(), HasSubstr("db failed: it could not be started"));
  EXPECT_FALSE(json().contains("service_exit_code"));
}

TEST_F(EpilogueTest, BlamesTheDependencyForADependentThatCouldNotStart) {
  begin(EndAction::ignore, Condition::completed);
  hear({Spawned{kDb, kFirst}, ProcessEnded{kDb, kFirst, Exited{5}}});
  EXPECT_THAT(line(), HasSubstr("web failed: it depends on db, which exited with code 5"));
  EXPECT_EQ(json().at("service"), "web");
  EXPECT_EQ(json().at("because_of"), "db");
  EXPECT_EQ(json().at("service_exit_code"), 5);
}

TEST_F(EpilogueTest, SaysWhereEverythingHadToBeKilled) {
  begin(EndAction::shutdown);
  hear({Spawned{kDb, kFirst}, SignalReceived{.signo = 2}, SignalReceived{.signo = 2}});
  EXPECT_THAT(line(), HasSubstr("by force"));
  EXPECT_EQ(json().at("forced"), true);
}

TEST_F(EpilogueTest, SaysWhyAServiceCouldNotBeStarted) {
  begin(EndAction::shutdown);
  hear({SpawnFailed{kDb, kFirst, SpawnFault::service, 127}});
  epilogue.launch_errors = {{kDb, "cannot run postgres: program not found"}};
  EXPECT_THAT(line(), HasSubstr("db failed: it could not be started: cannot run postgres: program "
                                "not found; services gone"));
  EXPECT_EQ(json().at("service_error"), "cannot run postgres: program not found");
}

TEST_F(EpilogueTest, NamesTheServiceThatAskedForTheEnd) {
  begin(EndAction::shutdown);
  hear({SignalReceived{.signo = 15, .sender_pid = 7, .sender_uid = 0}});
  epilogue.asked_by = kDb;
  EXPECT_THAT(line(), HasSubstr("stopped: SIGTERM from db, pid 7, uid 0;"));
  EXPECT_EQ(json().at("sender_service"), "db");
}

TEST_F(EpilogueTest, NamesWhoHadToBeKilled) {
  begin(EndAction::shutdown);
  hear({SignalReceived{.signo = 15}});
  EXPECT_TRUE(json().at("killed").as_array().empty());
  epilogue.killed = {kDb, kWeb};
  EXPECT_THAT(line(), HasSubstr("all else after 15ms; killed: db, web; exit code 3"));
  EXPECT_EQ(json().at("killed"), (boost::json::array{"db", "web"}));
}

TEST_F(EpilogueTest, SpeaksOfTheProgramWhereThereIsOne) {
  voice = Voice::one_program;
  begin(EndAction::shutdown);
  hear({SignalReceived{.signo = 15}});
  EXPECT_THAT(line(), HasSubstr("; program gone after 12ms, all else after 15ms; exit code 3"));
}

TEST_F(EpilogueTest, IsUtf8WhateverANameHolds) {
  ServiceSpec program;
  program.name = "caf\xe9";
  program.restart.condition = RestartCondition::never;
  plan_ = std::get<Plan>(Plan::create({program}));
  core.emplace(*plan_);
  hear({Booted{}, SpawnFailed{kDb, kFirst, SpawnFault::service, 127}});
  epilogue.launch_errors = {{kDb, "cannot run /caf\xe9/app"}};
  epilogue.killed = {kDb};
  EXPECT_EQ(json().at("service"), "caf\\xe9");
  EXPECT_EQ(json().at("service_error"), "cannot run /caf\\xe9/app");
  EXPECT_EQ(json().at("killed"), (boost::json::array{"caf\\xe9"}));
  EXPECT_THAT(termination_json(*core, epilogue), ::testing::Not(HasSubstr("\xe9")));
}

}  // namespace
}  // namespace pid1::supervisor
