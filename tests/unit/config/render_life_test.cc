#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/render.h"
#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::HasSubstr;

constexpr std::string_view kEverything = R"(
pid1: {signals: {HUP: reload}}
services:
  db:
    command: postgres
    user: postgres
    working_dir: /srv
    environment: {A: "1", B: "2"}
    depends_on: {web: {condition: service_healthy}}
    healthcheck: {test: "a && b $$c", interval: 5s, timeout: 1s, retries: 1, start_period: 1m}
    on_unhealthy: shutdown
    on_oom: ignore
    readiness: {log: "^ready: (\\d+)$$", timeout: 90s}
    max_runtime: 2h
    pre_start:
      - {command: [x, "y z"], user: "0:0", working_dir: /, environment: {B: "3", C: , D: "$$d"}}
      - {command: w}
    post_start: [{command: [v]}]
    pre_stop: [{command: [u]}]
    post_stop: [{command: [t]}]
    reload: [s, r]
    orphans: adopt
    tty: true
    cap_add: [NET_BIND_SERVICE, CHOWN]
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
    ulimits: {as: -1, nofile: {soft: 10, hard: -1}}
    oom_score_adj: -7
    nice: 3
    cpuset: 1-3,7
    cpus: 1.25
    cpu_shares: 512
    mem_limit: 1m
    mem_reservation: 5k
    memswap_limit: 3m
    pids_limit: 9
  web:
    command: web
    readiness: notify
    watchdog: 30s
    healthcheck: {http: {url: "http://[::1]:81/x?y", headers: {A: "b", C: d}}}
    reload: {signal: USR1}
    cap_add: [ALL]
    cap_drop: [SYS_ADMIN]
    cpu_quota: 5000
    cpu_period: 20000
  fd:
    command: fd
    scale: 2
    readiness: {fd: 5}
    healthcheck: {tcp: {host: localhost, port: 1}}
    pre_stop: [{command: x}]
)";

void expect_same(const Plan& a, const Plan& b) {
  EXPECT_EQ(a.container(), b.container());
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.services()[i], b.services()[i]) << a.services()[i].name;
  }
}

TEST(RenderLife, ReadsBackToTheSamePlan) {
  const Plan plan = load_good(kEverything);
  const Resolved resolved = resolve_good(kEverything);
  expect_same(load_good(render_yaml(resolved)), plan);
  expect_same(load_good(render_json(resolved)), plan);
}

TEST(RenderLife, IsItsOwnResolvedForm) {
  const std::string once = render_yaml(resolve_good(kEverything));
  EXPECT_EQ(render_yaml(resolve_good(once)), once);
}

TEST(RenderLife, WritesAServiceInFull) {
  EXPECT_THAT(render_yaml(resolve_good(kEverything)), HasSubstr(R"(
    on_oom: ignore
    healthcheck:
      test:
        - CMD
        - /bin/sh
        - "-c"
        - "a && b $$c"
      interval: 5s
      timeout: 1s
      retries: 1
      start_period: 1m0s
      start_interval: 5s
    on_unhealthy: shutdown
    readiness:
      log: "^ready: (\\d+)$$"
      timeout: 1m30s
    max_runtime: 2h0m0s
    pre_start:
      - command:
          - x
          - "y z"
        environment:
          B: "3"
          C: null
          D: "$$d"
        working_dir: /
        user: "0:0"
      - command:
          - w
    post_start:
      - command:
          - v
    pre_stop:
      - command:
          - u
    post_stop:
      - command:
          - t
    reload:
      - s
      - r
    orphans: adopt
    tty: true
    cap_add:
      - CAP_CHOWN
      - CAP_NET_BIND_SERVICE
    cap_drop:
      - ALL
    security_opt:
      - "no-new-privileges:true"
    ulimits:
      as:
        soft: -1
        hard: -1
      nofile:
        soft: 10
        hard: -1
    oom_score_adj: -7
    nice: 3
    cpuset: "1-3,7"
    cpus: "1.25"
    cpu_shares: 501
    mem_limit: 1048576
    mem_reservation: 5120
    memswap_limit: 3145728
    pids_limit: 9
)"));
}

TEST(RenderLife, WritesTheOtherFormsInFull) {
  const std::string rendered = render_yaml(resolve_good(kEverything));
  EXPECT_THAT(rendered, HasSubstr(R"(
    healthcheck:
      http:
        url: "http://[::1]:81/x?y"
        headers:
          A: b
          C: d
      interval: 30s
      timeout: 30s
      retries: 3
    readiness:
      notify: true
    watchdog: 30s
    reload:
      signal: SIGUSR1
    cap_add:
      - ALL
    cap_drop:
      - CAP_SYS_ADMIN
    cpu_quota: 5000
    cpu_period: 20000
)"));
  EXPECT_THAT(rendered, HasSubstr("      tcp:\n        host: localhost\n        port: 1\n"));
  EXPECT_THAT(rendered, HasSubstr("    readiness:\n      fd: 5\n"));
  EXPECT_THAT(rendered, HasSubstr("    SIGHUP: reload\n"));
}

}  // namespace
}  // namespace pid1::config
