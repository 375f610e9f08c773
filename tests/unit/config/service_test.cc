#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(Command, IsAListOfWordsAsTheyAreWritten) {
  EXPECT_THAT(load_service("command: [redis-server, --save, \"\", 1.10, no]").process.argv,
              ElementsAre("redis-server", "--save", "", "1.10", "no"));
}

TEST(Command, IsSplitLikeAShellsWordsWhereItIsAString) {
  EXPECT_THAT(load_service("command: nginx -g 'daemon off;'").process.argv,
              ElementsAre("nginx", "-g", "daemon off;"));
}

TEST(Command, ComesAfterTheEntrypoint) {
  EXPECT_THAT(load_service("{entrypoint: [tini, --], command: sleep 1}").process.argv,
              ElementsAre("tini", "--", "sleep", "1"));
  EXPECT_THAT(load_service("{entrypoint: sleep 1}").process.argv, ElementsAre("sleep", "1"));
  EXPECT_THAT(load_service("{entrypoint: null, command: sleep 1}").process.argv,
              ElementsAre("sleep", "1"));
}

TEST(Command, IsNeeded) {
  EXPECT_EQ(load_bad("services:\n  web:\n    type: simple\n"),
            "pid1.yaml:2:3: error: the service has no `command`\n"
            "  web:\n"
            "  ^\n"
            "hint: write which program it runs\n");
  EXPECT_THAT(load_bad("services:\n  web: {command: []}\n"), HasSubstr("no `command`"));
  EXPECT_THAT(load_bad("services:\n  web: {command: \"\"}\n"), HasSubstr("no `command`"));
  EXPECT_THAT(load_bad("services:\n  web: {command: [\"\", x]}\n"), HasSubstr("program is empty"));
}

TEST(Command, MayNotHoldOperatorsOfAShell) {
  EXPECT_THAT(load_bad("services:\n  web: {command: a && b}\n"), HasSubstr("sh, -c"));
  EXPECT_EQ(load_bad("services:\n  web:\n    command: echo $(date)\n"),
            "pid1.yaml:3:14: error: expected words alone: no shell runs that would know what ( "
            "means\n"
            "    command: echo $(date)\n"
            "             ^\n"
            "hint: quote it if it is a part of a word, or have a shell run it: [sh, -c, \"echo "
            "$$(date)\"]\n");
}

TEST(Command, BeginsWithAProgramAndNotWithWhatAShellWouldTakeFirst) {
  EXPECT_EQ(load_bad("services:\n  web:\n    command: FOO=1 bar\n"),
            "pid1.yaml:3:14: error: expected a program first, and no shell runs that would set a "
            "variable\n"
            "    command: FOO=1 bar\n"
            "             ^\n"
            "hint: write the variable under `environment:`\n");
  EXPECT_EQ(load_bad("services:\n  web:\n    entrypoint: ~/bin/x\n    command: b\n"),
            "pid1.yaml:3:17: error: expected a program: `~` is not expanded, no shell runs\n"
            "    entrypoint: ~/bin/x\n"
            "                ^\n"
            "hint: write the full path\n");
  EXPECT_THAT(load_bad("services: {a: {entrypoint: [], command: ~/bin/x}}\n"),
              HasSubstr("pid1.yaml:1:41: error: expected a program"));
  EXPECT_THAT(load_service("{entrypoint: env, command: FOO=1 ~/x}").process.argv,
              ElementsAre("env", "FOO=1", "~/x"));
  for (const char* command : {"[FOO=1, bar]", "[~/bin/x]", "./a=b", "=x", "1=x"}) {
    load_service("{command: " + std::string(command) + "}");
  }
}

TEST(WorkingDir, IsAnAbsolutePath) {
  EXPECT_EQ(load_service("{command: a, working_dir: /srv/app}").process.working_dir, "/srv/app");
  EXPECT_THAT(load_bad("services:\n  web: {command: a, working_dir: app}\n"),
              HasSubstr("expected an absolute path"));
  EXPECT_THAT(load_bad("services:\n  web: {command: a, working_dir: ~/app}\n"),
              HasSubstr("`~` is not expanded"));
}

