#include "config/cpu_list.h"

#include <algorithm>
#include <bitset>
#include <charconv>
#include <optional>

namespace pid1::config {

namespace {

constexpr std::uint32_t kLast = 1023;

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

std::optional<std::uint32_t> parse_cpu(std::string_view text) {
  std::uint32_t cpu = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, cpu);
  if (stop != end || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc{} ? cpu : kLast + 1;
}

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::optional<std::uint32_t> first = parse_cpu(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return Range{*first, *first};
  const std::optional<std::uint32_t> last = parse_cpu(text.substr(dash + 1));
  if (!last) return std::nullopt;
  return Range{*first, *last};
}

}  // namespace

Scalar<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text) {
  std::bitset<kLast + 1> listed;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::optional<Range> range = parse_range(text.substr(0, comma));
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
    if (!range) {
      return ScalarError{"expected a list of processors",
                         "write numbers and ranges with commas between them, such as 0-3,6"};
    }
    if (std::max(range->first, range->last) > kLast) {
      return ScalarError{"expected processors from 0 to " + std::to_string(kLast), ""};
    }
    if (range->first > range->last) {
      return ScalarError{"a range of processors ends before it begins",
                         "write the smaller number first"};
    }
    for (std::uint32_t cpu = range->first; cpu <= range->last; ++cpu) listed.set(cpu);
  }
  std::vector<std::uint32_t> cpus;
  for (std::uint32_t cpu = 0; cpu <= kLast; ++cpu) {
    if (listed.test(cpu)) cpus.push_back(cpu);
  }
  return cpus;
}

std::string format_cpu_list(std::span<const std::uint32_t> cpus) {
  std::string out;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t end = i + 1;
    while (end < cpus.size() && cpus[end] == cpus[end - 1] + 1) ++end;
    out += (out.empty() ? "" : ",") + std::to_string(cpus[i]);
    if (end - i > 1) out += "-" + std::to_string(cpus[end - 1]);
    i = end;
  }
  return out;
}

}  // namespace pid1::config
