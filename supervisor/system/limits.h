#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pid1::system {

// What this process may use, as far as a service's settings may ask for more.
struct OwnLimits {
  struct Limit {
    std::uint64_t soft = 0;  // RLIM_INFINITY: none
    std::uint64_t hard = 0;
  };
  std::vector<Limit> limits;  // indexed by RLIMIT_… (getrlimit(2))
  std::uint64_t most_descriptors = 0;
  int nice = 0;
  std::vector<std::uint32_t> cpus;  // those that the container may use, ascending
};
OwnLimits own_limits();

// Lets this process open as many descriptors as it may: the soft limit becomes the hard one.
// Returns what both were, which is what its children are to get.
OwnLimits::Limit raise_descriptor_limit();

// "nofile", as ulimits has it, for RLIMIT_NOFILE; "limit 99" for a number without a name.
std::string limit_name(int resource);

// "65536", or "unlimited".
std::string limit_text(std::uint64_t limit);

// fs.nr_open: no limit on descriptors may be above it, whoever asks (proc_sys_fs(5)).
std::uint64_t most_descriptors();

// The processors that this process could be allowed to run on. Found by asking for all of them, for
// an instant: its own mask may be a part only (sched_setaffinity(2)).
std::vector<std::uint32_t> available_cpus();

// The least oom_score_adj that this process may give itself or a child without CAP_SYS_RESOURCE:
// not below what its parents' last privileged one set (proc_pid_oom_score_adj(5)). Found by trying,
// for an instant; -1000 where that can't be told.
int least_oom_score_adj();

// "0-3, 8" of ascending numbers; "none".
std::string number_ranges(std::span<const std::uint32_t> numbers);

}  // namespace pid1::system
