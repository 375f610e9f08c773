#include "supervisor/system/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <functional>
#include <memory>

namespace pid1::system {
namespace {

std::vector<std::string> cgroups_below(const std::string& path) {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  std::vector<std::string> found;
  const std::unique_ptr<DIR, Close> directory(::opendir(path.c_str()));
  if (!directory) return found;
  while (const dirent* const entry = ::readdir(directory.get())) {
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
      found.push_back(path + "/" + entry->d_name);
    }
  }
  return found;
}

// Those below first. A service may nest them as deep as the kernel lets it.
void walk(const std::string& path, const std::function<void(const std::string&)>& visit) {
  for (const std::string& below : cgroups_below(path)) walk(below, visit);
  visit(path);
}

}  // namespace

int make_cgroup(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0) return 0;
  if (errno != EEXIST) return errno;
  // One of an earlier run, with what was set then.
  remove_cgroup(path);
  return ::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST ? 0 : errno;
}

void remove_cgroup(const std::string& path) {
  walk(path, [](const std::string& each) { ::rmdir(each.c_str()); });
}

int write_cgroup(const std::string& path, std::string_view file, std::string_view text) {
  const std::string name = path + "/" + std::string(file);
  const UniqueFd opened(::open(name.c_str(), O_WRONLY | O_CLOEXEC));
  if (!opened) return errno;
  return ::write(opened.get(), text.data(), text.size()) >= 0 ? 0 : errno;
}

UniqueFd open_cgroup(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

std::vector<std::int32_t> processes_in(const std::string& path) {
  const std::string text = read_text(path + "/cgroup.procs");
  std::vector<std::int32_t> processes;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::int32_t pid = 0; at < end; ++at) {
    const auto [stop, error] = std::from_chars(at, end, pid);
    if (error == std::errc()) processes.push_back(pid);
    at = std::max(stop, at);
  }
  return processes;
}

std::vector<std::int32_t> all_processes_in(const std::string& path) {
  std::vector<std::int32_t> all;
  walk(path, [&](const std::string& each) {
    const std::vector<std::int32_t> there = processes_in(each);
    all.insert(all.end(), there.begin(), there.end());
  });
  return all;
}

bool is_populated(const std::string& path) {
  return value_of(read_text(path + "/cgroup.events"), "populated") == 1;
}

void kill_cgroup(const std::string& path) {
  if (write_cgroup(path, "cgroup.kill", "1") == 0) return;
  constexpr int most_passes = 16;
  for (int pass = 0; pass < most_passes && is_populated(path); ++pass) {
    for (const std::int32_t pid : all_processes_in(path)) {
      if (pid > 1) ::kill(pid, SIGKILL);
    }
  }
}

std::string read_text(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) return {};
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t bytes; (bytes = ::read(file.get(), buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  return text;
}

std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') continue;
    std::uint64_t value = 0;
    const char* const begin = line.data() + key.size() + 1;
    const auto [stop, error] = std::from_chars(begin, line.data() + line.size(), value);
    if (error == std::errc()) return value;
  }
  return std::nullopt;
}

}  // namespace pid1::system
