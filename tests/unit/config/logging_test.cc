// Where output goes: `logging`, `attach`, `pid1.log` and what belongs to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Logging logging_of(std::string_view body) { return load_service(body).logging; }

TEST(Logging, OfASingleServiceGoesToTheConsoleAsItCame) {
  const Logging logging = logging_of("{command: a}");
  EXPECT_EQ(logging.driver, LogDriver::console);
  EXPECT_EQ(logging.format, LogFormat::raw);
  EXPECT_EQ(logging.mode, LogMode::blocking);
  EXPECT_TRUE(logging.attach);
}

TEST(Logging, OfSeveralServicesHasTheirNames) {
  const Plan plan = load_good("services: {a: {command: a}, b: {command: b}}");
  EXPECT_EQ(service_named(plan, "a").logging.format, LogFormat::prefix);
  EXPECT_EQ(plan.container().log.format, LogFormat::prefix);
}

TEST(Logging, OfReplicasHasTheirNames) {
  const Plan plan = load_good("services: {a: {command: a, scale: 2}}");
  EXPECT_EQ(service_named(plan, "a-1").logging.format, LogFormat::prefix);
  EXPECT_EQ(service_named(plan, "a-2").replica, 2u);
}

TEST(Logging, OfAServiceWithTheTerminalIsInheritedUnlessItSaysOtherwise) {
  EXPECT_EQ(logging_of("{command: a, tty: true}").driver, LogDriver::inherit);
  EXPECT_EQ(logging_of("{command: a, stdin_open: true}").driver, LogDriver::inherit);
  EXPECT_EQ(logging_of("{command: a, tty: true, logging: {driver: stdout}}").driver,
            LogDriver::console);
}

TEST(Logging, OfTheMainProgramIsInherited) {
  Loading loading;
  loading.write("pid1.yaml", "services: {a: {command: a}}").run({{"sh"}, Input::own});
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(service_named(*plan, "main").logging.driver, LogDriver::inherit);
  EXPECT_EQ(service_named(*plan, "a").logging.format, LogFormat::prefix) << "both are shown";
}

TEST(Logging, HasDockersOptions) {
  const Logging logging = logging_of(R"(
    command: a
    labels: {team: ops, tier: web, other: x}
    logging:
      driver: file
      options:
        path: /var/log/./a.log
        max-size: 10m
        max-file: "3"
        compress: "true"
        format: json
        tag: front
        labels: team, tier,nothing
        mode: non-blocking
        max-buffer-size: 4m
)");
  EXPECT_EQ(logging.driver, LogDriver::file);
  EXPECT_EQ(logging.path, "/var/log/a.log");
  EXPECT_EQ(logging.max_size, 10u << 20);
  EXPECT_EQ(logging.max_files, 3u);
  EXPECT_TRUE(logging.compress);
  EXPECT_EQ(logging.format, LogFormat::json);
  EXPECT_EQ(logging.tag, "front");
  EXPECT_THAT(logging.labels, ElementsAre(Pair("team", "ops"), Pair("tier", "web")));
  EXPECT_EQ(logging.mode, LogMode::non_blocking);
  EXPECT_EQ(logging.max_buffer, 4u << 20);
}

TEST(Logging, GoesToASyslogServer) {
  const Logging logging = logging_of(
      "{command: a, logging: {driver: syslog, options: {syslog-address: \"udp://10.0.0.1\"}}}");
  EXPECT_EQ(logging.driver, LogDriver::syslog);
  EXPECT_EQ(logging.address, "udp://10.0.0.1");
}

TEST(Logging, PathIsRelativeToTheFileThatNamesIt) {
  Loading loading;
  loading.write("pid1.yaml", "include: [sub/more.yaml]\nservices: {a: {command: a}}")
      .write("sub/more.yaml",
             "services: {b: {command: b, logging: {driver: file, options: {path: ../b.log}}}}");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(service_named(*plan, "b").logging.path, "b.log");
}

TEST(Logging, OfPid1IsTheDefaultOfAll) {
  const Plan plan = load_good(R"(
pid1: {log: {level: info, format: json, mode: non-blocking, max-buffer-size: 2m}}
services:
  a: {command: a}
  b: {command: b, logging: {options: {format: prefix, mode: blocking}}}
  c: {command: c, logging: {driver: none}}
)");
  EXPECT_EQ(plan.container().verbosity, Verbosity::info);
  EXPECT_EQ(plan.container().log.format, LogFormat::json);
  EXPECT_EQ(service_named(plan, "a").logging.format, LogFormat::json);
  EXPECT_EQ(service_named(plan, "a").logging.mode, LogMode::non_blocking);
  EXPECT_EQ(service_named(plan, "a").logging.max_buffer, 2u << 20);
  EXPECT_EQ(service_named(plan, "b").logging.format, LogFormat::prefix);
  EXPECT_EQ(service_named(plan, "b").logging.mode, LogMode::blocking);
  EXPECT_EQ(service_named(plan, "c").logging.driver, LogDriver::none);
}

