// A test program that says what happens to it and does as it is told.
//
//   probe NAME [ACTION…]     the actions in order, then `run`
//
//   run                      wait for signals, report each; TERM ends it with code 0
//   deaf                     … TERM doesn't
//   on=SIGNAL:CODE           … this signal ends it with this code
//   die-on=SIGNAL            … this signal kills it, as it would by default
//   take=SIGNAL              … this signal does what it does by default, unseen
//   exit=CODE, crash=SIGNAL  end
//   fail-times=N:CODE        exit with CODE, but only the first N times
//   stop-self                SIGSTOP; then reports "continued"
//   last=MILLISECONDS        go on after that time, deaf to everything
//   gate=FILE                wait until somebody opens this FIFO for writing
//   say=TEXT                 report "said"
//   print=TEXT, complain=TEXT  a line on standard output, standard error
//   env=NAME, argv, environment, wall-clock  report it
//   send=PID:SIGNAL          send it
//   touch=FILE, remove=FILE  create a file, remove it
//   exit-without=FILE:CODE   exit with CODE unless the file is there
//   notify=TEXT              to $NOTIFY_SOCKET; a '|' in it stands for a newline
//   helper=TEXT              the same by a child that has ended and is reaped then
//   notify-main=NAME         the same: MAINPID= of the child that fork=NAME made
//   write=FD:TEXT            a line to a descriptor
//   listen=PORT              a TCP socket on 127.0.0.1 that accepts nothing, and keeps listening
//   setsid, setpgid          leave the session, the group
//   become=USER              change all of its user ids to this number
//   fork=NAME begin … end    a child that goes on with what stands between
//   flee                     live on in a child of its own, again and again, five thousand times a
//                            second
//   orphans=N                leave N dead grandchildren behind, all in one moment
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/signal_names.h"
#include "tests/support/channel.h"
#include "tests/support/probe_facts.h"
#include "tests/support/probe_signals.h"
#include "tests/support/probe_sockets.h"

namespace pid1::testing {

namespace {

using Words = std::span<const std::string_view>;

[[noreturn]] void misused(std::string_view word) {
  const std::string line = "probe: cannot understand " + std::string(word) + '\n';
  (void)!write(2, line.data(), line.size());
  _exit(125);
}

int to_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    misused(text);
  }
  return std::stoi(std::string(text));
}

int to_signal(std::string_view text) {
  const auto signo = parse_signal(text);
  return signo ? *signo : (misused(text), 0);
}

std::pair<std::string_view, std::string_view> split(std::string_view text, char at) {
  const std::size_t place = text.find(at);
  if (place == std::string_view::npos) return {text, {}};
  return {text.substr(0, place), text.substr(place + 1)};
}

class Probe {
 public:
  Probe(Channel& channel, int argc, char** argv) : channel_(channel), argc_(argc), argv_(argv) {}

  // Never returns: a script that doesn't end by itself ends with `run`.
  [[noreturn]] void follow(Words words) {
    while (!words.empty()) {
      const std::string_view word = words.front();
      words = words.subspan(1);
      const auto [verb, value] = split(word, '=');
      if (verb == "fork") {
        words = fork_child(value, words);
      } else if (!act(verb, value) && !set_up(verb, value)) {
        misused(word);
      }
    }
    run();
  }

 private:
  // What ends the program or changes what ends it.
  bool set_up(std::string_view verb, std::string_view value) {
    if (verb == "run") run();
    if (verb == "exit") leave(to_number(value));
    if (verb == "crash") {
      channel_.report("crashing");
      die_by(to_signal(value));
    }
    if (verb == "fail-times") {
      const auto [times, code] = split(value, ':');
      if (count_run() <= to_number(times)) leave(to_number(code));
    } else if (verb == "exit-without") {
      const auto [file, code] = split(value, ':');
      const bool is_there = access(shared_path(std::string(file)).c_str(), F_OK) == 0;
      if (!is_there) leave(to_number(code));
    } else if (verb == "deaf") {
      ends_.clear();
    } else if (verb == "on") {
      const auto [name, code] = split(value, ':');
      ends_[to_signal(name)] = to_number(code);
    } else if (verb == "die-on") {
      ends_[to_signal(value)] = kDie;
    } else if (verb == "take") {
      unblock_signal(to_signal(value));
    } else {
      return false;
    }
    return true;
  }

  bool act(std::string_view verb, std::string_view value) {
    if (verb == "stop-self") {
      channel_.report("stopping-self");
      raise(SIGSTOP);
      channel_.report("continued");
    } else if (verb == "last") {
      const int milliseconds = to_number(value);
      const timespec time{milliseconds / 1000, milliseconds % 1000 * 1000000L};
      nanosleep(&time, nullptr);  // no event to await: this is what the service does
    } else if (verb == "gate") {
      pass_gate(shared_path(std::string(value)));
    } else if (verb == "say") {
      channel_.report("said", {{"text", std::string(value)}});
    } else if (verb == "print") {
      print(1, value);
    } else if (verb == "complain") {
      print(2, value);
    } else if (verb == "touch") {
      close(creat(shared_path(std::string(value)).c_str(), 0666));
    } else if (verb == "remove") {
      unlink(shared_path(std::string(value)).c_str());
    } else if (verb == "notify") {
      if (!send_notification(std::string(value))) misused(verb);
    } else if (verb == "helper") {
      notify_by_child(std::string(value));
    } else if (verb == "notify-main") {
      const pid_t child = children_.at(std::string(value));
      if (!send_notification("MAINPID=" + std::to_string(child))) misused(verb);
    } else if (verb == "write") {
      const auto [fd, text] = split(value, ':');
      print(to_number(fd), text);
    } else if (verb == "listen") {
      if (!listen_on(to_number(value))) misused(verb);
    } else if (verb == "send") {
      const auto [pid, name] = split(value, ':');
      kill(to_number(pid), to_signal(name));
    } else if (verb == "setsid") {
      setsid();
    } else if (verb == "become") {
      const auto user = static_cast<uid_t>(to_number(value));
      if (setresuid(user, user, user) != 0) misused(value);
    } else if (verb == "setpgid") {
      setpgid(0, 0);
    } else if (verb == "flee") {
      flee();
    } else if (verb == "orphans") {
      leave_orphans(to_number(value));
    } else {
      return tell(verb, value);
    }
    return true;
  }

