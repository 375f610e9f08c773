#include "config/main_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kServices =
    "services:\n"
    "  web: {command: a, restart: always}\n"
    "  db: {command: a, healthcheck: {test: x}}\n"
    "  queue: {command: a, readiness: notify}\n"
    "  migrate: {command: a, type: oneshot}\n"
    "  worker: {command: a, scale: 2}\n"
    "  none: {command: a, scale: 0}\n"
    "  off: {command: a, profiles: [never]}\n";

Plan load_with(const MainProgram& program, std::string_view text) {
  Loading loading;
  auto plan = loading.run(program).write("pid1.yaml", text).load();
  EXPECT_EQ(loading.messages(), "");
  return plan.value();
}

std::string refuse(std::string_view text) {
  Loading loading;
  EXPECT_FALSE(loading.run({{"sh"}, Input::own}).write("pid1.yaml", text).load());
  return loading.messages();
}

TEST(MainProgram, WaitsUntilEveryServiceIsAsReadyAsItCanSay) {
  const ServiceSpec main = service_named(load_with({{"sh", "-c", "x"}}, kServices), "main");
  const auto waits_for = [](const char* service, Condition condition) {
    return Dependency{service, condition, false, true};
  };
  EXPECT_THAT(main.depends_on,
              ElementsAre(waits_for("web", Condition::started), waits_for("db", Condition::healthy),
                          waits_for("queue", Condition::healthy),
                          waits_for("migrate", Condition::completed),
                          waits_for("worker-1", Condition::started),
                          waits_for("worker-2", Condition::started)));
}

TEST(MainProgram, GivesTheExitCodeAndTheFileIsToldSo) {
  Loading loading;
  const auto plan = loading.run({{"sh"}, Input::own})
                        .write("pid1.yaml",
                               "pid1: {exit_code_from: web}\n"
                               "services: {web: {command: a}}\n")
                        .load();
  EXPECT_EQ(plan.value().container().exit_code_from, "main");
  EXPECT_THAT(loading.messages(),
              ::testing::HasSubstr("pid1.yaml:1:24: warning: this has no effect: the container's "
                                   "exit code is that of the program on the command line"));
}

TEST(MainProgram, RunsOnceAsPid1WasGivenIt) {
  const ServiceSpec main =
      service_named(load_with({{"sh", "-c", "x"}, Input::terminal}, kServices), "main");
  EXPECT_THAT(main.process.argv, ElementsAre("sh", "-c", "x"));
  EXPECT_THAT(main.process.environment, IsEmpty());
  EXPECT_EQ(main.process.working_dir, std::nullopt);
  EXPECT_EQ(main.input, Input::terminal);
  EXPECT_EQ(main.restart.condition, RestartCondition::never);
}

TEST(MainProgram, EndsTheContainerWithItsCode) {
  const Plan plan = load_with({{"sh"}}, kServices);
  EXPECT_EQ(plan.container().exit_code_from, "main");
  EXPECT_EQ(service_named(plan, "main").on_success, EndAction::shutdown);
  EXPECT_EQ(service_named(plan, "main").on_failure, EndAction::shutdown);
}

TEST(MainProgram, MayRunAlone) {
  EXPECT_EQ(load_with({{"sh"}}, "services: {a: {command: a, profiles: [never]}}\n").size(), 1u);
}

TEST(MainProgram, MayGetSignalsByItsName) {
  const Plan plan = load_with({{"sh"}},
                              "pid1: {signals: {HUP: {main: USR1}}}\n"
                              "services: {web: {command: a}}\n");
  EXPECT_THAT(plan.container().signals[1].only, ElementsAre(testing::Pair("main", 10)));
}

TEST(MainProgram, HasItsNameForItself) {
  EXPECT_EQ(refuse("services:\n  main: {command: a}\n"),
            "pid1.yaml:2:3: error: `main` is the program on the command line\n"
            "  main: {command: a}\n"
            "  ^\n"
            "hint: give this service another name\n");
  load_good("services: {main: {command: a}}\n");
}

TEST(MainProgram, HasStandardInputForItself) {
  EXPECT_EQ(refuse("services:\n  web: {command: a, tty: true}\n"),
            "pid1.yaml:2:21: error: both `web` and `main` read standard input\n"
            "  web: {command: a, tty: true}\n"
            "                    ^\n"
            "hint: take it out of one of them\n");
}

TEST(MainProgram, IsNothingThatAServiceCanWaitFor) {
  EXPECT_EQ(refuse("services:\n  web: {command: a, depends_on: [db, main]}\n  db: {command: a}\n"),
            "pid1.yaml:2:38: error: `main` is the program on the command line, which comes last\n"
            "  web: {command: a, depends_on: [db, main]}\n"
            "                                     ^\n"
            "hint: take it out\n");
}

TEST(MainProgram, AddsNoErrorToThoseOfTheServices) {
  for (const char* rest : {"type: oneshot, restart: always", "healthcheck: {test: []}"}) {
    const std::string messages =
        refuse("services:\n  web: {command: a, " + std::string(rest) + "}\n");
    EXPECT_EQ(count(messages, "error: "), 1u) << messages;
  }
}

}  // namespace
}  // namespace pid1::config
