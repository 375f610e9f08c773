#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/event.h"
#include "tests/support/launch.h"
#include "tests/support/pids_cgroup.h"
#include "tests/support/processes.h"

namespace pid1::testing {

// What pid1's standard output and standard error are.
enum class Output {
  captured,
  blocked,    // a pipe that is full, and that nobody reads
  abandoned,  // a pipe whose reader has gone
};

// What the first process has for a terminal.
enum class Terminal {
  none,
  controlling,  // its standard input and output, in whose foreground it is
};

// What runs, and in what surroundings; the current directory is a new folder. In `config`, `probe`
// is the test program (tests/support/probe.cc).
struct Container {
  std::string config = {};                           // given with --config, unless empty
  std::vector<std::string> args = {};                // after that
  std::map<std::string, std::string> files = {};     // beside the configuration: name → content
  std::map<std::string, std::string> programs = {};  // the same, executable
  std::map<std::string, std::string> environment = {};
  std::map<std::string, std::string> replaced =
      {};  // path of an existing file → content, only inside
  std::string argv0 = "pid1";
  // Not empty: runs in pid1's place; the program is one of kScratchBin, or /bin/sh. `pid1` is in
  // its PATH, and so is each name of other inits.
  std::vector<std::string> command = {};
  std::vector<std::string> guard =
      {};  // not empty: `guard` is PID 1, with these flags; pid1 its child
  std::set<Restriction> restrictions = {};
  std::optional<uid_t> user = {};
  std::vector<Limit> limits = {};
  std::vector<int> blocked = {};      // signals; a mask to be handed on
  std::vector<int> ignored = {};      // likewise
  std::vector<int> descriptors = {};  // open besides the standard ones
  std::optional<mode_t> umask = {};
  Terminal terminal = Terminal::none;
  PidsCgroup* cgroup = nullptr;
  std::string cgroup_procs = {};  // of another cgroup, instead
  Output output = Output::captured;
};

// The program under test, as PID 1 of a PID namespace of its own. With this object goes everything
// in it.
//
// Waiting is for events, with a deadline that only a broken program reaches; then an exception ends
// the test, and says what happened instead.
class Pid1 {
 public:
  explicit Pid1(const Container& container);
  // With nothing but a configuration, and what is logged from `info` on.
  explicit Pid1(const std::string& config);
  ~Pid1();
  Pid1(const Pid1&) = delete;
  Pid1& operator=(const Pid1&) = delete;

  // Awaits these in this order; others may come between. What a program reported before the last of
  // its events that was awaited is not looked at again by later calls; other programs' events are,
  // for which of several programs comes first is chance unless one sequence says otherwise.
  std::vector<Event> expect_sequence(const std::vector<Matcher>& sequence);
  Event expect(const Matcher& matcher) { return expect_sequence({matcher}).front(); }
  // Awaits these in any order.
  std::vector<Event> expect_all(const std::vector<Matcher>& matchers);
  // Awaits a text in what was written to standard error, or standard output, after the last text so
  // awaited.
  void expect_log(std::string_view text);
  void expect_output(std::string_view text);
  // Awaits a state that nobody announces, and that has to be looked for.
  void expect_eventually(const std::string& what, const std::function<bool()>& reached);
  // Awaits the end: the exit code, or 128 + the signal's number.
  int wait();

  // To pid1; with a guard, through it.
  void signal(int signo) const;
  // To a process inside, by its number there, from outside the namespace.
  void signal_inside(pid_t pid, int signo);
  // The number of a program inside, as it has reported it.
  pid_t pid_of(const std::string& who) const;
  // Of the terminal, by its number inside; 0: it has none there.
  pid_t foreground_group() const;
  // What a person's keys write to the terminal.
  void type(std::string_view keys) const;
  // Lets a program's `gate=NAME` go on.
  void open_gate(const std::string& name) const;
  // Changes a limit of the namespace's first process.
  void set_limit(const Limit& limit) const;

  // All there was so far.
  const std::vector<Event>& events() const { return events_; }
  int count(const Matcher& matcher) const;
  const std::string& err() const { return err_.text; }
  const std::string& out() const { return out_.text; }
  std::vector<Process> processes() const;
  const std::string& folder() const { return folder_; }
  std::string content_of(const std::string& name) const;
  // A file of proc(5) of a process inside, by its number there: "1", "status".
  std::string proc_file(pid_t pid, const std::string& name) const;
  // Where a link there leads.
  std::string link_of(pid_t pid, const std::string& name) const;
  // Whether the first process blocks a signal: pid1 does from its first instructions on.
  bool blocks(int signo) const;
  // Whether the first process is pid1 already, waits for an event, and has no signal left to deal
  // with.
  bool is_asleep() const;

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Stream {
    int fd = -1;
    std::string text;
    std::size_t seen = 0;
  };

  void prepare_files(const Container& container);
  Launch describe_launch(const Container& container);
  static std::string program_of(const Container& container);
  void open_terminal(Launch& launch);
  void open_outputs(const Container& container, Launch& launch);
  bool pump(Deadline deadline);
  std::string proc_path(pid_t pid, const std::string& name) const;
  void drain();
  void drain_events();
  void expect_text(Stream& stream, std::string_view text);
  void reap_if_ended();
  std::size_t await(const Matcher& matcher, std::size_t from, Deadline deadline);
  [[noreturn]] void fail(const std::string& what) const;

  std::string folder_;
  Launched process_;
  std::optional<int> exit_code_;
  int events_fd_ = -1;
  std::string unfinished_;
  std::vector<Event> events_;
  std::map<std::string, std::size_t> seen_;  // program → place behind its last awaited event
  Stream out_;
  Stream err_;
  int terminal_fd_ = -1;  // the master
  int kept_fd_ = -1;      // the end of a blocked pipe that must stay open
};

}  // namespace pid1::testing
