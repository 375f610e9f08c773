#include "config/cgroup_values.h"

#include <algorithm>

namespace pid1::config {

namespace {

constexpr std::size_t kDigitsBehindPoint = 5;  // the usual period is 10 to the power of this
constexpr std::size_t kDigitsBeforePoint = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Scalar<CpuBandwidth> parse_cpus(std::string_view text) {
  ScalarError error{"expected a number of processors from 0.01 to 100000",
                    "write it such as 0.5 or 2; leave it out if there is to be no limit"};
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = text.substr(std::min(point + 1, text.size()));
  const bool has_digits = !whole.empty() || !part.empty();
  if (!has_digits || (point < text.size() && part.empty()) || whole.size() > kDigitsBeforePoint ||
      !std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(part, is_digit)) {
    return error;
  }
  std::int64_t quota = 0;
  for (const char c : whole) quota = quota * 10 + (c - '0');
  for (std::size_t i = 0; i < kDigitsBehindPoint; ++i) {
    quota = quota * 10 + (i < part.size() ? part[i] - '0' : 0);
  }
  if (quota < kLeastQuota || quota > 100'000 * kUsualPeriod) return error;
  return CpuBandwidth{quota, kUsualPeriod};
}

std::string format_cpus(const CpuBandwidth& bandwidth) {
  std::string part = std::to_string(kUsualPeriod + bandwidth.quota % kUsualPeriod).substr(1);
  part.erase(part.find_last_not_of('0') + 1);
  const std::string whole = std::to_string(bandwidth.quota / kUsualPeriod);
  return part.empty() ? whole : whole + "." + part;
}

std::string format_bandwidth(const CpuBandwidth& bandwidth) {
  return std::to_string(bandwidth.quota) + " " + std::to_string(bandwidth.period);
}

std::int64_t weight_of_shares(std::int64_t shares) { return 1 + (shares - 2) * 9999 / 262'142; }

std::int64_t shares_of_weight(std::int64_t weight) {
  return 2 + ((weight - 1) * 262'142 + 9998) / 9999;
}

}  // namespace pid1::config