TEST(Logging, OfPid1InAFileTakesTheServicesAlong) {
  const Plan plan = load_good(R"(
pid1: {log: {driver: file, path: /var/log/all, max-size: 1m, max-file: 2}}
services:
  a: {command: a}
  b: {command: b, logging: {driver: file, options: {path: /var/log/b}}}
)");
  EXPECT_EQ(service_named(plan, "a").logging.path, "/var/log/all");
  EXPECT_EQ(service_named(plan, "a").logging.max_size, 1u << 20);
  EXPECT_EQ(service_named(plan, "a").logging.format, LogFormat::prefix) << "two write there";
  EXPECT_EQ(service_named(plan, "b").logging.path, "/var/log/b");
  EXPECT_EQ(service_named(plan, "b").logging.max_size, 0u);
  EXPECT_EQ(service_named(plan, "b").logging.format, LogFormat::raw) << "it has it for itself";
}

TEST(Logging, OfAServiceThatExtendsAnotherKeepsItsOptionsUnlessTheDriverChanges) {
  const Plan plan = load_good(R"(
services:
  base:
    command: a
    logging: {driver: file, options: {path: /a.log, max-size: 1m}}
  more:
    extends: base
    logging: {options: {max-size: 2m, path: /b.log}}
  other:
    extends: base
    logging: {driver: stdout, options: {format: json}}
)");
  EXPECT_EQ(service_named(plan, "more").logging.max_size, 2u << 20);
  EXPECT_EQ(service_named(plan, "more").logging.driver, LogDriver::file);
  EXPECT_EQ(service_named(plan, "other").logging.driver, LogDriver::console);
  EXPECT_EQ(service_named(plan, "other").logging.path, "");
}

TEST(Logging, MemoryAndSyslogSocketAreTheContainers) {
  const Plan plan = load_good(
      "pid1: {log_memory: 1m, syslog: /dev/log, signals: {USR1: reopen}}\n"
      "services: {a: {command: a}}");
  EXPECT_EQ(plan.container().log_memory, 1u << 20);
  EXPECT_EQ(plan.container().syslog, "/dev/log");
  EXPECT_EQ(plan.container().signals[10].kind, SignalRule::Kind::reopen);
}

struct Wrong {
  std::string_view body;  // of a service
  std::string_view message;
  std::string_view hint = "";
};

class WrongLogging : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongLogging, IsToldWithItsPlaceAndARemedy) {
  const std::string told =
      load_bad("services:\n  web: {command: a, logging: " + std::string(GetParam().body) + "}\n");
  EXPECT_THAT(told, HasSubstr("pid1.yaml:2:")) << told;
  EXPECT_THAT(told, HasSubstr("error: " + std::string(GetParam().message))) << told;
  EXPECT_THAT(told, HasSubstr(std::string(GetParam().hint)));
  EXPECT_EQ(count(told, "error:"), 1u) << told;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongLogging,
    ::testing::Values(
        Wrong{"{driver: json-file}", "expected stdout, file, syslog, none or inherit",
              "hint: write `file`, or `stdout`, with `options: {format: json}`"},
        Wrong{"{driver: journald}", "expected stdout", "hint: write `syslog`"},
        Wrong{"{driver: fluentd}", "expected stdout", "hint: write `stdout`, and let"},
        Wrong{"{driver: sylog}", "expected stdout", "hint: did you mean `syslog`?"},
        Wrong{"{driver: file}", "the driver `file` needs a `path`",
              "hint: write options: {path: /var/log/NAME.log}"},
        Wrong{"{driver: file, options: {path: /var/log/}}", "expected the path of a file"},
        Wrong{"{options: {path: /a}}", "`path` is for the drivers `file`", "hint: take it out"},
        Wrong{"{driver: syslog, options: {format: json}}",
              "`format` is for the drivers `stdout` and `file`"},
        Wrong{"{driver: inherit, options: {tag: x}}",
              "`tag` is for the drivers `stdout`, `file` and `syslog`"},
        Wrong{"{driver: none, options: {mode: blocking}}", "`mode` is for the drivers"},
        Wrong{"{options: {max-buffer-size: 1m}}", "`max-buffer-size` is for `mode: non-blocking`"},
        Wrong{"{options: {mode: non-blocking, max-buffer-size: 1k}}", "expected 64k or more"},
        Wrong{"{options: {mode: sometimes}}", "expected blocking or non-blocking"},
        Wrong{"{options: {format: jason}}", "expected prefix, json or raw"},
        Wrong{"{options: {formt: json}}", "unknown key `formt`", "hint: did you mean `format`?"},
        Wrong{"{driver: file, options: {path: /a, max-file: 3}}", "`max-file` needs `max-size`"},
        Wrong{"{driver: file, options: {path: /a, max-size: 0}}", "expected more than nothing"},
        Wrong{"{driver: file, options: {path: /a, max-size: 1m, max-file: 0}}",
              "expected an integer from 1 to 1000"},
        Wrong{"{driver: file, options: {path: /a, max-size: 1m, compress: true}}",
              "`compress` needs a `max-file` above 1"},
        Wrong{"{driver: file, options: {path: /a, max-size: 1x}}", "expected"},
        Wrong{"{driver: syslog, options: {syslog-address: \"http://a\"}}",
              "expected unix:///PATH, udp://HOST[:PORT] or tcp://HOST[:PORT]"},
        Wrong{"{options: {format: raw, timestamps: true}}", "`timestamps` is for `format: prefix`"},
        Wrong{"[]", "expected a mapping"}));

