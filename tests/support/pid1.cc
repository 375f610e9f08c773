#include "tests/support/pid1.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/processes.h"

namespace pid1::testing {

namespace {

// Far beyond what a busy machine takes: only a broken program reaches it.
constexpr std::chrono::seconds kDeadline(30);
constexpr std::chrono::milliseconds kLook(5);

int check(int result, const std::string& what) {
  if (result < 0) throw std::runtime_error("cannot " + what + ": " + std::strerror(errno));
  return result;
}

// False at its end, or when there is nothing for now.
bool read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace

std::vector<Event> Pid1::expect_sequence(const std::vector<Matcher>& sequence) {
  const Deadline deadline = std::chrono::steady_clock::now() + kDeadline;
  std::vector<Event> found;
  std::size_t from = 0;
  for (const Matcher& matcher : sequence) {
    const std::size_t at = await(matcher, std::max(from, seen_[matcher.who]), deadline);
    found.push_back(events_[at]);
    from = seen_[matcher.who] = at + 1;
  }
  return found;
}

std::vector<Event> Pid1::expect_all(const std::vector<Matcher>& matchers) {
  const Deadline deadline = std::chrono::steady_clock::now() + kDeadline;
  const std::map<std::string, std::size_t> before = seen_;
  std::vector<Event> found;
  for (const Matcher& matcher : matchers) {
    const auto from = before.find(matcher.who);
    const std::size_t at = await(matcher, from == before.end() ? 0 : from->second, deadline);
    found.push_back(events_[at]);
    seen_[matcher.who] = std::max(seen_[matcher.who], at + 1);
  }
  return found;
}

// The place of the first event from `from` on that matches.
std::size_t Pid1::await(const Matcher& matcher, std::size_t from, Deadline deadline) {
  for (;; ++from) {
    while (from >= events_.size()) {
      if (!pump(deadline) && from >= events_.size()) {
        fail("this did not come, or not in this order: " + matcher.describe());
      }
    }
    if (matcher.matches(events_[from])) return from;
  }
}

void Pid1::expect_log(std::string_view text) { expect_text(err_, text); }

void Pid1::expect_output(std::string_view text) { expect_text(out_, text); }

void Pid1::expect_text(Stream& stream, std::string_view text) {
  const Deadline deadline = std::chrono::steady_clock::now() + kDeadline;
  std::size_t at = 0;
  while ((at = stream.text.find(text, stream.seen)) == std::string::npos) {
    if (!pump(deadline)) fail("nobody wrote: " + std::string(text));
  }
  stream.seen = at + text.size();
}

void Pid1::expect_eventually(const std::string& what, const std::function<bool()>& reached) {
  const Deadline deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!reached()) {
    const Deadline next = std::chrono::steady_clock::now() + kLook;
    if (next > deadline || exit_code_) fail("never " + what);
    pump(next);
  }
}

int Pid1::wait() {
  const Deadline deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!exit_code_) {
    if (!pump(deadline)) fail("it did not end");
  }
  return *exit_code_;
}

// Reads what there is, waiting for it until the deadline. False where nothing more can come.
bool Pid1::pump(Deadline deadline) {
  if (exit_code_) return false;
  std::array<pollfd, 4> sources{{{process_.pidfd, POLLIN, 0},
                                 {events_fd_, POLLIN, 0},
                                 {out_.fd, POLLIN, 0},
                                 {err_.fd, POLLIN, 0}}};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  const int ready =
      poll(sources.data(), sources.size(), std::max(0, static_cast<int>(left.count())));
  if (ready <= 0) return false;
  reap_if_ended();
  drain();
  return true;
}

