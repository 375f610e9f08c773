#include "supervisor/system/limits.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

constexpr std::size_t word_bits = 8 * sizeof(unsigned long);
// The most processors that a kernel can be built for.
using CpuMask = std::array<unsigned long, 8192 / word_bits>;

constexpr std::array<std::string_view, RLIM_NLIMITS> names = {
    "cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
    "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};
static_assert(RLIMIT_NOFILE == 7 && RLIMIT_MEMLOCK == 8 && RLIMIT_RTTIME == 15);

std::vector<std::uint32_t> numbers_in(const CpuMask& mask) {
  std::vector<std::uint32_t> numbers;
  for (std::size_t cpu = 0; cpu < mask.size() * word_bits; ++cpu) {
    if ((mask[cpu / word_bits] >> (cpu % word_bits) & 1) != 0) {
      numbers.push_back(static_cast<std::uint32_t>(cpu));
    }
  }
  return numbers;
}

bool get_mask(CpuMask& mask) {
  return ::syscall(SYS_sched_getaffinity, 0, sizeof mask, mask.data()) >= 0;
}

void set_mask(const CpuMask& mask) {
  ::syscall(SYS_sched_setaffinity, 0, sizeof mask, mask.data());
}

}  // namespace

OwnLimits own_limits() {
  OwnLimits own;
  own.most_descriptors = most_descriptors();
  own.cpus = available_cpus();
  for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS); ++resource) {
    struct rlimit64 limit = {RLIM64_INFINITY, RLIM64_INFINITY};
    ::syscall(SYS_prlimit64, 0, resource, nullptr, &limit);
    own.limits.push_back({.soft = limit.rlim_cur, .hard = limit.rlim_max});
  }
  own.nice = ::getpriority(PRIO_PROCESS, 0);
  return own;
}

OwnLimits::Limit raise_descriptor_limit() {
  struct rlimit64 limit = {};
  if (::syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &limit) != 0) return {};
  const struct rlimit64 raised = {limit.rlim_max, limit.rlim_max};
  ::syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &raised, nullptr);
  return {.soft = limit.rlim_cur, .hard = limit.rlim_max};
}

std::string limit_name(int resource) {
  const auto index = static_cast<std::size_t>(resource);
  return index < names.size() ? std::string(names[index]) : "limit " + std::to_string(resource);
}

std::string limit_text(std::uint64_t limit) {
  return limit == RLIM64_INFINITY ? "unlimited" : std::to_string(limit);
}

std::uint64_t most_descriptors() {
  std::uint64_t most = 1024UL * 1024;  // the kernel's default
  const UniqueFd file(::open("/proc/sys/fs/nr_open", O_RDONLY | O_CLOEXEC));
  std::array<char, 24> text;
  const ssize_t length = file ? ::read(file.get(), text.data(), text.size()) : 0;
  if (length > 0) std::from_chars(text.data(), text.data() + length, most);
  return most;
}

std::vector<std::uint32_t> available_cpus() {
  CpuMask own = {};
  CpuMask possible = {};
  if (!get_mask(own)) return {};
  CpuMask all;
  all.fill(~0UL);
  set_mask(all);
  const bool is_known = get_mask(possible);
  set_mask(own);
  return numbers_in(is_known ? possible : own);
}

int least_oom_score_adj() {
  constexpr const char* path = "/proc/self/oom_score_adj";
  constexpr int lowest = -1000;
  const UniqueFd file(::open(path, O_RDWR | O_CLOEXEC));
  std::array<char, 8> text;
  const ssize_t length = file ? ::read(file.get(), text.data(), text.size()) : 0;
  int own = lowest;
  if (length > 0) std::from_chars(text.data(), text.data() + length, own);
  const auto can_set = [&file](int score) {
    const std::string wanted = std::to_string(score);
    return ::pwrite(file.get(), wanted.data(), wanted.size(), 0) >= 0;
  };
  if (own == lowest || can_set(lowest)) {
    if (own != lowest) can_set(own);
    return lowest;
  }
  int refused = lowest;
  int allowed = own;
  while (allowed - refused > 1) {
    const int middle = refused + (allowed - refused) / 2;
    (can_set(middle) ? allowed : refused) = middle;
  }
  can_set(own);
  return allowed;
}

std::string number_ranges(std::span<const std::uint32_t> numbers) {
  std::string text;
  for (std::size_t first = 0, next = 0; first < numbers.size(); first = next) {
    for (next = first + 1; next < numbers.size() && numbers[next] == numbers[next - 1] + 1;) ++next;
    if (first > 0) text += ", ";
    text += std::to_string(numbers[first]);
    if (next > first + 1) text += "-" + std::to_string(numbers[next - 1]);
  }
  return text.empty() ? "none" : text;
}

}  // namespace pid1::system
