#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::testing {

// What a test program says about itself: one line of an event channel, at most PIPE_BUF bytes, so
// that lines of several writers never mix and their order is the order of the writes.
struct Event {
  std::string who;   // the name that the program was given
  std::string what;  // "started", "signal", "exiting", …
  std::map<std::string, std::string> facts;

  // A fact by its name. Throws where it wasn't reported.
  const std::string& operator[](const std::string& fact) const;
  int number(const std::string& fact) const;
};

// One line, with its newline. Whatever a fact holds, the line stays one line.
std::string to_line(const Event& event);
// The inverse of to_line(), without the newline. Throws where the line is none of ours.
Event from_line(std::string_view line);

// Matches an event by its name and by those facts that are named.
struct Matcher {
  std::string who;
  std::string what;
  std::map<std::string, std::string> facts;

  bool matches(const Event& event) const;
  std::string describe() const;
};

Matcher started(std::string who);
Matcher received(std::string who, int signo);
Matcher exiting(std::string who);
Matcher exiting(std::string who, int code);
// `what` is any report of the program: "continued", "reached" …
Matcher reported(std::string who, std::string what);

}  // namespace pid1::testing
