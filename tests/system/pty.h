#pragma once

#include <functional>
#include <string>

#include "supervisor/system/unique_fd.h"

namespace pid1::system::testing {

// A terminal that nobody controls yet: what is typed at it is written to its master.
class Pty {
 public:
  Pty();

  int master() const { return master_.get(); }
  // Without becoming the controlling terminal; closed on exec.
  UniqueFd open_slave() const;
  // As its session leader's controlling terminal; ends a process that leads none.
  void control() const;

 private:
  UniqueFd master_;
  std::string path_;
};

// Runs `test` in a forked child that leads a session whose controlling terminal is a new one: the
// descriptor that it is given.
void in_terminal_session(const std::function<void(int terminal)>& test);

// Of /proc/PID/stat (proc(5)).
struct JobFacts {
  int pid = 0;
  int group = 0;
  int session = 0;
  int terminal = 0;    // device number; 0: no controlling terminal
  int foreground = 0;  // its foreground group; -1: no controlling terminal
};
JobFacts job_facts(const std::string& stat);

}  // namespace pid1::system::testing
