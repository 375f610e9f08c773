#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "tests/support/scratch.h"

int main(int argc, char** argv) {
  if (geteuid() != 0) {
    std::fputs("These tests need root, or sudo without a password: they make namespaces.\n",
               stderr);
    return 1;
  }
  ::testing::InitGoogleTest(&argc, argv);
  signal(SIGPIPE, SIG_IGN);
  try {
    pid1::testing::make_scratch();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cannot prepare the tests: %s\n", error.what());
    return 1;
  }
  return RUN_ALL_TESTS();
}
