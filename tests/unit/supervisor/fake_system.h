#pragma once

#include <csignal>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "supervisor/system/system.h"

namespace pid1::test {

// A kernel that does as it is told: processes that end when signalled, or don't; starts that fail.
// Deaths are told by a real SIGCHLD to this process, which the engine reads from a real signalfd.
class FakeSystem : public system::System {
 public:
  struct Sent {
    std::int32_t pid;
    int signo;
    bool operator==(const Sent&) const = default;
  };

  // Called after a start has succeeded, with the program's name.
  std::function<void(const std::string& program, std::int32_t pid)> on_spawn = [](auto&&...) {};
  // Called when a signal was sent to a process.
  std::function<void(int signo)> on_signal = [](int) {};
  // Called when a signal was sent to all that is left.
  std::function<void(int signo)> on_rest_signal = [](int) {};
  std::deque<system::SpawnError> spawn_errors;  // the next starts fail so
  std::set<std::string> deaf;                   // programs that only SIGKILL ends
  int signal_error = 0;                         // what every kill(2) answers; nothing is sent then
  std::map<std::int32_t, int> leftovers;        // members of a group besides its leader

  std::map<std::int32_t, int> stops;  // by which signal a process was stopped just now

  std::vector<std::string> spawned;  // programs, each try that was made
  std::vector<Sent> sent;
  std::vector<int> sent_to_rest;
  bool sees_rest = true;
  bool is_first_process = true;
  int reaps = 0;
  int self_stops = 0;

  struct Suspended {
    int signo;
    system::StopScope scope;
    bool operator==(const Suspended&) const = default;
  };
  bool has_shell_above = false;  // that continues us when we have stopped
  std::vector<Suspended> suspensions;

  void end(std::int32_t pid, int code) { die({.pid = pid, .status = code}); }
  void add_orphan() {
    zombies_.push_back({.pid = next_pid_++});
    raise(SIGCHLD);
  }

  // A process that lives, and that no service owns.
  std::int32_t adopt() {
    alive_[next_pid_] = "adopted";
    return next_pid_++;
  }

  system::SpawnResult spawn(const system::SpawnRequest& request) override {
    const std::string program = request.argv[0];
    spawned.push_back(program);
    if (!spawn_errors.empty()) {
      const system::SpawnError error = spawn_errors.front();
      spawn_errors.pop_front();
      return error;
    }
    const std::int32_t pid = next_pid_++;
    alive_[pid] = program;
    on_spawn(program, pid);
    return pid;
  }

  int signal_process(std::int32_t pid, int signo) override {
    if (signal_error != 0) return signal_error;
    sent.push_back({pid, signo});
    on_signal(signo);
    if (!alive_.contains(pid)) return 0;
    const bool ends = signo == SIGKILL || (signo == SIGTERM && !deaf.contains(alive_[pid]));
    if (ends) die({.pid = pid, .signaled = true, .status = signo});
    return 0;
  }

  int signal_group(std::int32_t pgid, int signo) override {
    sent.push_back({-pgid, signo});
    if (signo == SIGKILL && leftovers.erase(pgid) > 0) raise(SIGCHLD);
    if (alive_.contains(pgid)) return signal_process(pgid, signo);
    return 0;
  }

  bool group_exists(std::int32_t pgid) override {
    return alive_.contains(pgid) || leftovers.contains(pgid);
  }

  std::variant<system::Reaped, system::ReapEnd> reap() override {
    ++reaps;
    if (zombies_.empty()) {
      return alive_.empty() ? system::ReapEnd::no_children : system::ReapEnd::none_ended;
    }
    const system::Reaped reaped = zombies_.front();
    zombies_.pop_front();
    return reaped;
  }

  std::int32_t next_ended() override { return zombies_.empty() ? 0 : zombies_.front().pid; }

  bool is_child(std::int32_t pid) override { return alive_.contains(pid); }

  int stop_signal_of(std::int32_t pid) override {
    const auto found = stops.extract(pid);
    return found ? found.mapped() : 0;
  }

  void stop_self() override { ++self_stops; }

  bool suspend(int signo, system::StopScope scope) override {
    suspensions.push_back({signo, scope});
    return has_shell_above;
  }

  bool signal_rest(int signo) override {
    sent_to_rest.push_back(signo);
    on_rest_signal(signo);
    return sees_rest;
  }
  bool is_init() const override { return is_first_process; }

 private:
  void die(const system::Reaped& how) {
    alive_.erase(how.pid);
    zombies_.push_back(how);
    raise(SIGCHLD);
  }

  std::int32_t next_pid_ = 2;
  std::map<std::int32_t, std::string> alive_;
  std::deque<system::Reaped> zombies_;
};

}  // namespace pid1::test
