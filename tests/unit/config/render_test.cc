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
  expect_same(load_good(render_yaml(resolve_good(kEverything))), load_good(kEverything));
}

TEST(RenderYaml, ShowsAServiceOnceUnderItsOwnName) {
  constexpr std::string_view kText =
      "pid1: {exit_code_from: worker-2, signals: {HUP: {worker: HUP, one: TERM}}}\n"
      "services:\n"
      "  web: {command: a, depends_on: {worker: {}, none: {}, off: {required: false}}}\n"
      "  worker: {command: a, deploy: {replicas: 2}, profiles: [jobs, all], depends_on: [one]}\n"
      "  one: {command: a, scale: 1}\n"
      "  none: {command: a, scale: 0}\n"
      "  off: {command: a, profiles: [never]}\n";
  Loading loading;
  loading.turn_on("jobs").write("pid1.yaml", kText);
  const auto plan = loading.load();
  const auto resolved = loading.resolve();
  ASSERT_TRUE(plan && resolved) << loading.messages();
  EXPECT_EQ(loading.messages(), "");
  const std::string rendered = render_yaml(*resolved);
  EXPECT_THAT(rendered, HasSubstr("  web:\n"
                                  "    command:\n"
                                  "      - a\n"
                                  "    depends_on:\n"
                                  "      worker:\n"
                                  "        condition: service_started\n"
                                  "        required: true\n"
                                  "      none:\n"
                                  "        condition: service_started\n"
                                  "        required: true\n"
                                  "    restart: \"on-failure:5\"\n"
                                  "  worker:\n"
                                  "    profiles:\n"
                                  "      - jobs\n"
                                  "      - all\n"
                                  "    scale: 2\n"
                                  "    command:\n"));
  EXPECT_THAT(rendered, HasSubstr("  one:\n    scale: 1\n"));
  EXPECT_THAT(rendered, HasSubstr("  none:\n    scale: 0\n"));
  EXPECT_THAT(rendered, testing::Not(HasSubstr("off:")));
  const auto again = loading.write("pid1.yaml", rendered).load();
  ASSERT_TRUE(again) << loading.messages();
  expect_same(*again, *plan);
}

TEST(RenderYaml, IsItsOwnResolvedForm) {
  const std::string once = render_yaml(resolve_good(kEverything));
  EXPECT_EQ(render_yaml(resolve_good(once)), once);
}

TEST(RenderYaml, WritesAServiceInFull) {
  EXPECT_EQ(render_yaml(resolve_good(kEverything)),
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
  worker:
    scale: 2
    command:
      - sh
      - "-c"
      - "echo $$PID1_REPLICA"
    depends_on:
      web:
        condition: service_started
        required: true
    restart: "no"
    on_failure: ignore
)");
}

TEST(RenderYaml, KeepsAKeyThatWouldMergeWithoutItsQuotes) {
  constexpr std::string_view kText =
      "services: {a: {command: a, environment: [\"<<=x\"], labels: {\"<<\": y}}}\n";
  const Plan plan = load_good(kText);
  const Resolved resolved = resolve_good(kText);
  EXPECT_THAT(service_named(plan, "a").labels, ElementsAre(Pair("<<", "y")));
  EXPECT_THAT(render_yaml(resolved), HasSubstr("      \"<<\": x\n"));
  expect_same(load_good(render_yaml(resolved)), plan);
  expect_same(load_good(render_json(resolved)), plan);
}

TEST(RenderYaml, KeepsTheDefaultRestart) {
  constexpr std::string_view kText = "services: {a: {command: a}}\n";
  const std::string rendered = render_yaml(resolve_good(kText));
  EXPECT_THAT(rendered, HasSubstr("restart: \"on-failure:5\"\n"));
  expect_same(load_good(rendered), load_good(kText));
}

TEST(RenderJson, HasTheShapeOfDockerComposeConfig) {
  EXPECT_EQ(render_json(resolve_good("services:\n"
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
  constexpr std::string_view kText =
      "services: {a: {command: [a, $$A, '$${B}'], environment: {C: p$$q}}}\n";
  expect_same(load_good(render_json(resolve_good(kText))), load_good(kText));
}

TEST(RenderJson, EscapesWhatIsNoTextAndWhatATerminalActsOn) {
  Loading loading;
  loading.set("RAW", "a\x1b[31m\xff\"")
      .write("pid1.yaml", "services: {a: {command: a, environment: [RAW]}}\n");
  const auto resolved = loading.resolve();
  ASSERT_TRUE(resolved);
  EXPECT_THAT(render_json(*resolved), HasSubstr("\"RAW\": \"a\\u001b[31m\xEF\xBF\xBD\\\"\""));
}

}  // namespace
}  // namespace pid1::config
