#include "supervisor/orphan_owner.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "supervisor/system/unique_fd.h"
#include "tests/system/refuse.h"
#include "tests/system/support.h"

namespace pid1::supervisor {
namespace {

using system::UniqueFd;
using system::testing::in_child;
using system::testing::in_pid_namespace;
using system::testing::refuse_syscall;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Field;
using ::testing::IsEmpty;
using Life = ServiceProcesses::Started::Life;

constexpr ServiceId kWeb{0};
constexpr ServiceId kWorker{1};

class Known final : public ServiceProcesses {
 public:
  std::optional<Started> started(std::int32_t pid) const override {
    const auto found = processes.find(pid);
    return found == processes.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<ServiceId> owner_of_cgroup(std::int32_t pid) const override {
    const auto found = cgroups.find(pid);
    return found == cgroups.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<ServiceId> named(std::string_view service) const override {
    if (service == "web") return kWeb;
    if (service == "worker") return kWorker;
    return std::nullopt;
  }

  std::map<std::int32_t, Started> processes;
  std::map<std::int32_t, ServiceId> cgroups;
};

// Where processes tell their numbers once they are what they are to be.
class Roll {
 public:
  Roll() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  Roll(const Roll&) = delete;
  Roll& operator=(const Roll&) = delete;
  ~Roll() {
    close(ends_[0]);
    close(ends_[1]);
  }

  void answer() const {
    const pid_t self = getpid();
    if (write(ends_[1], &self, sizeof self) != sizeof self) _exit(1);
  }
  [[noreturn]] void answer_and_stay() const {
    answer();
    for (;;) pause();
  }
  pid_t next() const {
    pid_t told = 0;
    EXPECT_EQ(read(ends_[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
    return told;
  }

 private:
  int ends_[2] = {};
};

// Becomes cat, which waits for something to read; its environment is what it is called with. The
// roll's end closes with the exec.
[[noreturn]] void become_program(const std::string& variable) {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) _exit(1);
  const char* const environment[] = {variable.c_str(), nullptr};
  execle("/bin/cat", "cat", nullptr, environment);
  _exit(1);
}

void reap(pid_t pid) { EXPECT_EQ(waitpid(pid, nullptr, 0), pid); }

void end(pid_t pid) {
  EXPECT_EQ(kill(pid, SIGKILL), 0);
  reap(pid);
}

class OrphanOwnerTest : public ::testing::Test {
 protected:
  // A main process that leads a session, and runs `body` in a child of its own.
  template <typename Body>
  pid_t start_main(Body body) {
    const pid_t pid = fork();
    if (pid == 0) {
      setsid();
      if (fork() == 0) body();
      roll.answer_and_stay();
    }
    return pid;
  }

  // A daemon that has left session and parents, with a variable in its environment. pid1's by now.
  pid_t start_daemon(const std::string& variable) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    const pid_t parent = fork();
    if (parent == 0) {
      setsid();
      if (fork() != 0) _exit(0);
      roll.answer();
      become_program(variable);
    }
    writing.reset();
    char none;
    EXPECT_EQ(read(reading.get(), &none, 1), 0) << "the exec closes it";
    reap(parent);
    return roll.next();
  }

  void know(pid_t pid, ServiceId service, Life life = Life::living) {
    known.processes[pid] = {.service = service, .life = life};
  }

  std::vector<pid_t> strays_of(ServiceId service) {
    std::vector<pid_t> found;
    for (const Stray& stray : owner.strays()) {
      if (stray.service == service) found.push_back(stray.process.pid);
    }
    return found;
  }

  // Two numbers in the order in which they come.
  std::pair<pid_t, pid_t> main_and_other(pid_t main) {
    const pid_t first = roll.next();
    const pid_t second = roll.next();
    return {main, first == main ? second : first};
  }

  Roll roll;
  Known known;
  OrphanOwner owner{known};
};

TEST_F(OrphanOwnerTest, KnowsWhatPid1HasStarted) {
  know(4711, kWorker);
  EXPECT_EQ(owner.owner_of(4711), kWorker);
}

TEST_F(OrphanOwnerTest, FindsTheOwnerByTheSession) {
  in_pid_namespace([&] {
    const auto [main, member] = main_and_other(start_main([&] { roll.answer_and_stay(); }));
    know(main, kWeb);
    EXPECT_EQ(owner.owner_of(member), kWeb);
    EXPECT_THAT(owner.strays(), IsEmpty()) << "a signal to the group reaches it";
  });
}

TEST_F(OrphanOwnerTest, FindsAMemberOfTheSessionThatLeftTheGroup) {
  in_pid_namespace([&] {
    const auto [main, member] = main_and_other(start_main([&] {
      setpgid(0, 0);
      roll.answer_and_stay();
    }));
    know(main, kWeb);
    EXPECT_EQ(owner.owner_of(member), kWeb);
    EXPECT_THAT(strays_of(kWeb), ElementsAre(member));
    EXPECT_THAT(strays_of(kWorker), IsEmpty());
  });
}

TEST_F(OrphanOwnerTest, FindsTheOwnerOfASessionWhoseLeaderWasReaped) {
  in_pid_namespace([&] {
    const auto [main, member] = main_and_other(start_main([&] { roll.answer_and_stay(); }));
    end(main);
    know(main, kWeb, Life::reaped);
    EXPECT_EQ(owner.owner_of(member), kWeb);
    EXPECT_THAT(strays_of(kWeb), ElementsAre(member));
  });
}

TEST_F(OrphanOwnerTest, DoesNotTakeAnotherSessionsLeaderForTheOneThatWasReaped) {
  in_pid_namespace([&] {
    const auto [other, member] = main_and_other(start_main([&] { roll.answer_and_stay(); }));
    // As if its number had been that of a main process before.
    know(other, kWeb, Life::reaped);
    EXPECT_EQ(owner.owner_of(member), std::nullopt);
    EXPECT_EQ(owner.owner_of(other), std::nullopt);
    EXPECT_THAT(owner.strays(), IsEmpty());
  });
}

TEST_F(OrphanOwnerTest, FindsTheOwnerByTheParents) {
  in_pid_namespace([&] {
    const pid_t main = start_main([&] {
      setsid();
      if (fork() != 0) roll.answer_and_stay();
      setsid();
      roll.answer_and_stay();
    });
    const std::vector<pid_t> told = {roll.next(), roll.next(), roll.next()};
    know(main, kWeb);
    for (const pid_t pid : told) EXPECT_EQ(owner.owner_of(pid), kWeb);
    EXPECT_EQ(strays_of(kWeb).size(), 2u);
  });
}

TEST_F(OrphanOwnerTest, FindsTheOwnerByAParentsSession) {
  in_pid_namespace([&] {
    const pid_t main = start_main([&] {
      if (fork() != 0) roll.answer_and_stay();
      setsid();
      roll.answer_and_stay();
    });
    const std::vector<pid_t> told = {roll.next(), roll.next(), roll.next()};
    end(main);
    know(main, kWeb, Life::reaped);
    for (const pid_t pid : told) {
      if (pid == main) continue;
      EXPECT_EQ(owner.owner_of(pid), kWeb);
    }
    EXPECT_EQ(strays_of(kWeb).size(), 2u);
  });
}

TEST_F(OrphanOwnerTest, FindsTheOwnerOfADaemonByItsEnvironment) {
  in_pid_namespace([&] {
    const pid_t web = start_daemon("PID1_SERVICE=web");
    const pid_t worker = start_daemon("PID1_SERVICE=worker");
    const pid_t unknown = start_daemon("PID1_SERVICE=other");
    const pid_t cleared = start_daemon("A=b");
    EXPECT_EQ(owner.owner_of(web), kWeb);
    EXPECT_EQ(owner.owner_of(worker), kWorker);
    EXPECT_EQ(owner.owner_of(unknown), std::nullopt);
    EXPECT_EQ(owner.owner_of(cleared), std::nullopt);
    EXPECT_THAT(strays_of(kWeb), ElementsAre(web));
    EXPECT_THAT(strays_of(kWorker), ElementsAre(worker));
  });
}

TEST_F(OrphanOwnerTest, BelievesTheCgroupFirst) {
  in_pid_namespace([&] {
    const pid_t daemon = start_daemon("PID1_SERVICE=web");
    const auto [main, member] = main_and_other(start_main([&] { roll.answer_and_stay(); }));
    know(main, kWeb);
    known.cgroups[daemon] = kWorker;
    known.cgroups[member] = kWorker;
    EXPECT_EQ(owner.owner_of(daemon), kWorker);
    EXPECT_EQ(owner.owner_of(member), kWorker);
    EXPECT_THAT(strays_of(kWorker), ElementsAre(daemon));
  });
}

TEST_F(OrphanOwnerTest, BelievesNoEnvironmentOfProcessesThatAreNotItsOwn) {
  in_pid_namespace([&] {
    // Not as PID 1: another supervisor's daemon beside it, and what somebody runs in the container.
    const pid_t daemon = start_daemon("PID1_SERVICE=web");
    in_child([&] {
      EXPECT_EQ(owner.owner_of(daemon), std::nullopt);
      EXPECT_THAT(owner.strays(), IsEmpty());
    });
    EXPECT_EQ(owner.owner_of(daemon), kWeb);
  });
}

TEST_F(OrphanOwnerTest, BelievesNoEnvironmentOfItsOwnHelpers) {
  in_pid_namespace([&] {
    const pid_t helper = fork();
    if (helper == 0) {
      roll.answer();
      become_program("PID1_SERVICE=web");
    }
    roll.next();
    EXPECT_EQ(owner.owner_of(helper), std::nullopt);
  });
}

TEST_F(OrphanOwnerTest, TellsTheOwnerOfAZombieButCallsItNoStray) {
  in_pid_namespace([&] {
    const auto [main, member] = main_and_other(start_main([&] {
      setpgid(0, 0);
      roll.answer_and_stay();
    }));
    kill(main, SIGKILL);
    reap(main);
    know(main, kWeb, Life::reaped);
    EXPECT_EQ(kill(member, SIGKILL), 0);
    siginfo_t info = {};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(member), &info, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(owner.owner_of(member), kWeb);
    EXPECT_THAT(owner.strays(), IsEmpty());
    reap(member);
    EXPECT_EQ(owner.owner_of(member), std::nullopt);
  });
}

TEST_F(OrphanOwnerTest, SignalsAStrayAndNoOtherWithItsNumber) {
  in_pid_namespace([&] {
    const pid_t daemon = start_daemon("PID1_SERVICE=web");
    const auto strays = owner.strays();
    ASSERT_THAT(strays, ElementsAre(Field(&Stray::service, Eq(kWeb))));
    system::ProcessId other = strays[0].process;
    ++other.start_time;
    EXPECT_EQ(system::signal_exactly(other, SIGKILL), ESRCH);
    EXPECT_EQ(system::signal_exactly(strays[0].process, SIGTERM), 0);
    int status = 0;
    EXPECT_EQ(waitpid(daemon, &status, 0), daemon);
    EXPECT_EQ(WTERMSIG(status), SIGTERM);
    EXPECT_EQ(system::signal_exactly(strays[0].process, SIGTERM), ESRCH);
  });
}

// read(2) calls of this process so far; the kernel counts none for directories.
long count_reads() {
  std::ifstream file("/proc/self/io");
  std::string key;
  long value = 0;
  while (file >> key >> value) {
    if (key == "syscr:") return value;
  }
  return -1;
}

TEST_F(OrphanOwnerTest, AsksNothingAboutWhatPid1HasStarted) {
  in_pid_namespace([&] {
    const auto reads_of_a_pass = [&] {
      const long before = count_reads();
      EXPECT_THAT(owner.strays(), IsEmpty());
      return count_reads() - before;
    };
    const long alone = reads_of_a_pass();
    EXPECT_GT(alone, 0);
    for (int i = 0; i < 50; ++i) know(system::testing::start_pausing([] { setsid(); }), kWeb);
    EXPECT_EQ(reads_of_a_pass(), alone);
  });
}

TEST_F(OrphanOwnerTest, FindsNothingWithoutAProcOrDescriptors) {
  in_pid_namespace([&] {
    const pid_t daemon = start_daemon("PID1_SERVICE=web");
    in_child([&] {
      refuse_syscall(SYS_openat, EMFILE);
      EXPECT_EQ(owner.owner_of(daemon), std::nullopt);
      EXPECT_THAT(owner.strays(), IsEmpty());
    });
    // What is underneath is that of another namespace.
    ASSERT_EQ(umount2("/proc", MNT_DETACH), 0);
    EXPECT_EQ(owner.owner_of(daemon), std::nullopt);
    EXPECT_THAT(owner.strays(), IsEmpty());
  });
}

}  // namespace
}  // namespace pid1::supervisor
