#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/schema.h"
#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::HasSubstr;

TEST(UnknownKeys, AreErrorsThatNameTheKeyThatWasMeant) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web:\n"
                     "    comand: nginx\n"
                     "    command: nginx\n"),
            "pid1.yaml:3:5: error: unknown key `comand`\n"
            "    comand: nginx\n"
            "    ^\n"
            "hint: did you mean `command`?\n");
  EXPECT_EQ(load_bad("sevices: {}\nservices: {web: {command: a}}\n"),
            "pid1.yaml:1:1: error: unknown key `sevices`\n"
            "sevices: {}\n"
            "^\n"
            "hint: did you mean `services`?\n");
}

TEST(UnknownKeys, AtTheTopAreServicesWithoutTheirHeading) {
  EXPECT_EQ(load_bad("a: {command: x}\n"),
            "pid1.yaml:1:1: error: unknown key `a`\n"
            "a: {command: x}\n"
            "^\n"
            "hint: if it is a service, write it under `services:`\n");
  EXPECT_THAT(load_bad("nam: {image: x}\nservices: {b: {command: x}}\n"),
              HasSubstr("write it under `services:`"));
  EXPECT_THAT(load_bad("pid: {stop_grace_period: 1s}\nservices: {b: {command: x}}\n"),
              HasSubstr("did you mean `pid1`?"));
}

TEST(UnknownKeys, AreNotMissedAsWell) {
  for (const char* text :
       {"services:\n  web: {comand: nginx}\n", "services:\n  web: {entry_point: nginx}\n",
        "services:\n  web: {command: a, env_file: [{pth: a.env}]}\n",
        "services:\n  web: {command: a, extends: {servce: base}}\n",
        "include: [{paht: a.yaml}]\nservices:\n  web: {command: a}\n"}) {
    EXPECT_EQ(count(load_bad(text), "error: "), 1u) << text << load_bad(text);
  }
  EXPECT_EQ(count(load_bad("services:\n  web: {usr: nginx}\n"), "error: "), 2u);
}

TEST(UnknownKeys, AreErrorsInEveryMapping) {
  const auto expect_unknown = [](const std::string& service) {
    EXPECT_THAT(load_bad("services:\n  web: {command: a, " + service + "}\n"),
                HasSubstr("error: unknown key `what`"))
        << service;
  };
  expect_unknown("depends_on: {a: {what: 1}}");
  expect_unknown("restart: {what: 1}");
  expect_unknown("deploy: {what: 1}");
  expect_unknown("deploy: {restart_policy: {what: 1}}");
  expect_unknown("env_file: [{what: 1}]");
  expect_unknown("extends: {what: 1}");
  EXPECT_THAT(load_bad("pid1: {what: 1}\nservices: {web: {command: a}}\n"),
              HasSubstr("error: unknown key `what`"));
}

TEST(PlannedKeys, AreRefusedAsNotSupportedYet) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web:\n"
                     "    command: nginx\n"
                     "    schedule: \"@daily\"\n"),
            "pid1.yaml:4:5: error: `schedule` is not supported yet\n"
            "    schedule: \"@daily\"\n"
            "    ^\n");
}

TEST(PlannedKeys, AreRefusedEachAndEvery) {
  for (const Key& key : sections::service.keys) {
    if (key.support != Support::planned) continue;
    const std::string name(key.name);
    EXPECT_THAT(load_bad("services:\n  web: {command: a, " + name + ": x}\n"),
                HasSubstr("pid1.yaml:2:21: error: `" + name + "` is not supported yet\n"));
  }
}

TEST(RefusedKeys, SayWhereTheyBelong) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web:\n"
                     "    command: nginx\n"
                     "    ports: [\"80:80\"]\n"),
            "pid1.yaml:4:5: error: `ports` is set on the container, not inside it\n"
            "    ports: [\"80:80\"]\n"
            "    ^\n"
            "hint: remove it here; it belongs where the container is started\n");
  EXPECT_THAT(load_bad("volumes: {}\nservices: {web: {command: a}}\n"),
              HasSubstr("`volumes` is set on the container, not inside it"));
  EXPECT_THAT(load_bad("services: {web: {command: a, image: nginx}}\n"),
              HasSubstr("`image` is the image's: pid1 runs inside it"));
}

