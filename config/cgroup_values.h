#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/scalars.h"

namespace pid1::config {

// How quantities are written in cgroup v2 (https://docs.kernel.org/admin-guide/cgroup-v2.html).

// So many microseconds of each period's.
struct CpuBandwidth {
  std::int64_t quota;
  std::int64_t period;
  bool operator==(const CpuBandwidth&) const = default;
};

inline constexpr std::int64_t kUsualPeriod = 100'000;
inline constexpr std::int64_t kLeastQuota = 1000;  // the kernel's

// How many processors, such as `0.5` or `2`: from 0.01 to 100000, of the usual period. What is
// finer than five digits behind the point is dropped.
Scalar<CpuBandwidth> parse_cpus(std::string_view text);

// The same as text, of a bandwidth of the usual period.
std::string format_cpus(const CpuBandwidth& bandwidth);

// `cpu.max`: "50000 100000".
std::string format_bandwidth(const CpuBandwidth& bandwidth);

// `cpu.weight`, 1–10000, of Docker's shares, 2–262144, as runc converts them.
std::int64_t weight_of_shares(std::int64_t shares);

// The fewest shares that have this weight.
std::int64_t shares_of_weight(std::int64_t weight);

}  // namespace pid1::config