TEST(Logging, SaysSoWhereTwoServicesDisagreeAboutOneFile) {
  EXPECT_EQ(
      load_bad("services:\n"
               "  a: {command: a, logging: {driver: file, options: {path: /l}}}\n"
               "  b: {command: b, logging: {driver: file, options: {path: /l, max-size: 1m}}}\n"),
      "pid1.yaml:3:37: error: another service writes to the same file with another `format`, "
      "`max-size`, `max-file` or `compress`\n"
      "  b: {command: b, logging: {driver: file, options: {path: /l, max-size: 1m}}}\n"
      "                                    ^\n"
      "hint: let them say the same, or write to files of their own\n");
}

TEST(Logging, OfPid1IsCheckedToo) {
  EXPECT_THAT(load_bad("pid1: {log: {driver: file}}\nservices: {a: {command: a}}\n"),
              HasSubstr("pid1.yaml:1:22: error: the driver `file` needs a `path`"));
  EXPECT_THAT(load_bad("pid1: {log: {level: loud}}\nservices: {a: {command: a}}\n"),
              HasSubstr("expected debug, info, warning or error"));
  EXPECT_THAT(load_bad("pid1: {log: {tag: x}}\nservices: {a: {command: a}}\n"),
              HasSubstr("unknown key `tag`"));
  EXPECT_THAT(load_bad("pid1: {syslog: dev/log}\nservices: {a: {command: a}}\n"),
              HasSubstr("expected an absolute path"));
  EXPECT_THAT(load_bad("pid1: {log_memory: 2g}\nservices: {a: {command: a}}\n"),
              HasSubstr("expected at most 1g"));
}

TEST(Logging, DoesNotGoToTheSocketThatPid1ListensOn) {
  EXPECT_THAT(
      load_bad("pid1: {syslog: /dev/log, log: {driver: syslog}}\nservices: {a: {command: a}}"),
      HasSubstr("pid1.yaml:1:40: error: pid1 itself listens there (`pid1.syslog`)"));
  EXPECT_THAT(load_bad("pid1: {syslog: /run//log}\nservices: {a: {command: a, logging: {driver: "
                       "syslog, options: {syslog-address: \"unix:///run/log\"}}}}"),
              HasSubstr("pid1.yaml:2:46: error: pid1 itself listens there"));
  load_good(
      "pid1: {syslog: /dev/log}\nservices: {a: {command: a, logging: {driver: syslog, options: "
      "{syslog-address: \"udp://10.0.0.1\"}}}}");
}

TEST(Logging, NamesNoValueThatCameOutOfAVariable) {
  Loading loading;
  loading.set("SECRET", "hunter2")
      .write("pid1.yaml", "services: {a: {command: a, logging: {driver: $SECRET}}}");
  EXPECT_FALSE(loading.load());
  EXPECT_EQ(loading.messages().find("hunter2"), std::string::npos) << loading.messages();
}

}  // namespace
}  // namespace pid1::config
