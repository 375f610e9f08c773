#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/scalars.h"

namespace pid1::config {

// Processors as cpuset(7) lists them: numbers and ranges such as `0-3,6`, from 0 to 1023, which is
// as far as sched_setaffinity(2)'s usual mask goes. Ascending, each once, never empty.
Scalar<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text);

// The same as text. `cpus` is ascending.
std::string format_cpu_list(std::span<const std::uint32_t> cpus);

}  // namespace pid1::config