void Pid1::reap_if_ended() {
  int status = 0;
  if (waitpid(process_.pid, &status, WNOHANG) != process_.pid) return;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Pid1::drain() {
  for (Stream* stream : {&out_, &err_}) {
    if (stream->fd < 0) continue;
    while (read_some(stream->fd, stream->text)) {
    }
    // poll() would report an end for ever.
    pollfd ended{stream->fd, POLLIN, 0};
    if (poll(&ended, 1, 0) == 1 && (ended.revents & POLLIN) == 0) {
      close(stream->fd);
      stream->fd = -1;
    }
  }
  drain_events();
}

void Pid1::drain_events() {
  while (read_some(events_fd_, unfinished_)) {
  }
  std::size_t begin = 0;
  for (std::size_t end; (end = unfinished_.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    events_.push_back(from_line(unfinished_.substr(begin, end - begin)));
  }
  unfinished_.erase(0, begin);
}

int Pid1::count(const Matcher& matcher) const {
  int count = 0;
  for (const Event& event : events_) count += matcher.matches(event) ? 1 : 0;
  return count;
}

void Pid1::signal(int signo) const {
  check(static_cast<int>(syscall(SYS_pidfd_send_signal, process_.pidfd, signo, nullptr, 0)),
        "signal pid1");
}

void Pid1::signal_inside(pid_t pid, int signo) {
  if (signal_in_namespace(process_.pidfd, pid, signo)) return;
  drain();
  fail("no process " + std::to_string(pid));
}

pid_t Pid1::pid_of(const std::string& who) const {
  for (const Event& event : events_) {
    if (event.who == who && event.what == "started") return event.number("pid");
  }
  fail("nobody is called " + who);
}

void Pid1::type(std::string_view keys) const {
  const ssize_t typed = write(terminal_fd_, keys.data(), keys.size());
  check(typed == static_cast<ssize_t>(keys.size()) ? 0 : -1, "type");
}

void Pid1::open_gate(const std::string& name) const {
  const std::string path = folder_ + '/' + name;
  mkfifo(path.c_str(), 0666);  // there already, where the program came first
  const int fd = check(open(path.c_str(), O_WRONLY | O_CLOEXEC), "open the gate " + path);
  close(fd);
}

void Pid1::set_limit(const Limit& limit) const {
  rlimit values{};
  const auto name = static_cast<__rlimit_resource>(limit.resource);
  check(prlimit(process_.pid, name, nullptr, &values), "read a limit");
  values.rlim_cur = limit.soft;
  check(prlimit(process_.pid, name, &values, nullptr), "change a limit");
}

std::vector<Process> Pid1::processes() const { return processes_under(process_.pid); }

std::string Pid1::content_of(const std::string& name) const {
  std::ifstream file(folder_ + '/' + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The first process's also while it has mounted no /proc yet.
std::string Pid1::proc_path(pid_t pid, const std::string& name) const {
  const std::string first = "/proc/" + std::to_string(process_.pid) + '/';
  return pid == 1 ? first + name : first + "root/proc/" + std::to_string(pid) + '/' + name;
}

std::string Pid1::proc_file(pid_t pid, const std::string& name) const {
  std::ifstream file(proc_path(pid, name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Pid1::link_of(pid_t pid, const std::string& name) const {
  std::error_code error;
  return std::filesystem::read_symlink(proc_path(pid, name), error).string();
}

pid_t Pid1::foreground_group() const {
  for (const Process& process : processes()) {
    if (process.foreground > 0) return process.foreground;
  }
  return 0;
}

bool Pid1::blocks(int signo) const {
  constexpr std::string_view kKey = "\nSigBlk:\t";
  const std::string status = proc_file(1, "status");
  const std::size_t at = status.find(kKey);
  if (at == std::string::npos) return false;
  const unsigned long long mask = std::stoull(status.substr(at + kKey.size(), 16), nullptr, 16);
  return (mask >> (signo - 1) & 1) != 0;
}

bool Pid1::is_asleep() const {
  const std::string status = proc_file(1, "status");
  const std::string none(16, '0');
  return status.starts_with("Name:\tpid1\n") && status.find("\nState:\tS") != std::string::npos &&
         status.find("\nSigPnd:\t" + none) != std::string::npos &&
         status.find("\nShdPnd:\t" + none) != std::string::npos;
}

void Pid1::fail(const std::string& what) const {
  std::string message = what + '\n';
  if (exit_code_) message += "pid1 ended with " + std::to_string(*exit_code_) + '\n';
  message += "--- events, all " + std::to_string(events_.size()) + '\n';
  const std::size_t first = events_.size() > 100 ? events_.size() - 100 : 0;
  for (std::size_t i = first; i < events_.size(); ++i) {
    Event event = events_[i];
    if (event.what == "started") event.facts = {{"pid", event["pid"]}, {"ppid", event["ppid"]}};
    message += to_line(event);
  }
  message += "--- standard error\n" + err_.text + "--- standard output\n" + out_.text;
  if (!exit_code_) {
    message += "--- processes\n";
    for (const Process& process : processes()) {
      message += std::to_string(process.pid) + ' ' + process.state + ' ' + process.command + '\n';
    }
  }
  throw std::runtime_error(message);
}

}  // namespace pid1::testing