  bool tell(std::string_view verb, std::string_view value) {
    if (verb == "env") {
      const char* found = std::getenv(std::string(value).c_str());
      if (found == nullptr) {
        channel_.report("env", {{"name", std::string(value)}});
      } else {
        channel_.report("env", {{"name", std::string(value)}, {"value", found}});
      }
    } else if (verb == "argv") {
      std::map<std::string, std::string> facts;
      for (int i = 0; i < argc_; ++i) facts[std::to_string(i)] = argv_[i];
      channel_.report("argv", std::move(facts));
    } else if (verb == "environment") {
      channel_.report("environment", own_environment());
    } else if (verb == "wall-clock") {
      timespec now{};
      clock_gettime(CLOCK_REALTIME, &now);
      channel_.report("wall-clock", {{"seconds", std::to_string(now.tv_sec)}});
    } else {
      return false;
    }
    return true;
  }

  [[noreturn]] static void flee() {
    constexpr timespec kStay{0, 200'000};
    for (;;) {
      if (fork() > 0) _exit(0);
      nanosleep(&kStay, nullptr);  // no event to await: this is what it does
    }
  }

  void pass_gate(const std::string& path) const {
    mkfifo(path.c_str(), 0666);  // there already, where the test came first
    channel_.report("waiting");
    close(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }

  static void print(int fd, std::string_view text) {
    const std::string line = std::string(text) + '\n';
    (void)!write(fd, line.data(), line.size());
  }

  static void notify_by_child(const std::string& text) {
    const pid_t child = fork();
    if (child == 0) _exit(send_notification(text) ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) misused("helper");
  }

  // How many runs of this name there were, this one included.
  int count_run() const {
    const std::string path = shared_path(channel_.who() + ".runs");
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    (void)!write(fd, ".", 1);
    const auto runs = lseek(fd, 0, SEEK_END);
    close(fd);
    return static_cast<int>(runs);
  }

  Words fork_child(std::string_view name, Words words) {
    if (words.empty() || words.front() != "begin") misused("fork without begin");
    std::size_t end = 1;
    for (int depth = 1; depth > 0; ++end) {
      if (end == words.size()) misused("begin without end");
      if (words[end] == "begin") ++depth;
      if (words[end] == "end") --depth;
    }
    const pid_t child = fork();
    if (child != 0) children_[std::string(name)] = child;
    if (child == 0) {
      channel_.rename(std::string(name));
      ends_ = {{SIGTERM, 0}};
      channel_.report("started", own_facts());
      follow(words.subspan(1, end - 2));
    }
    return words.subspan(end);
  }

  // Zombies keep next to no memory, so that even 20,000 cost little; their parent's end hands them
  // all to the next reaper at once.
  void leave_orphans(int count) {
    const pid_t parent = fork();
    if (parent == 0) {
      for (int i = 0; i < count; ++i) {
        // NOLINTNEXTLINE(bugprone-unsafe-functions): posix_spawn has no child that ends at once
        const pid_t child = vfork();
        if (child == 0) _exit(0);
        if (child < 0) _exit(125);
      }
      _exit(0);
    }
    int status = 0;
    waitpid(parent, &status, 0);
    channel_.report(status == 0 ? "orphaned" : "failed-to-orphan");
  }

  [[noreturn]] void run() {
    channel_.report("running");
    for (;;) {
      const auto [signo, sender] = await_signal();
      if (signo == SIGCHLD) {
        while (waitpid(-1, nullptr, WNOHANG) > 0) {
        }
      } else if (signo > 0) {
        channel_.report("signal",
                        {{"signo", std::to_string(signo)}, {"from", std::to_string(sender)}});
        obey(signo);
      }
    }
  }

  void obey(int signo) {
    const auto found = ends_.find(signo);
    if (found == ends_.end()) return;
    if (found->second == kDie) die_by(signo);
    leave(found->second);
  }

  [[noreturn]] void leave(int code) {
    channel_.report("exiting", {{"code", std::to_string(code)}});
    _exit(code);
  }

  static constexpr int kDie = -1;

  Channel& channel_;
  int argc_;
  char** argv_;
  std::map<int, int> ends_ = {{SIGTERM, 0}};  // signal → exit code, or kDie
  std::map<std::string, pid_t> children_;
};

}  // namespace

}  // namespace pid1::testing

int main(int argc, char** argv) {
  if (argc < 2) pid1::testing::misused("no name");
  auto facts = pid1::testing::own_facts();
  pid1::testing::block_signals();
  pid1::testing::Channel channel(argv[1]);
  channel.report("started", std::move(facts));
  const std::vector<std::string_view> words(argv + 2, argv + argc);
  pid1::testing::Probe(channel, argc, argv).follow(words);
}
