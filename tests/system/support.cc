#include "tests/system/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "supervisor/system/unique_fd.h"
#include "supervisor/system/wait.h"

namespace pid1::system::testing {
namespace {

// Ends this process with what its own expectations came to.
[[noreturn]] void exit_with_verdict() {
  fflush(nullptr);
  _exit(::testing::Test::HasFailure() ? 1 : 0);
}

void expect_success_of(pid_t pid) {
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the expectations printed above failed in a child";
}

void write_proc(const char* path, const std::string& text) {
  const UniqueFd file(open(path, O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(file) << path;
  ASSERT_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size())) << path;
}

// Without root, a user namespace gives the right to make the others.
void enter_namespaces() {
  const std::string uid = std::to_string(geteuid());
  const std::string gid = std::to_string(getegid());
  const int user = geteuid() == 0 ? 0 : CLONE_NEWUSER;
  ASSERT_EQ(unshare(user | CLONE_NEWPID | CLONE_NEWNS), 0) << strerror(errno);
  if (user != 0) {
    write_proc("/proc/self/setgroups", "deny");
    write_proc("/proc/self/uid_map", "0 " + uid + " 1");
    write_proc("/proc/self/gid_map", "0 " + gid + " 1");
  }
  ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0) << strerror(errno);
}

}  // namespace

StringList::StringList(std::initializer_list<std::string> strings) : strings_(strings) {
  for (const std::string& string : strings_) pointers_.push_back(string.c_str());
  pointers_.push_back(nullptr);
}

TemporaryDirectory::TemporaryDirectory() {
  char name[] = "/tmp/pid1-test-XXXXXX";
  path_ = mkdtemp(name);
  chmod(name, 0755);
}

TemporaryDirectory::~TemporaryDirectory() { std::filesystem::remove_all(path_); }

void write_file(const std::string& path, const std::string& text, unsigned mode) {
  std::ofstream(path) << text;
  ASSERT_EQ(chmod(path.c_str(), mode), 0) << path;
}

std::string output_of(Spawner& spawner, SpawnRequest request) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  request.stdout_fd = writing.get();
  const SpawnResult result = spawner.spawn(request);
  writing.reset();
  const auto* const pid = std::get_if<std::int32_t>(&result);
  if (pid == nullptr) {
    const SpawnError error = std::get<SpawnError>(result);
    ADD_FAILURE() << "step " << static_cast<int>(error.step) << ": " << strerror(error.error);
    return {};
  }
  std::string output;
  char buffer[4096];
  for (ssize_t bytes; (bytes = read(reading.get(), buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(bytes));
  }
  await_end(*pid);
  return output;
}

std::string status_value(const std::string& status, const std::string& key) {
  const std::string begin = "\n" + key + ":\t";
  const std::size_t found = ("\n" + status).find(begin);
  if (found == std::string::npos) return "(absent)";
  const std::size_t value = found + begin.size() - 1;
  const std::string text = status.substr(value, status.find('\n', value) - value);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

pid_t start_pausing(const std::function<void()>& body) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    body();
    const pid_t self = getpid();
    if (write(ends[1], &self, sizeof self) != sizeof self) _exit(1);
    for (;;) pause();
  }
  pid_t told = 0;
  EXPECT_EQ(read(ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
  close(ends[0]);
  close(ends[1]);
  return pid;
}

pid_t start_daemon() {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    setsid();
    const pid_t daemon = start_pausing();
    if (write(ends[1], &daemon, sizeof daemon) != sizeof daemon) _exit(1);
    _exit(0);
  }
  pid_t daemon = 0;
  EXPECT_EQ(read(ends[0], &daemon, sizeof daemon), static_cast<ssize_t>(sizeof daemon));
  EXPECT_EQ(waitpid(parent, nullptr, 0), parent);
  close(ends[0]);
  close(ends[1]);
  return daemon;
}

void await_stop(pid_t pid) {
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOWAIT), 0);
}

Reaped await_any_end() {
  siginfo_t info = {};
  EXPECT_EQ(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
  const auto end = reap();
  EXPECT_TRUE(std::holds_alternative<Reaped>(end));
  return std::holds_alternative<Reaped>(end) ? std::get<Reaped>(end) : Reaped();
}

int reap_all(System& system, int signo) {
  int count = 0;
  for (;;) {
    const auto result = system.reap();
    if (const auto* const reaped = std::get_if<Reaped>(&result)) {
      if (reaped->signaled && reaped->status == signo) ++count;
      continue;
    }
    if (std::get<ReapEnd>(result) == ReapEnd::no_children) return count;
    siginfo_t info = {};
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
  }
}

void in_child(const std::function<void()>& test) {
  fflush(nullptr);
  const pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    test();
    exit_with_verdict();
  }
  expect_success_of(pid);
}

void in_pid_namespace(const std::function<void()>& test) {
  in_child([&] {
    enter_namespaces();
    if (::testing::Test::HasFailure()) return;
    in_child([&] {
      ASSERT_EQ(getpid(), 1);
      ASSERT_EQ(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr), 0)
          << strerror(errno);
      test();
    });
  });
}

int count_descriptors() {
  int count = -1;  // the listing's own
  DIR* const directory = opendir("/proc/self/fd");
  while (const dirent* const entry = readdir(directory)) {
    if (entry->d_name[0] != '.') ++count;
  }
  closedir(directory);
  return count;
}

}  // namespace pid1::system::testing
