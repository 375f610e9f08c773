#include "supervisor/system/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

struct Process {
  ProcessId id;
  std::int32_t parent = 0;
  bool is_dead = false;  // a zombie, or on its way
};

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// Field `wanted` of a stat line, counted from 3, the first behind the command's name. The name may
// hold anything, also ") R 1", so `fields` is what stands behind its last parenthesis.
std::string_view field(std::string_view fields, int wanted) {
  for (int number = 3; number < wanted; ++number) {
    const std::size_t space = fields.find(' ');
    if (space == std::string_view::npos) return {};
    fields.remove_prefix(space + 1);
  }
  return fields.substr(0, fields.find(' '));
}

// `directory` is the number of a process, or "self".
std::optional<Process> read_process(const std::string& directory) {
  const UniqueFd file(::open(("/proc/" + directory + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::array<char, 1024> buffer;  // 52 numbers and a name of at most 64 bytes
  const ssize_t bytes = ::read(file.get(), buffer.data(), buffer.size());
  if (bytes <= 0) return std::nullopt;

  const std::string_view line(buffer.data(), static_cast<std::size_t>(bytes));
  const std::size_t name_end = line.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::string_view fields = line.substr(name_end + 2);
  const auto pid = to_number<std::int32_t>(line.substr(0, line.find(' ')));
  const auto parent = to_number<std::int32_t>(field(fields, 4));
  const auto start_time = to_number<std::uint64_t>(field(fields, 22));
  if (!pid || !parent || !start_time) return std::nullopt;

  const std::string_view state = field(fields, 3);
  return Process{.id = {.pid = *pid, .start_time = *start_time},
                 .parent = *parent,
                 .is_dead = state == "Z" || state == "X"};
}

std::vector<std::string> list_processes() {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  std::vector<std::string> numbers;
  const std::unique_ptr<DIR, Close> directory(::opendir("/proc"));
  if (!directory) return numbers;
  while (const dirent* const entry = ::readdir(directory.get())) {
    if (to_number<std::int32_t>(entry->d_name)) numbers.emplace_back(entry->d_name);
  }
  return numbers;
}

std::vector<Process> read_processes() {
  std::vector<Process> processes;
  for (const std::string& number : list_processes()) {
    if (const auto process = read_process(number)) processes.push_back(*process);
  }
  return processes;
}

}  // namespace

bool is_own_proc_mounted() {
  const std::optional<Process> self = read_process("self");
  return self && self->id.pid == ::getpid();
}

// A picture taken while processes come and go: the dead are followed, for one may stand between us
// and a child that is ours by now, but not returned.
std::vector<ProcessId> find_descendants() {
  std::vector<ProcessId> found;
  if (!is_own_proc_mounted()) return found;
  const std::int32_t self = ::getpid();
  std::vector<Process> processes = read_processes();
  std::erase_if(processes, [&](const Process& process) { return process.id.pid == self; });
  std::ranges::sort(processes, {}, &Process::parent);
  std::vector<std::int32_t> parents = {self};
  while (!parents.empty()) {
    const std::int32_t parent = parents.back();
    parents.pop_back();
    for (const Process& child : std::ranges::equal_range(processes, parent, {}, &Process::parent)) {
      parents.push_back(child.id.pid);
      if (!child.is_dead) found.push_back(child.id);
    }
  }
  return found;
}

// The descriptor holds on to one process; only if that is the one meant, it gets the signal.
void signal_exactly(const ProcessId& id, int signo) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, id.pid, 0)));
  const std::optional<Process> now = read_process(std::to_string(id.pid));
  if (!now || now->id != id) return;
  if (process) {
    ::syscall(SYS_pidfd_send_signal, process.get(), signo, nullptr, 0);
  } else {
    // An old kernel, or no descriptor left; the moment for a mix-up is short.
    ::kill(id.pid, signo);
  }
}

}  // namespace pid1::system
