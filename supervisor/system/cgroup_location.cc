#include "supervisor/system/cgroup_location.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "supervisor/system/cgroup.h"
#include "supervisor/system/text.h"

namespace pid1::system {
namespace {

// The next part of `text` up to `separator`, and what is behind it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool lists(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    if (take(names, ',') == name) return true;
  }
  return false;
}

// Of lines such as "4:memory:/docker/1f" and "0::/".
std::optional<std::string_view> path_in(std::string_view cgroups, std::string_view controller) {
  while (!cgroups.empty()) {
    std::string_view line = take(cgroups, '\n');
    const std::string_view hierarchy = take(line, ':');
    const std::string_view controllers = take(line, ':');
    if (controller.empty() ? hierarchy == "0" : lists(controllers, controller)) return line;
  }
  return std::nullopt;
}

struct Mount {
  std::string_view root;
  std::string_view point;
};

// Of a line "36 35 0:30 ROOT POINT rw,relatime shared:1 - TYPE SOURCE rw,memory".
std::optional<Mount> cgroup_mount(std::string_view line, std::string_view controller) {
  Mount mount;
  for (int ignored = 0; ignored < 3; ++ignored) take(line, ' ');
  mount.root = take(line, ' ');
  mount.point = take(line, ' ');
  while (!line.empty() && take(line, ' ') != "-") {
  }
  const std::string_view type = take(line, ' ');
  take(line, ' ');
  const bool is_wanted =
      controller.empty() ? type == "cgroup2" : type == "cgroup" && lists(line, controller);
  if (!is_wanted) return std::nullopt;
  return mount;
}

// Space, tab, newline and backslash are \NNN there, in octal.
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 3 >= text.size()) {
      result += text[at];
      continue;
    }
    const int value = (text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0');
    result += static_cast<char>(value);
    at += 3;
  }
  return result;
}

// What is left of a path below a mount's root.
std::optional<std::string_view> below(std::string_view path, std::string_view root) {
  if (root == "/") return path == "/" ? std::string_view() : path;
  if (!path.starts_with(root)) return std::nullopt;
  const std::string_view rest = path.substr(root.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest;
}

std::optional<pid_t> parent_of(pid_t pid) {
  const std::string stat = read_text("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  int parent = 0;
  if (name_end == std::string::npos) return std::nullopt;
  if (std::sscanf(stat.c_str() + name_end, ") %*c %d", &parent) != 1) return std::nullopt;
  return parent;
}

std::vector<std::int32_t> self_and_ancestors() {
  std::vector<std::int32_t> line;
  for (std::optional<pid_t> pid = ::getpid(); pid && *pid > 0; pid = parent_of(*pid)) {
    line.push_back(*pid);
  }
  return line;
}

bool holds_only_ours(const std::string& path) {
  const std::vector<std::int32_t> there = processes_in(path);
  if (::getpid() == 1) return std::ranges::find(there, 0) == there.end();
  const std::vector<std::int32_t> ours = self_and_ancestors();
  return std::ranges::all_of(
      there, [&](std::int32_t pid) { return std::ranges::find(ours, pid) != ours.end(); });
}

// A cgroup of threads holds no processes of its own.
bool holds_processes(const std::string& path) {
  const std::string type = read_text(path + "/cgroup.type");
  return type.empty() || type == "domain\n" || type == "domain threaded\n";
}

int refusal_to_write(const std::string& path) {
  for (const std::string& name : {path, path + "/cgroup.procs"}) {
    if (::faccessat(AT_FDCWD, name.c_str(), W_OK, AT_EACCESS) != 0) return errno;
  }
  return 0;
}

}  // namespace

std::optional<std::string> cgroup_directory(std::string_view cgroups, std::string_view mounts,
                                            std::string_view controller) {
  const auto path = path_in(cgroups, controller);
  if (!path) return std::nullopt;
  std::optional<std::string> directory;
  while (!mounts.empty()) {
    const auto mount = cgroup_mount(take(mounts, '\n'), controller);
    if (!mount) continue;
    if (const auto rest = below(*path, unescaped(mount->root))) {
      directory = unescaped(mount->point) + std::string(*rest);  // a later one hides an earlier
    }
  }
  return directory;
}

OwnCgroup find_own_cgroup() {
  const auto no = [](std::string obstacle) {
    OwnCgroup own;
    own.obstacle = std::move(obstacle);
    return own;
  };
  const std::string cgroups = read_text("/proc/self/cgroup");
  const auto directory = cgroup_directory(cgroups, read_text("/proc/self/mountinfo"), "");
  if (!directory) return no("none is mounted");
  const std::string shown = printable(*directory);
  if (const int error = refusal_to_write(*directory)) {
    return no(error == EROFS ? shown + " is read-only" : shown + ": " + error_text(error));
  }
  if (!holds_processes(*directory)) return no(shown + " is one of threads");
  if (!holds_only_ours(*directory)) return no("pid1 shares " + shown + " with others");
  return {.path = *directory,
          .name = std::string(path_in(cgroups, "").value_or("")),
          .obstacle = {},
          .is_containers = ::getpid() == 1};
}

std::string cgroup_of(std::int32_t pid) {
  const std::string cgroups = read_text("/proc/" + std::to_string(pid) + "/cgroup");
  return std::string(path_in(cgroups, "").value_or(""));
}

std::string find_oom_counter() {
  const std::string cgroups = read_text("/proc/self/cgroup");
  const std::string mounts = read_text("/proc/self/mountinfo");
  for (const auto& [controller, file] :
       {std::pair{"", "/memory.events"}, std::pair{"memory", "/memory.oom_control"}}) {
    const auto directory = cgroup_directory(cgroups, mounts, controller);
    if (!directory) continue;
    std::string path = *directory + file;
    if (value_of(read_text(path), "oom_kill")) return path;
  }
  return {};
}

}  // namespace pid1::system