TEST(RefusedKeys, SayWhatToDoWhereTheyBelongNowhere) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web:\n"
                     "    command: nginx\n"
                     "    mem_swappiness: 0\n"),
            "pid1.yaml:4:5: error: `mem_swappiness` has no counterpart in cgroup v2\n"
            "    mem_swappiness: 0\n"
            "    ^\n"
            "hint: take it out\n");
  EXPECT_THAT(load_bad("services: {web: {command: a, cpu_count: 2}}\n"),
              HasSubstr("`cpu_count` is for containers of Windows\n"));
}

TEST(IgnoredKeys, AreWarnedOfOnce) {
  Loading loading;
  loading.write("pid1.yaml",
                "version: \"3.9\"\n"
                "services:\n"
                "  web: {command: a, container_name: web}\n");
  EXPECT_TRUE(loading.load());
  EXPECT_EQ(loading.messages(),
            "pid1.yaml:1:1: warning: `version` has no effect here\n"
            "version: \"3.9\"\n"
            "^\n"
            "pid1.yaml:3:21: warning: `container_name` has no effect here\n"
            "  web: {command: a, container_name: web}\n"
            "                    ^\n");
}

TEST(Forms, AreNamedWhereAnotherOneIsFound) {
  EXPECT_EQ(load_bad("services:\n  web:\n    command: {run: nginx}\n"),
            "pid1.yaml:3:14: error: expected a string or a list, found a mapping\n"
            "    command: {run: nginx}\n"
            "             ^\n");
  EXPECT_EQ(load_bad("services:\n  web:\n    command: [a, [b]]\n"),
            "pid1.yaml:3:18: error: expected a string, found a list\n"
            "    command: [a, [b]]\n"
            "                 ^\n");
  EXPECT_EQ(load_bad("services:\n  web:\n    command: a\n    stop_signal:\n"),
            "pid1.yaml:4:5: error: expected a signal, found nothing\n"
            "    stop_signal:\n"
            "    ^\n");
}

TEST(Forms, OfAListAreShownWhereASingleWordIsFound) {
  const auto error = [](const std::string& rest) {
    return load_bad("services:\n  web: {command: a, " + rest + "}\n");
  };
  EXPECT_EQ(error("profiles: foo"),
            "pid1.yaml:2:31: error: expected a list, found a string\n"
            "  web: {command: a, profiles: foo}\n"
            "                              ^\n"
            "hint: write [foo]\n");
  EXPECT_THAT(error("environment: A=b"), HasSubstr("hint: write [A=b]\n"));
  EXPECT_THAT(error("depends_on: \"a b\""), HasSubstr("hint: write it as the item of a list\n"));
  EXPECT_THAT(error("profiles: {foo: }"), testing::Not(HasSubstr("hint:")));
  EXPECT_THAT(error("deploy: foo"), testing::Not(HasSubstr("hint:")));
}

// The keys that are read of a mapping that may stand in a service, under `path`, and whether null
// over a base's value is refused there as it is elsewhere.
void expect_null_as_the_table_has_it(const Section& section, const std::string& open,
                                     const std::string& close) {
  for (const Key& key : section.keys) {
    const bool is_read = key.support == Support::works || key.support == Support::accepted;
    if (!is_read || key.name == "extends") continue;
    const bool takes_null =
        std::ranges::find(key.forms->list, Form::Kind::null, &Form::kind) != key.forms->list.end();
    const std::string name(key.name);
    const std::string over = "  web: {extends: base, " + open;
    std::string text = "services:\n  base: {";
    text.append(open).append(name).append(": 1").append(close).append("}\n");
    text.append(over).append(name).append(": ").append(close).append("}\n");
    Loading loading;
    loading.write("pid1.yaml", text);
    loading.load();
    const std::string refusal =
        "pid1.yaml:3:" + std::to_string(over.size() + 1) + ": error: expected";
    EXPECT_EQ(count(loading.messages(), refusal), takes_null ? 0u : 1u)
        << name << loading.messages();
  }
}

