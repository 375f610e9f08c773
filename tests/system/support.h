#pragma once

#include <sys/types.h>

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "supervisor/system/spawner.h"
#include "supervisor/system/system.h"

namespace pid1::system::testing {

// Strings as execve wants them: pointers, the last one null.
class StringList {
 public:
  StringList(std::initializer_list<std::string> strings);
  ~StringList() = default;
  StringList(const StringList&) = delete;
  StringList& operator=(const StringList&) = delete;

  std::span<const char* const> span() const { return pointers_; }

 private:
  std::vector<std::string> strings_;
  std::vector<const char*> pointers_;
};

// A directory under /tmp that any user may enter; removed with all it holds.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void write_file(const std::string& path, const std::string& text, unsigned mode = 0644);

// Spawns the request with its stdout in a pipe, and returns what it wrote until it ended.
std::string output_of(Spawner& spawner, SpawnRequest request);

// The value of a line `key:\tvalue` of /proc/PID/status, or all of an absent key's "(absent)".
std::string status_value(const std::string& status, const std::string& key);

// Forks a child that runs `body`, then tells its number and pauses for ever. Returns when it has
// told: a pipe is the event awaited.
pid_t start_pausing(const std::function<void()>& body = [] {});

// Starts an orphan with a session of its own, adopted by whoever adopts here.
pid_t start_daemon();

// Waits until a child has been stopped, and leaves that to be told.
void await_stop(pid_t pid);

// Waits until a child has ended, and reaps it.
Reaped await_any_end();

// Reaps until no child is left; blocks while some live. Returns how many ended by `signo`.
int reap_all(System& system, int signo);

// Runs `test` in a forked child, so that it may change its process; EXPECT_ in it counts here.
void in_child(const std::function<void()>& test);

// Runs `test` as PID 1 of a PID namespace of its own, with its own /proc.
void in_pid_namespace(const std::function<void()>& test);

// Descriptors of this process that are open.
int count_descriptors();

}  // namespace pid1::system::testing
