#include "config/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view kEverything = R"(
name: shop
pid1:
  stop_grace_period: 2m
  exit_code_from: web
  signals: {HUP: {web: QUIT, worker: HUP}, USR1: ignore, USR2: TERM, WINCH: shutdown}
services:
  migrate:
    type: oneshot
    command: ./manage.py migrate --noinput
    working_dir: /app
    restart: on-failure:2
  web:
    entrypoint: [run]
    command: ["", "$$HOME", "a\nb\t\"c\" \\ é", "no", "~", "null", "1.0", "# x", "- a", "a: b"]
    environment: {A: "$$x", "odd key!": "", UNSET: , N: 5}
    user: app:www-data
    group_add: [adm, 44]
    umask: "0027"
    restart: {condition: on-failure, max_attempts: 5, delay: 200ms, max_delay: 30s, window: 1m30s}
    stop_signal: SIGRTMIN+3
    stop_grace_period: 1500ms
    kill_mode: group
    success_exit_codes: [143]
    on_success: shutdown
    on_failure: restart
    labels: {a.b/c: "yes", d: ""}
    depends_on:
      migrate: {condition: service_completed_successfully, restart: true}
  worker:
    command: [sh, -c, "echo $$PID1_REPLICA"]
    scale: 2
    restart: "no"
    on_failure: ignore
    depends_on: [web]
)";

void expect_same(const Plan& a, const Plan& b) {
  EXPECT_EQ(a.container(), b.container());
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.services()[i], b.services()[i]) << a.services()[i].name;
  }
}

TEST(RenderYaml, ReadsBackToTheSamePlan) {
  const Plan plan = load_good(kEverything);
  expect_same(load_good(render_yaml(plan)), plan);
}

TEST(RenderYaml, IsItsOwnResolvedForm) {
  const std::string once = render_yaml(load_good(kEverything));
  EXPECT_EQ(render_yaml(load_good(once)), once);
}

TEST(RenderYaml, WritesAServiceInFull) {
  EXPECT_EQ(render_yaml(load_good(kEverything)),
            R"(name: shop
pid1:
  stop_grace_period: 2m0s
  exit_code_from: web
  signals:
    SIGHUP:
      web: SIGQUIT
      worker-1: SIGHUP
      worker-2: SIGHUP
    SIGUSR1: ignore
    SIGUSR2: SIGTERM
    SIGWINCH: shutdown
services:
  migrate:
    type: oneshot
    command:
      - "./manage.py"
      - migrate
      - "--noinput"
    working_dir: /app
    restart: "on-failure:2"
  web:
    command:
      - run
      - ""
      - "$$HOME"
      - "a\nb\t\"c\" \\ é"
      - "no"
      - "~"
      - "null"
      - "1.0"
      - "# x"
      - "- a"
      - "a: b"
    environment:
      A: "$$x"
      "odd key!": ""
      UNSET: null
      "N": "5"
    user: "app:www-data"
    group_add:
      - adm
      - "44"
    umask: "0027"
    depends_on:
      migrate:
        condition: service_completed_successfully
        restart: true
        required: true
    restart:
      condition: on-failure
      max_attempts: 5
      delay: 200ms
      max_delay: 30s
      window: 1m30s
    success_exit_codes:
      - 143
    on_success: shutdown
    on_failure: restart
    stop_signal: SIGRTMIN+3
    stop_grace_period: 1.5s
    kill_mode: group
    labels:
      a.b/c: "yes"
      d: ""
  worker-1:
    command:
      - sh
      - "-c"
      - "echo $$PID1_REPLICA"
    environment:
      PID1_REPLICA: "1"
    depends_on:
      web:
        condition: service_started
        required: true
    restart: "no"
    on_failure: ignore
  worker-2:
    command:
      - sh
      - "-c"
      - "echo $$PID1_REPLICA"
    environment:
      PID1_REPLICA: "2"
    depends_on:
      web:
        condition: service_started
        required: true
    restart: "no"
    on_failure: ignore
)");
}

TEST(RenderYaml, KeepsAKeyThatWouldMergeWithoutItsQuotes) {
  const Plan plan =
      load_good("services: {a: {command: a, environment: [\"<<=x\"], labels: {\"<<\": y}}}\n");
  EXPECT_THAT(service_named(plan, "a").labels, ElementsAre(Pair("<<", "y")));
  EXPECT_THAT(render_yaml(plan), HasSubstr("      \"<<\": x\n"));
  expect_same(load_good(render_yaml(plan)), plan);
  expect_same(load_good(render_json(plan)), plan);
}

TEST(RenderYaml, KeepsTheDefaultRestart) {
  const Plan plan = load_good("services: {a: {command: a}}\n");
  EXPECT_THAT(render_yaml(plan), HasSubstr("restart: \"on-failure:5\"\n"));
  expect_same(load_good(render_yaml(plan)), plan);
}

TEST(RenderJson, HasTheShapeOfDockerComposeConfig) {
  EXPECT_EQ(render_json(load_good("services:\n"
                                  "  db: {command: a, environment: {A: \"$$x\", B: }}\n"
                                  "  web: {command: b \"c d\", depends_on: [db]}\n")),
            R"({
  "services": {
    "db": {
      "command": [
        "a"
      ],
      "environment": {
        "A": "$$x",
        "B": null
      },
      "restart": "on-failure:5"
    },
    "web": {
      "command": [
        "b",
        "c d"
      ],
      "depends_on": {
        "db": {
          "condition": "service_started",
          "required": true
        }
      },
      "restart": "on-failure:5"
    }
  }
}
)");
}

TEST(RenderJson, ReadsBackToTheSamePlan) {
  const Plan plan =
      load_good("services: {a: {command: [a, $$A, '$${B}'], environment: {C: p$$q}}}\n");
  expect_same(load_good(render_json(plan)), plan);
}

TEST(RenderJson, EscapesWhatIsNoTextAndWhatATerminalActsOn) {
  Loading loading;
  loading.set("RAW", "a\x1b[31m\xff\"")
      .write("pid1.yaml", "services: {a: {command: a, environment: [RAW]}}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan);
  EXPECT_THAT(render_json(*plan), HasSubstr("\"RAW\": \"a\\u001b[31m\xEF\xBF\xBD\\\"\""));
}

}  // namespace
}  // namespace pid1::config
