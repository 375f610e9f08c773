#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

TEST(Errors, AreReportedAllAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web:\n"
                     "    comand: nginx\n"
                     "    umask: 9\n"
                     "    depends_on: [bd]\n"
                     "  db:\n"
                     "    command: [postgres]\n"
                     "    scale: -1\n"
                     "pid1: {exit_code_from: wed}\n"),
            "pid1.yaml:3:5: error: unknown key `comand`\n"
            "    comand: nginx\n"
            "    ^\n"
            "hint: did you mean `command`?\n"
            "pid1.yaml:4:12: error: expected 1 to 4 octal digits\n"
            "    umask: 9\n"
            "           ^\n"
            "hint: write each digit from 0 to 7, such as 0644 or 0027\n"
            "pid1.yaml:5:18: error: no service `bd`\n"
            "    depends_on: [bd]\n"
            "                 ^\n"
            "hint: did you mean `db`?\n"
            "pid1.yaml:8:12: error: expected an integer from 0 to 10000\n"
            "    scale: -1\n"
            "           ^\n"
            "pid1.yaml:9:24: error: no service `wed`\n"
            "pid1: {exit_code_from: wed}\n"
            "                       ^\n"
            "hint: did you mean `web`?\n");
}

TEST(Errors, OfOneEntryDoNotHideThoseOfTheOthers) {
  EXPECT_EQ(
      load_bad("services:\n"
               "  a:\n"
               "    command: [x, [y]]\n"
               "    depends_on:\n"
               "      b: {condition: foo}\n"
               "      c:\n"
               "      d: {condition: service_healthy}\n"
               "    restart: maybe\n"
               "    success_exit_codes: [[1], 256]\n"
               "  b: {command: x}\n"
               "  d: {command: x}\n"
               "pid1: {signals: {HUP: {a: [x], b: BYE}, USR1: nowhere}}\n"),
      "pid1.yaml:3:18: error: expected a string, found a list\n"
      "    command: [x, [y]]\n"
      "                 ^\n"
      "pid1.yaml:5:22: error: expected service_started, service_healthy or "
      "service_completed_successfully\n"
      "      b: {condition: foo}\n"
      "                     ^\n"
      "pid1.yaml:6:7: error: expected a mapping, found nothing\n"
      "      c:\n"
      "      ^\n"
      "pid1.yaml:7:7: error: the service `d` has neither a `healthcheck` nor a `readiness`\n"
      "      d: {condition: service_healthy}\n"
      "      ^\n"
      "hint: give it one of them, or wait for `service_started`\n"
      "pid1.yaml:8:14: error: expected no, always, on-failure, on-failure:N or "
      "unless-stopped\n"
      "    restart: maybe\n"
      "             ^\n"
      "pid1.yaml:9:26: error: expected an integer, found a list\n"
      "    success_exit_codes: [[1], 256]\n"
      "                         ^\n"
      "pid1.yaml:9:31: error: expected an integer from 0 to 255\n"
      "    success_exit_codes: [[1], 256]\n"
      "                              ^\n"
      "pid1.yaml:12:27: error: expected a signal, found a list\n"
      "pid1: {signals: {HUP: {a: [x], b: BYE}, USR1: nowhere}}\n"
      "                          ^\n"
      "pid1.yaml:12:35: error: expected a signal\n"
      "pid1: {signals: {HUP: {a: [x], b: BYE}, USR1: nowhere}}\n"
      "                                  ^\n"
      "hint: write a name such as SIGTERM, TERM or SIGRTMIN+3, or a number from 1 to 64\n"
      "pid1.yaml:12:47: error: expected shutdown, forward, ignore, reload, reopen, a signal, or a "
      "mapping from services to signals\n"
      "pid1: {signals: {HUP: {a: [x], b: BYE}, USR1: nowhere}}\n"
      "                                              ^\n");
}

TEST(Errors, OfAKeyThatIsGivenTwiceDoNotHideTheOthers) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web: {command: a, user: b, user: c, umask: 9, depends_on: [db]}\n"
                     "services:\n"
                     "  db: {command: a, restart: !no maybe}\n"),
            "pid1.yaml:2:30: error: the key \"user\" is given twice\n"
            "  web: {command: a, user: b, user: c, umask: 9, depends_on: [db]}\n"
            "                             ^\n"
            "hint: the first one is at line 2\n"
            "pid1.yaml:2:46: error: expected 1 to 4 octal digits\n"
            "  web: {command: a, user: b, user: c, umask: 9, depends_on: [db]}\n"
            "                                             ^\n"
            "hint: write each digit from 0 to 7, such as 0644 or 0027\n"
            "pid1.yaml:3:1: error: the key \"services\" is given twice\n"
            "services:\n"
            "^\n"
            "hint: the first one is at line 1\n"
            "pid1.yaml:4:29: error: expected no, always, on-failure, on-failure:N or "
            "unless-stopped\n"
            "  db: {command: a, restart: !no maybe}\n"
            "                            ^\n"
            "pid1.yaml:4:29: error: the tag !no means nothing here\n"
            "  db: {command: a, restart: !no maybe}\n"
            "                            ^\n"
            "hint: leave it out; only !!str, !!seq and !!map are known\n");
}

TEST(Errors, OfAVariableAreTheOnlyOnesOfItsValue) {
  for (const char* key : {"command", "working_dir", "user", "umask", "restart", "stop_signal",
                          "scale", "extends", "type", "stop_grace_period", "init", "env_file"}) {
    const std::string text =
        "services:\n  web: {entrypoint: a, " + std::string(key) + ": \"${B:?no b}\"}\n";
    EXPECT_EQ(count(load_bad(text), "error: "), 1u) << load_bad(text);
  }
  for (const char* rest : {"group_add: [\"${B:?}\"]", "depends_on: [\"${B:?}\"]",
                           "deploy: {replicas: \"${B:?}\"}", "profiles: [\"${B:?}\"]",
                           "extends: {service: \"${B:?}\"}", "env_file: [{path: \"${B:?}\"}]"}) {
    const std::string text = "services:\n  web: {command: a, " + std::string(rest) + "}\n";
    EXPECT_EQ(count(load_bad(text), "error: "), 1u) << load_bad(text);
  }
  EXPECT_EQ(count(load_bad("name: \"${B:?}\"\npid1: {exit_code_from: \"${B:?}\"}\ninclude: "
                           "[\"${B:?}\"]\nservices: {web: {command: a}}\n"),
                  "error: "),
            3u);
}

TEST(Errors, OfAnAnchorAreReportedOnceAtTheAnchor) {
  EXPECT_EQ(load_bad("x-app: &app {command: a, umask: 9}\n"
                     "services:\n"
                     "  web: *app\n"
                     "  worker: *app\n"),
            "pid1.yaml:1:33: error: expected 1 to 4 octal digits\n"
            "x-app: &app {command: a, umask: 9}\n"
            "                                ^\n"
            "hint: write each digit from 0 to 7, such as 0644 or 0027\n");
}

}  // namespace
}  // namespace pid1::config
