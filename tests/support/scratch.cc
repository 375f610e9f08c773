#include "tests/support/scratch.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace pid1::testing {

namespace {

namespace fs = std::filesystem;

void check(int result, const std::string& what) {
  if (result != 0) throw std::runtime_error("cannot " + what + ": " + std::strerror(errno));
}

// Bazel starts a test in the workspace's root of its runfiles.
void install(const std::string& from, const std::string& name) {
  const fs::path to = fs::path(kScratchBin) / name;
  fs::copy_file(from, to);
  fs::permissions(to, static_cast<fs::perms>(0755));
}

std::string pid1_binary() {
  const char* given = std::getenv("PID1_BINARY");
  return given == nullptr ? "supervisor/pid1" : given;
}

}  // namespace

void make_scratch() {
  const std::string pid1 = fs::absolute(pid1_binary());
  const std::string probe = fs::absolute("tests/support/probe");
  const std::string guard = fs::absolute("tests/support/guard");
  umask(022);
  check(unshare(CLONE_NEWNS), "leave the mount namespace (these tests need root)");
  check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make the mounts private");
  check(mount("scratch", kScratch.c_str(), "tmpfs", 0, "mode=755"), "mount a tmpfs on /mnt");
  fs::create_directory(kScratchBin);
  install(pid1, "pid1");
  fs::create_symlink("pid1", kScratchBin + "/pid1ctl");
  for (const char* name : {"tini", "docker-init", "dumb-init", "catatonit"}) {
    fs::create_symlink("pid1", kScratchBin + '/' + name);
  }
  install(probe, "probe");
  install(probe, "probe-of-root");
  fs::permissions(kScratchBin + "/probe-of-root", static_cast<fs::perms>(04755));
  install(guard, "guard");
}

std::string make_scratch_folder() {
  static int count = 0;
  std::string folder = kScratch + '/' + std::to_string(++count);
  check(mkdir(folder.c_str(), 0777), "create " + folder);
  fs::permissions(folder, static_cast<fs::perms>(0777));
  return folder;
}

}  // namespace pid1::testing
