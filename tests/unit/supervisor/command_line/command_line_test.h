#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "supervisor/command_line/options.h"

namespace pid1::supervisor {

// Command lines, words and variables, and what is understood of them.
class CommandLineTest : public ::testing::Test {
 protected:
  using Words = std::vector<const char*>;
  using Change = std::function<void(ProgramOptions&)>;

  // Words that change these options, and no others.
  struct Accepted {
    Words words;
    Change change;
  };
  // Words that are refused with this message.
  struct Refused {
    Words words;
    std::string message;
  };

  void SetUp() override { forget_variables(); }
  void TearDown() override { forget_variables(); }

  static Request parse(const Words& words) {
    return parse_command_line(static_cast<int>(words.size()), words.data());
  }
  static Options for_services(const Words& words) { return std::get<Options>(parse(words)); }
  static ProgramOptions for_program(const Words& words) {
    return std::get<ProgramOptions>(parse(words));
  }
  static Answer answered(const Words& words) { return std::get<Answer>(parse(words)); }

  // `words` before the program `app -x`, under this name.
  static Request parse_before_program(const char* name, Words words) {
    words.insert(words.begin(), name);
    words.insert(words.end(), {"app", "-x"});
    return parse(words);
  }

  static void expect_accepted(const char* name, const ProgramOptions& usual,
                              const std::vector<Accepted>& cases) {
    for (const auto& [words, change] : cases) {
      SCOPED_TRACE(joined(words));
      ProgramOptions expected = usual;
      expected.argv = {"app", "-x"};
      change(expected);
      const Request request = parse_before_program(name, words);
      const auto* options = std::get_if<ProgramOptions>(&request);
      if (options == nullptr) {
        ADD_FAILURE() << std::get<Answer>(request).text;
      } else {
        EXPECT_TRUE(*options == expected);
      }
    }
  }

  static void expect_refused(const char* name, int code, const std::vector<Refused>& cases) {
    for (const auto& [words, message] : cases) {
      SCOPED_TRACE(joined(words));
      const Request request = parse_before_program(name, words);
      const auto* answer = std::get_if<Answer>(&request);
      if (answer == nullptr) {
        ADD_FAILURE() << "it was accepted";
        continue;
      }
      EXPECT_EQ(answer->code, code);
      EXPECT_EQ(answer->stream, Answer::Stream::error);
      EXPECT_EQ(answer->text.substr(0, answer->text.find('\n')), message);
    }
  }

  static std::size_t at(int signo) { return static_cast<std::size_t>(signo); }

 private:
  static void forget_variables() {
    for (const char* name :
         {"PID1_CONFIG", "PID1_PROFILES", "PID1_LOG_LEVEL", "PID1_TERMINATION_LOG",
          "TINI_SUBREAPER", "TINI_KILL_PROCESS_GROUP", "TINI_VERBOSITY", "DUMB_INIT_DEBUG",
          "DUMB_INIT_SETSID", "CATATONIT_DEBUG"}) {
      unsetenv(name);
    }
  }

  static std::string joined(const Words& words) {
    std::string text;
    for (const char* word : words) text.append(word).append(" ");
    return text;
  }
};

}  // namespace pid1::supervisor
