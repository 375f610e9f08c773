#pragma once

#include <map>
#include <string>

namespace pid1::testing {

// The writing end of an event channel: the FIFO `events` in the folder that the environment
// variable PROBE_DIR names. For programs that pid1 runs; each test program names itself.
class Channel {
 public:
  // Ends the program with code 125 where there is no such FIFO.
  explicit Channel(std::string who);

  // Who speaks from now on; a forked child renames itself.
  void rename(std::string who) { who_ = std::move(who); }
  const std::string& who() const { return who_; }

  void report(const std::string& what, std::map<std::string, std::string> facts = {}) const;

 private:
  std::string who_;
  int fd_;
};

// The folder that a test program shares with its test.
std::string shared_path(const std::string& name);

}  // namespace pid1::testing
