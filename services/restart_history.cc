#include "services/restart_history.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1 {

namespace {

constexpr Duration kLivedAWhile = std::chrono::seconds(1);
constexpr Duration kGoodRun = std::chrono::seconds(10);
constexpr Duration kFirstRetry = std::chrono::milliseconds(50);
constexpr Duration kLongestRetry = std::chrono::seconds(2);

// `base` doubled so many times, at most `limit`; no overflow on the way.
Duration doubled(Duration base, std::uint32_t doublings, Duration limit) {
  while (doublings-- > 0 && base < limit) base = base > limit / 2 ? limit : base * 2;
  return std::min(base, limit);
}

// Up to a fifth longer, never shorter, never beyond `limit`: spreads out what failed together.
Duration with_jitter(Duration delay, Duration limit, std::uint64_t noise) {
  const Duration extra = delay / 5 / 1024 * static_cast<Duration::rep>(noise % 1024);
  return delay > limit - extra ? limit : delay + extra;
}

}  // namespace

std::optional<RestartHistory::Attempt> RestartHistory::next(const RestartPolicy& policy,
                                                            Duration uptime, Time now,
                                                            std::uint64_t noise) {
  if (policy.max_attempts == 0) return next_unlimited(policy, uptime, noise);
  std::erase_if(restarts_, [&](Time at) { return now - at >= policy.window; });
  if (restarts_.size() >= policy.max_attempts) return std::nullopt;
  const Duration delay = next_delay(policy, uptime, noise);
  restarts_.push_back(now);
  for (Time& at : restarts_) at = later(at, delay);
  return Attempt{delay, static_cast<std::uint32_t>(restarts_.size())};
}

RestartHistory::Attempt RestartHistory::next_unlimited(const RestartPolicy& policy, Duration uptime,
                                                       std::uint64_t noise) {
  restarts_.clear();
  return Attempt{next_delay(policy, uptime, noise), 0};
}

void RestartHistory::clear() {
  restarts_.clear();
  doublings_ = 0;
}

Duration RestartHistory::next_delay(const RestartPolicy& policy, Duration uptime,
                                    std::uint64_t noise) {
  if (uptime >= kGoodRun) doublings_ = 0;
  if (uptime >= kLivedAWhile || policy.delay == Duration::zero()) return Duration::zero();
  const Duration limit = std::max(policy.delay, policy.max_delay);
  const Duration delay = doubled(policy.delay, doublings_, limit);
  if (delay < limit) ++doublings_;
  return with_jitter(delay, limit, noise);
}

Duration resource_retry_delay(std::uint32_t tries, std::uint64_t noise) {
  const Duration delay = doubled(kFirstRetry, tries, kLongestRetry);
  return with_jitter(delay, kLongestRetry, noise);
}

std::uint64_t noise_from(std::uint64_t seed, std::uint64_t purpose) {
  std::uint64_t z = seed + purpose * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace pid1