TEST(Forms, HaveNullOverABaseOnlyWhereTheyHaveItAnywhere) {
  expect_null_as_the_table_has_it(sections::service, "", "");
  expect_null_as_the_table_has_it(sections::deploy, "deploy: {", "}");
  expect_null_as_the_table_has_it(sections::restart, "restart: {", "}");
  expect_null_as_the_table_has_it(sections::restart, "deploy: {restart_policy: {", "}}");
  expect_null_as_the_table_has_it(sections::dependency, "depends_on: {b: {", "}}");
}

TEST(Forms, OfAServiceIsAMapping) {
  EXPECT_THAT(load_bad("services:\n  web: nginx\n"), HasSubstr("pid1.yaml:2:8: error: expected a "
                                                               "mapping, found a string"));
  EXPECT_THAT(load_bad("services:\n  web:\n"), HasSubstr("expected a mapping, found nothing"));
  EXPECT_THAT(load_bad("services: [web]\n"), HasSubstr("expected a mapping, found a list"));
}

TEST(Files, MustBeThereAndHoldServices) {
  Loading loading;
  EXPECT_FALSE(loading.load());
  EXPECT_EQ(loading.messages(), "error: cannot read pid1.yaml: No such file or directory\n");
  EXPECT_THAT(load_bad(""), HasSubstr("error: the file is empty"));
  EXPECT_THAT(load_bad("# nothing\n"), HasSubstr("error: the file is empty"));
  EXPECT_THAT(load_bad("- a\n"), HasSubstr("expected a mapping with the key `services`"));
  EXPECT_THAT(load_bad("name: x\n"), HasSubstr("error: there is no service"));
  EXPECT_THAT(load_bad("services: {}\n"), HasSubstr("pid1.yaml:1:1: error: there is no service"));
}

TEST(Files, MustHaveAServiceThatIsOn) {
  EXPECT_THAT(load_bad("services:\n  web: {command: a, profiles: [debug]}\n"),
              HasSubstr("pid1.yaml:1:1: error: no service is on"));
}

TEST(Files, AreToldWhyNoServiceIsOn) {
  const std::string off = "  shell: {command: a, profiles: [debug, dev]}\n";
  const std::string none = "  web: {command: a, scale: 0}\n";
  const std::string both = "  job: {command: a, scale: 0, profiles: [batch]}\n";
  const std::string turn_on = "\nhint: turn one on with PID1_PROFILES=debug\n";
  const std::string scale = "\nhint: give one of them a `scale` of 1 or more\n";
  EXPECT_THAT(load_bad("services:\n" + off), HasSubstr(turn_on));
  EXPECT_THAT(load_bad("services:\n" + none), HasSubstr(scale));
  EXPECT_THAT(load_bad("services:\n" + both), HasSubstr(scale));
  EXPECT_THAT(load_bad("services:\n" + both + none + off), HasSubstr(turn_on));
}

TEST(Names, OfServicesConsistOfLettersDigitsAndSomeSigns) {
  load_good("services: {a.B_c-9: {command: a}}\n");
  EXPECT_THAT(load_bad("services: {\"a b\": {command: a}}\n"),
              HasSubstr("error: `a b` is no name for a service"));
  EXPECT_THAT(load_bad("services: {\"a\\x1b[31m\": {command: a}}\n"),
              testing::Not(HasSubstr("\x1b")));
}

TEST(Names, OfTheWholeAreAsInCompose) {
  EXPECT_EQ(load_good("name: shop-2\nservices: {a: {command: a}}\n").container().name, "shop-2");
  EXPECT_THAT(load_bad("name: Shop\nservices: {a: {command: a}}\n"),
              HasSubstr("pid1.yaml:1:7: error:"));
}

TEST(Values, CannotHoldANulByte) {
  EXPECT_THAT(load_bad("services: {a: {command: [\"a\\0b\"]}}\n"), HasSubstr("NUL"));
}

}  // namespace
}  // namespace pid1::config
