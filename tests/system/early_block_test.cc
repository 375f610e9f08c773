#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>

#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::output_of;
using testing::StringList;

class TheEarlyBlock : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Links, TheEarlyBlock,
                         ::testing::Values("early_block_probe", "early_block_probe_static"),
                         [](const auto& link) { return std::string(link.param); });

TEST_P(TheEarlyBlock, KeepsASignalFromBeforeMainAndWhatWasInherited) {
  const SignalSet inherited = signal_bit(SIGUSR1) | signal_bit(33);
  const SignalSet unblockable = signal_bit(SIGKILL) | signal_bit(SIGSTOP);
  Spawner spawner({.blocked = inherited});
  const StringList argv{std::string("tests/system/") + GetParam()};
  const StringList environment{};
  char expected[64];
  std::snprintf(expected, sizeof expected, "0 %016llx %016llx 1\n",
                static_cast<unsigned long long>(all_signals & ~unblockable),
                static_cast<unsigned long long>(inherited));
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}), expected);
}

}  // namespace
}  // namespace pid1::system
