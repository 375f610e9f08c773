#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tests/support/pid1.h"
#include "tests/support/scratch.h"

namespace pid1::testing {

namespace {

// As large as an unprivileged process may have it: whoever writes to a test shouldn't wait for it.
constexpr int kPipeSize = 1 << 20;

int check(int result, const std::string& what) {
  if (result < 0) throw std::runtime_error("cannot " + what + ": " + std::strerror(errno));
  return result;
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path);
  file << content;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

struct PipeEnds {
  int read = -1;
  int write = -1;
};

PipeEnds make_pipe() {
  std::array<int, 2> ends;
  check(pipe2(ends.data(), O_CLOEXEC), "make a pipe");
  fcntl(ends[1], F_SETPIPE_SZ, kPipeSize);
  return {ends[0], ends[1]};
}

void fill(int fd) {
  const std::array<char, 4096> page{};
  fcntl(fd, F_SETFL, O_NONBLOCK);
  while (write(fd, page.data(), page.size()) > 0) {
  }
  fcntl(fd, F_SETFL, 0);
}

}  // namespace

Pid1::Pid1(const Container& container) : folder_(make_scratch_folder()) {
  prepare_files(container);
  Launch what = describe_launch(container);
  open_outputs(container, what);
  switch (container.terminal) {
    case Terminal::none: break;
    case Terminal::controlling: open_terminal(what); break;
  }
  process_ = launch(what);
  for (const int fd : {what.terminal_fd, what.stdout_fd, what.stderr_fd}) {
    if (fd >= 0) close(fd);
  }
}

Pid1::Pid1(const std::string& config)
    : Pid1(Container{.config = config, .environment = {{"PID1_LOG_LEVEL", "info"}}}) {}

Pid1::~Pid1() {
  if (!exit_code_) {
    kill(process_.pid, SIGKILL);
    waitpid(process_.pid, nullptr, 0);
  }
  for (const int fd : {process_.pidfd, events_fd_, out_.fd, err_.fd, terminal_fd_, kept_fd_}) {
    if (fd >= 0) close(fd);
  }
}

void Pid1::prepare_files(const Container& container) {
  if (!container.config.empty()) write_file(folder_ + "/pid1.yaml", container.config);
  for (const auto& [name, content] : container.files) write_file(folder_ + '/' + name, content);
  for (const auto& [name, content] : container.programs) {
    write_file(folder_ + '/' + name, content);
    check(chmod((folder_ + '/' + name).c_str(), 0755), "make executable " + name);
  }
  const std::string events = folder_ + "/events";
  check(mkfifo(events.c_str(), 0666), "make " + events);
  check(chmod(events.c_str(), 0666), "open up " + events);
  // For writing too: the channel never ends when one of its writers does.
  events_fd_ = check(open(events.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC), "open " + events);
  fcntl(events_fd_, F_SETPIPE_SZ, kPipeSize);
}

std::string Pid1::program_of(const Container& container) {
  if (!container.guard.empty()) return kScratchBin + "/guard";
  if (container.command.empty()) return kScratchBin + "/pid1";
  const std::string& program = container.command.front();
  return program.starts_with('/') ? program : kScratchBin + '/' + program;
}

Launch Pid1::describe_launch(const Container& container) {
  Launch what;
  what.program = program_of(container);
  if (!container.guard.empty()) {
    what.argv = container.guard;
    what.argv.insert(what.argv.begin(), "guard");
    what.argv.push_back(kScratchBin + "/pid1");
  }
  if (container.command.empty()) what.argv.push_back(container.argv0);
  what.argv.insert(what.argv.end(), container.command.begin(), container.command.end());
  if (!container.config.empty()) {
    what.argv.insert(what.argv.end(), {"--config", "pid1.yaml"});
  }
  what.argv.insert(what.argv.end(), container.args.begin(), container.args.end());
  what.working_dir = folder_;
  what.environment = {{"PATH", kScratchBin + ":/usr/bin:/bin"},
                      {"PROBE_DIR", folder_},
                      {"PID1_TERMINATION_LOG", folder_ + "/termination-log"}};
  for (const auto& [name, value] : container.environment) what.environment[name] = value;
  int count = 0;
  for (const auto& [path, content] : container.replaced) {
    const std::string replacement = folder_ + "/replaced" + std::to_string(++count);
    write_file(replacement, content);
    what.bind_mounts.emplace_back(replacement, path);
  }
  what.restrictions = container.restrictions;
  what.user = container.user;
  what.limits = container.limits;
  what.blocked = container.blocked;
  what.ignored = container.ignored;
  what.descriptors = container.descriptors;
  what.umask = container.umask;
  what.cgroup_procs =
      container.cgroup != nullptr ? container.cgroup->procs_file() : container.cgroup_procs;
  return what;
}

void Pid1::open_terminal(Launch& launch) {
  terminal_fd_ = check(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "make a terminal");
  check(grantpt(terminal_fd_), "make a terminal");
  check(unlockpt(terminal_fd_), "make a terminal");
  launch.terminal_fd =
      check(open(ptsname(terminal_fd_), O_RDWR | O_NOCTTY | O_CLOEXEC), "open the terminal");
}

void Pid1::open_outputs(const Container& container, Launch& launch) {
  const PipeEnds out = make_pipe();
  launch.stdout_fd = out.write;
  switch (container.output) {
    case Output::captured: {
      const PipeEnds err = make_pipe();
      launch.stderr_fd = err.write;
      out_.fd = out.read;
      err_.fd = err.read;
      fcntl(out_.fd, F_SETFL, O_NONBLOCK);
      fcntl(err_.fd, F_SETFL, O_NONBLOCK);
      return;
    }
    case Output::blocked:
      fill(out.write);
      launch.stderr_fd = check(fcntl(out.write, F_DUPFD_CLOEXEC, 3), "duplicate a pipe");
      kept_fd_ = out.read;
      return;
    case Output::abandoned:
      launch.stderr_fd = check(fcntl(out.write, F_DUPFD_CLOEXEC, 3), "duplicate a pipe");
      close(out.read);
      return;
  }
}

}  // namespace pid1::testing
