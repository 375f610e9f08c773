#include "tests/system/pty.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/system/support.h"

namespace pid1::system::testing {

Pty::Pty() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  EXPECT_TRUE(master_);
  EXPECT_EQ(grantpt(master_.get()), 0);
  EXPECT_EQ(unlockpt(master_.get()), 0);
  path_ = ptsname(master_.get());
}

UniqueFd Pty::open_slave() const {
  return UniqueFd(open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
}

void Pty::control() const {
  const UniqueFd slave = open_slave();
  if (ioctl(slave.get(), TIOCSCTTY, 0) != 0) _exit(125);
}

void in_terminal_session(const std::function<void(int terminal)>& test) {
  const Pty pty;
  in_child([&] {
    ASSERT_EQ(setsid(), getpid());
    const UniqueFd terminal = pty.open_slave();
    pty.control();
    ASSERT_EQ(tcgetpgrp(terminal.get()), getpid());
    test(terminal.get());
  });
}

JobFacts job_facts(const std::string& stat) {
  JobFacts facts;
  facts.pid = std::atoi(stat.c_str());
  // Behind the name, which may hold anything, and the state and the parent.
  const std::string rest = stat.substr(std::min(stat.rfind(')'), stat.size()));
  EXPECT_EQ(std::sscanf(rest.c_str(), ") %*c %*d %d %d %d %d", &facts.group, &facts.session,
                        &facts.terminal, &facts.foreground),
            4)
      << stat;
  return facts;
}

}  // namespace pid1::system::testing
