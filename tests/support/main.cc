#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <vector>

#include "tests/support/scratch.h"

namespace {

// Namespaces, mounts and other users need root. Returns only where sudo can't be had.
void become_root(char** argv) {
  std::vector<char*> command = {const_cast<char*>("sudo"), const_cast<char*>("-nE"),
                                const_cast<char*>("--")};
  for (char** word = argv; *word != nullptr; ++word) command.push_back(*word);
  command.push_back(nullptr);
  execvp("sudo", command.data());
}

}  // namespace

int main(int argc, char** argv) {
  if (geteuid() != 0) {
    become_root(argv);
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