TEST(User, IsANameOrANumberWithOrWithoutAGroup) {
  const auto user = [](const std::string& text) {
    return load_service("{command: a, user: \"" + text + "\"}").process.user;
  };
  EXPECT_EQ(user("app"), (UserSpec{"app", std::nullopt}));
  EXPECT_EQ(user("1000"), (UserSpec{"1000", std::nullopt}));
  EXPECT_EQ(user("app:www-data"), (UserSpec{"app", "www-data"}));
  EXPECT_EQ(user("1000:1000"), (UserSpec{"1000", "1000"}));
  EXPECT_EQ(user("0:adm"), (UserSpec{"0", "adm"}));
  EXPECT_EQ(load_service("{command: a, user: 1000}").process.user,
            (UserSpec{"1000", std::nullopt}));
}

TEST(User, IsRefusedWhereAPartIsEmptyOrTooLarge) {
  for (const char* text : {"", ":", "app:", ":adm", "a:b:c", "4294967295", "1:99999999999"}) {
    EXPECT_THAT(load_bad("services:\n  web: {command: a, user: \"" + std::string(text) + "\"}\n"),
                HasSubstr("expected `user`, `uid`"))
        << text;
  }
}

TEST(User, IsRefusedWithWhatToDo) {
  const auto expect_hint = [](const std::string& user, const std::string& hint) {
    EXPECT_THAT(load_bad("services:\n  web: {command: a, user: \"" + user + "\"}\n"),
                HasSubstr("\nhint: " + hint + "\n"))
        << user;
  };
  expect_hint("", "write a user's name or number first");
  expect_hint(":adm", "write a user's name or number first");
  expect_hint("nobody:", "write a group behind the colon, or no colon");
  expect_hint("a:b:c", "a name can't hold a colon");
  expect_hint("a\\nb", "write it in one line");
  expect_hint("4294967295", "the largest number is 4294967294");
  expect_hint("app:4294967295", "the largest number is 4294967294");
}

TEST(GroupAdd, IsRefusedWithWhatToDo) {
  const auto expect_hint = [](const std::string& group, const std::string& hint) {
    const std::string message =
        load_bad("services: {a: {command: a, group_add: [\"" + group + "\"]}}\n");
    EXPECT_THAT(message, HasSubstr("expected a group's name or number\n"));
    EXPECT_THAT(message, HasSubstr("\nhint: " + hint + "\n"));
  };
  expect_hint("", "leave it out");
  expect_hint("a:b", "a name can't hold a colon");
  expect_hint("4294967295", "the largest number is 4294967294");
}

TEST(GroupAdd, IsAListOfNamesAndNumbers) {
  EXPECT_THAT(load_service("{command: a, group_add: [adm, 44, adm]}").process.group_add,
              ElementsAre("adm", "44"));
}

TEST(Umask, IsOctal) {
  EXPECT_EQ(load_service("{command: a, umask: \"0027\"}").process.umask, 027u);
  EXPECT_EQ(load_service("{command: a, umask: 022}").process.umask, 022u);
  EXPECT_THAT(load_bad("services:\n  web: {command: a, umask: 1777}\n"), HasSubstr("at most 0777"));
  EXPECT_THAT(load_bad("services:\n  web: {command: a, umask: 9}\n"), HasSubstr("octal"));
}

TEST(Type, IsSimpleOrOneshot) {
  EXPECT_EQ(load_service("{command: a}").type, ServiceType::simple);
  EXPECT_EQ(load_service("{command: a, type: simple}").type, ServiceType::simple);
  EXPECT_EQ(load_service("{command: a, type: oneshot}").type, ServiceType::oneshot);
  EXPECT_EQ(load_bad("services:\n  web:\n    command: a\n    type: onshot\n"),
            "pid1.yaml:4:11: error: expected simple or oneshot\n"
            "    type: onshot\n"
            "          ^\n"
            "hint: did you mean `oneshot`?\n");
}

TEST(Stop, IsTermTenSecondsAndTheGroupWhereNothingIsWritten) {
  const StopPolicy stop = load_service("{command: a}").stop;
  EXPECT_EQ(stop.signal, 15);
  EXPECT_EQ(stop.grace, 10s);
  EXPECT_FALSE(stop.grace_given);
  EXPECT_EQ(stop.kill_mode, KillMode::mixed);
}

TEST(Stop, IsAsWritten) {
  const StopPolicy stop =
      load_service("{command: a, stop_signal: QUIT, stop_grace_period: 1m30s, kill_mode: group}")
          .stop;
  EXPECT_EQ(stop.signal, 3);
  EXPECT_EQ(stop.grace, 90s);
  EXPECT_TRUE(stop.grace_given);
  EXPECT_EQ(stop.kill_mode, KillMode::group);
  EXPECT_EQ(load_service("{command: a, stop_signal: SIGRTMIN+3}").stop.signal, 37);
  EXPECT_EQ(load_service("{command: a, stop_signal: 10}").stop.signal, 10);
}

