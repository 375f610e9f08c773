#include "supervisor/system/process_facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

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

std::optional<ProcessFacts> parse_stat(std::string_view line) {
  const std::size_t name_end = line.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::string_view fields = line.substr(name_end + 2);
  const auto pid = to_number<std::int32_t>(line.substr(0, line.find(' ')));
  const auto parent = to_number<std::int32_t>(field(fields, 4));
  const auto group = to_number<std::int32_t>(field(fields, 5));
  const auto session = to_number<std::int32_t>(field(fields, 6));
  const auto start_time = to_number<std::uint64_t>(field(fields, 22));
  if (!pid || !parent || !group || !session || !start_time) return std::nullopt;
  const std::string_view state = field(fields, 3);
  return ProcessFacts{.id = {.pid = *pid, .start_time = *start_time},
                      .parent = *parent,
                      .group = *group,
                      .session = *session,
                      .is_dead = state == "Z" || state == "X"};
}

std::optional<ProcessFacts> read_stat(const char* path) {
  const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::array<char, 1024> buffer;  // 52 numbers and a name of at most 64 bytes
  const ssize_t bytes = ::read(file.get(), buffer.data(), buffer.size());
  if (bytes <= 0) return std::nullopt;
  return parse_stat({buffer.data(), static_cast<std::size_t>(bytes)});
}

}  // namespace

std::optional<ProcessFacts> process_facts(std::int32_t pid) {
  std::array<char, 32> path;
  std::snprintf(path.data(), path.size(), "/proc/%d/stat", pid);
  return read_stat(path.data());
}

std::optional<std::uint32_t> user_of(std::int32_t pid) {
  std::array<char, 2048> buffer;
  std::snprintf(buffer.data(), buffer.size(), "/proc/%d/status", pid);
  const UniqueFd file(::open(buffer.data(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  const ssize_t bytes = ::read(file.get(), buffer.data(), buffer.size());
  if (bytes <= 0) return std::nullopt;
  std::string_view text(buffer.data(), static_cast<std::size_t>(bytes));
  constexpr std::string_view kUser = "\nUid:\t";
  const std::size_t place = text.find(kUser);
  if (place == std::string_view::npos) return std::nullopt;
  text.remove_prefix(place + kUser.size());
  return to_number<std::uint32_t>(text.substr(0, text.find('\t')));
}

std::optional<ProcessFacts> own_process_facts() {
  const std::optional<ProcessFacts> self = read_stat("/proc/self/stat");
  if (!self || self->id.pid != ::getpid()) return std::nullopt;
  return self;
}

// Not readdir(3), which allocates for each opendir().
void for_each_process(const std::function<void(std::int32_t pid)>& visit) {
  const UniqueFd directory(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return;
  alignas(struct dirent64) std::array<char, 16384> names;
  for (;;) {
    const ssize_t bytes = ::getdents64(directory.get(), names.data(), names.size());
    if (bytes <= 0) return;
    for (ssize_t at = 0; at < bytes;) {
      const auto* const entry = reinterpret_cast<const struct dirent64*>(names.data() + at);
      at += entry->d_reclen;
      if (const auto pid = to_number<std::int32_t>(entry->d_name)) visit(*pid);
    }
  }
}

// The descriptor holds on to one process; only if that is the one meant, it gets the signal.
int signal_exactly(const ProcessId& id, int signo) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, id.pid, 0)));
  const std::optional<ProcessFacts> now = process_facts(id.pid);
  if (!now || now->id != id) return ESRCH;
  // Without one, on an old kernel or with no descriptor left, the moment for a mix-up is short.
  const long result = process ? ::syscall(SYS_pidfd_send_signal, process.get(), signo, nullptr, 0)
                              : ::kill(id.pid, signo);
  return result == 0 ? 0 : errno;
}

}  // namespace pid1::system
