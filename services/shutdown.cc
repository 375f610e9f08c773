#include "services/shutdown.h"

#include <algorithm>

namespace pid1 {

ShutdownDeadlines deadlines_from(Time now, Duration budget) {
  const Duration sweep = std::min<Duration>(std::chrono::seconds(1), budget / 10);
  const Duration kill = std::min<Duration>(std::chrono::milliseconds(500), budget / 20);
  return {later(now, budget - sweep - kill), later(now, budget - sweep), later(now, budget)};
}

Duration budget_for(Duration path) {
  constexpr Duration kKept = std::chrono::milliseconds(1500);
  constexpr Duration kFull = std::chrono::milliseconds(8500);  // from here on, all of that is kept
  if (path >= kFull) return path > Duration::max() - kKept ? Duration::max() : path + kKept;
  // 3/20 of it are kept.
  return std::chrono::ceil<std::chrono::milliseconds>(path * 20.0 / 17.0);
}

Duration shared_grace(Duration grace, Duration path, Duration remaining) {
  if (path <= remaining) return grace;
  if (remaining <= Duration::zero() || path <= Duration::zero()) return Duration::zero();
  // The product of two of these needs more than 64 bits, and rounding up would exceed the budget.
  __extension__ using Wide = __int128;
  const Wide share = static_cast<Wide>(grace.count()) * remaining.count() / path.count();
  return Duration(static_cast<Duration::rep>(share));
}

Time later(Time now, Duration delay) {
  return delay > Time::max() - now ? Time::max() : now + delay;
}

}  // namespace pid1
