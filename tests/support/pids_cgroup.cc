#include "tests/support/pids_cgroup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace pid1::testing {

namespace {

bool has_word(const std::string& text, const std::string& word) {
  std::string separated = ' ' + text + ' ';
  for (char& c : separated) c = c == ',' || c == '\n' ? ' ' : c;
  return separated.find(' ' + word + ' ') != std::string::npos;
}

bool write_to(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file.good();
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder in which a new cgroup has the pids controller. proc_pid_mountinfo(5).
std::string find_parent() {
  std::ifstream mounts("/proc/self/mountinfo");
  std::string unified;
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string ignored;
    std::string mount_point;
    fields >> ignored >> ignored >> ignored >> ignored >> mount_point;
    const std::string tail = line.substr(line.find(" - "));
    if (tail.starts_with(" - cgroup ") && has_word(tail, "pids")) return mount_point;
    if (tail.starts_with(" - cgroup2 ")) unified = mount_point;
  }
  // Only the root of version 2 may hold processes and hand out controllers, so that is where we add
  // ours.
  const bool offered = has_word(content_of(unified + "/cgroup.controllers"), "pids");
  const std::string handed_out = unified + "/cgroup.subtree_control";
  if (offered && (has_word(content_of(handed_out), "pids") || write_to(handed_out, "+pids"))) {
    return unified;
  }
  throw std::runtime_error("this machine has no cgroup with the pids controller that we may use");
}

}  // namespace

PidsCgroup::PidsCgroup(int limit)
    : path_(find_parent() + "/pid1-test-" + std::to_string(getpid())) {
  if (mkdir(path_.c_str(), 0755) != 0 && errno != EEXIST) {
    throw std::runtime_error("cannot create " + path_ + ": " + std::strerror(errno));
  }
  set_limit(limit);
}

PidsCgroup::~PidsCgroup() {
  // Those that a pid1 made in it.
  for (const auto& below : std::filesystem::directory_iterator(path_)) {
    if (below.is_directory()) rmdir(below.path().c_str());
  }
  // The kernel lets go of the last dead process a moment after it was reaped.
  for (int tries = 0; rmdir(path_.c_str()) != 0 && errno == EBUSY && tries < 500; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // no event tells of it
  }
}

void PidsCgroup::set_limit(int limit) {
  if (!write_to(path_ + "/pids.max", std::to_string(limit))) {
    throw std::runtime_error("cannot set " + path_ + "/pids.max");
  }
}

int PidsCgroup::refusals() const {
  std::istringstream events(content_of(path_ + "/pids.events"));
  std::string name;
  int count = 0;
  events >> name >> count;
  return count;
}

}  // namespace pid1::testing