TEST(Stop, RefusesWhatIsNoSignalAndNoDuration) {
  EXPECT_THAT(load_bad("services:\n  web: {command: a, stop_signal: SIGBYE}\n"),
              HasSubstr("expected a signal"));
  EXPECT_THAT(load_bad("services:\n  web: {command: a, stop_grace_period: 10}\n"),
              HasSubstr("pid1.yaml:2:40: error:"));
}

TEST(Ends, AreDecidedByOnSuccessAndOnFailure) {
  const ServiceSpec usual = load_service("{command: a}");
  EXPECT_EQ(usual.on_success, EndAction::ignore);
  EXPECT_EQ(usual.on_failure, EndAction::shutdown);
  const ServiceSpec given = load_service("{command: a, on_success: shutdown, on_failure: ignore}");
  EXPECT_EQ(given.on_success, EndAction::shutdown);
  EXPECT_EQ(given.on_failure, EndAction::ignore);
  EXPECT_EQ(load_service("{command: a, on_failure: restart}").on_failure, EndAction::restart);
}

TEST(SuccessExitCodes, ComeBesides0) {
  EXPECT_THAT(load_service("{command: a, success_exit_codes: [143, 0, \"3\"]}").success_exit_codes,
              ElementsAre(143, 3));
  EXPECT_THAT(load_service("{command: a, success_exit_codes:}").success_exit_codes, IsEmpty());
  EXPECT_THAT(load_bad("services:\n  web: {command: a, success_exit_codes: [256]}\n"),
              HasSubstr("expected an integer from 0 to 255"));
}

TEST(Labels, AreAMappingOrAList) {
  EXPECT_THAT(load_service("{command: a, labels: {tier: front, size: 3, empty: }}").labels,
              ElementsAre(Pair("empty", ""), Pair("size", "3"), Pair("tier", "front")));
  EXPECT_THAT(load_service("{command: a, labels: [tier=front, a=b=c, empty]}").labels,
              ElementsAre(Pair("a", "b=c"), Pair("empty", ""), Pair("tier", "front")));
}

TEST(Init, IsAcceptedForPid1IsOne) {
  load_service("{command: a, init: true}");
  EXPECT_THAT(load_bad("services:\n  web: {command: a, init: yes}\n"), HasSubstr("write true"));
}

TEST(Extensions, AreNeverRead) {
  load_service("{command: a, x-note: [\"${Y:?}\"]}");
  load_good("x-a: {command: \"${X:?}\"}\nservices:\n  web: {command: a}\n");
}

TEST(Profiles, DecideWhetherAServiceIsOn) {
  const std::string_view text =
      "services:\n"
      "  web: {command: a}\n"
      "  shell: {command: a, profiles: [debug, dev]}\n";
  EXPECT_EQ(load_good(text).size(), 1u);
  for (const char* profile : {"debug", "dev", "*"}) {
    Loading loading;
    const auto plan = loading.write("pid1.yaml", text).turn_on(profile).load();
    ASSERT_TRUE(plan) << loading.messages();
    EXPECT_EQ(plan->size(), 2u) << profile;
  }
}

TEST(Profiles, OfServicesThatAreOffDoNotKeepTheirErrorsSecret) {
  EXPECT_THAT(load_bad("services:\n"
                       "  web: {command: a}\n"
                       "  shell: {profiles: [debug], command: a, umask: 9}\n"),
              HasSubstr("octal"));
}

TEST(Profiles, HaveNamesAsInCompose) {
  EXPECT_THAT(load_bad("services:\n  web: {command: a, profiles: [\"-x\"]}\n"),
              HasSubstr("no name for a profile"));
}

TEST(Anchors, BringTheirKeysWhereTheyAreMerged) {
  const Plan plan = load_good(
      "x-app: &app\n"
      "  working_dir: /app\n"
      "  user: app\n"
      "services:\n"
      "  web: {<<: *app, command: a, user: web}\n"
      "  worker: {<<: *app, command: b}\n");
  EXPECT_EQ(service_named(plan, "web").process.working_dir, "/app");
  EXPECT_EQ(service_named(plan, "web").process.user->user, "web");
  EXPECT_EQ(service_named(plan, "worker").process.user->user, "app");
}

}  // namespace
}  // namespace pid1::config
