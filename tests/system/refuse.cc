#include "tests/system/refuse.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cstddef>
#include <cstring>
#include <iterator>

namespace pid1::system::testing {

void refuse_syscall(long syscall, int error, std::uint32_t bits) {
  const auto number = static_cast<std::uint32_t>(syscall);
  const auto refusal = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
  const std::uint32_t wanted = bits == 0 ? ~0U : bits;
  // The low half of the first argument, little-endian; 0 counts as a match where no bits are asked
  // for.
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, wanted, 0, static_cast<std::uint8_t>(bits == 0 ? 0 : 1)),
      BPF_STMT(BPF_RET | BPF_K, refusal),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog filter = {.len = std::size(program), .filter = program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0) << strerror(errno);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0) << strerror(errno);
}

}  // namespace pid1::system::testing
