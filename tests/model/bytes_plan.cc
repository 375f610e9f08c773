#include "tests/model/bytes_plan.h"

#include <array>
#include <string>

namespace pid1::model {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kHangup = 1;
constexpr int kInterrupt = 2;
constexpr int kUser1 = 10;
constexpr int kTerminate = 15;

template <typename T, std::size_t N>
const T& one_of(ByteSource& bytes, const std::array<T, N>& choices) {
  return choices[bytes.below(N)];
}

const std::array<Duration, 4> kDelays{Duration::zero(), milliseconds(100), seconds(1),
                                      Duration::max()};
const std::array<Duration, 4> kLongestDelays{seconds(1), seconds(60), Duration::zero(),
                                             Duration::max()};
const std::array<Duration, 4> kWindows{seconds(60), seconds(2), Duration::zero(), Duration::max()};
const std::array<Duration, 6> kGraces{seconds(10),       seconds(1), Duration::zero(),
                                      milliseconds(300), hours(1),   Duration::max()};
const std::array<std::optional<Duration>, 6> kBudgets{
    std::nullopt, seconds(25), seconds(1), hours(24), Duration::zero(), Duration::max()};
const std::array<Duration, 4> kLeftoverGraces{seconds(1), Duration::zero(), seconds(30),
                                              Duration::max()};
constexpr std::array kConditions{RestartCondition::never, RestartCondition::on_failure,
                                 RestartCondition::always};
// One that ends the container ends the script as well.
constexpr std::array kActions{EndAction::ignore, EndAction::restart, EndAction::ignore,
                              EndAction::restart, EndAction::shutdown};
constexpr std::array kModes{KillMode::mixed, KillMode::process, KillMode::group};

// Completion more rarely: the service of the edge must have ended.
constexpr std::array kEdges{Condition::started, Condition::healthy, Condition::completed,
                            Condition::started};
constexpr std::array kSpeakers{Readiness::Kind::none, Readiness::Kind::none,
                               Readiness::Kind::notify, Readiness::Kind::log};
const std::array<std::optional<Duration>, 5> kLimits{std::nullopt, std::nullopt, seconds(5),
                                                     Duration::zero(), Duration::max()};
const std::array<Duration, 5> kIntervals{seconds(30), seconds(1), milliseconds(1), hours(1),
                                         Duration::max()};

RestartPolicy policy_from(ByteSource& bytes) {
  return {.condition = one_of(bytes, kConditions),
          .max_attempts = static_cast<std::uint32_t>(bytes.below(4)),
          .delay = one_of(bytes, kDelays),
          .max_delay = one_of(bytes, kLongestDelays),
          .window = one_of(bytes, kWindows)};
}

void add_dependencies(ByteSource& bytes, std::size_t i, ServiceSpec& spec) {
  for (std::size_t j = 0; j < i; ++j) {
    const std::uint8_t byte = bytes.byte();
    const bool depends = byte % 3 == 0;
    if (!depends) continue;
    spec.depends_on.push_back({.service = std::to_string(j),
                               .condition = kEdges[byte >> 5 & 3],
                               .restart = (byte & 8) != 0,
                               .required = (byte & 16) == 0});
  }
}

HealthCheck check_from(ByteSource& bytes) {
  return {.probe = TcpProbe{},
          .interval = one_of(bytes, kIntervals),
          .timeout = one_of(bytes, kIntervals),
          .retries = static_cast<std::uint32_t>(1 + bytes.below(3)),
          .start_period = one_of(bytes, kWindows),
          .start_interval = one_of(bytes, kIntervals)};
}

// Half of all services have none of it.
void add_life(ByteSource& bytes, ServiceSpec& spec) {
  const std::uint8_t keys = bytes.byte();
  if ((keys & 1) == 0) return;
  if ((keys & 2) != 0) spec.hooks.pre_start.resize(1 + (keys >> 7));
  if ((keys & 4) != 0) spec.hooks.post_start.resize(1);
  if ((keys & 8) != 0) spec.hooks.pre_stop.resize(1 + (keys >> 7));
  if ((keys & 16) != 0) spec.hooks.post_stop.resize(1);
  if ((keys & 32) != 0) {
    spec.readiness.kind = one_of(bytes, kSpeakers);
    spec.readiness.timeout = one_of(bytes, kLimits);
    spec.watchdog = one_of(bytes, kLimits);
    spec.max_runtime = one_of(bytes, kLimits);
    spec.reload.signal = kHangup;
    if (bytes.flag()) spec.on_oom = one_of(bytes, kActions);
  }
  if ((keys & 64) == 0) return;
  spec.health = check_from(bytes);
  spec.on_unhealthy = one_of(bytes, kActions);
}

ServiceSpec service_from(ByteSource& bytes, std::size_t i) {
  ServiceSpec spec;
  spec.name = std::to_string(i);
  spec.restart = policy_from(bytes);
  spec.on_success = one_of(bytes, kActions);
  spec.on_failure = one_of(bytes, kActions);
  if (bytes.flag()) spec.success_exit_codes = {1, 128 + kTerminate};
  spec.stop.signal = bytes.flag() ? kTerminate : kUser1;
  spec.stop.grace = one_of(bytes, kGraces);
  spec.stop.kill_mode = one_of(bytes, kModes);
  add_life(bytes, spec);
  add_dependencies(bytes, i, spec);
  return spec;
}

ContainerSpec container_from(ByteSource& bytes, std::size_t services) {
  ContainerSpec container;
  container.stop_grace_period = one_of(bytes, kBudgets);
  if (bytes.flag()) container.exit_code_from = std::to_string(bytes.below(services));
  const std::uint8_t flags = bytes.byte();
  if ((flags & 1) != 0) {
    container.signals[kHangup].only = {{std::to_string(bytes.below(services)), kUser1}};
  }
  container.leftovers.awaited = (flags & 2) != 0;
  container.leftovers.grace = kLeftoverGraces[(flags >> 2) & 3];
  container.stays = (flags & 16) != 0;
  container.must_start = (flags & 128) != 0;
  if ((flags & 32) != 0) container.signals[kHangup].scope = SignalScope::group;
  if ((flags & 64) != 0) container.signals[kInterrupt].kind = SignalRule::Kind::forward;
  if ((flags & 128) != 0) container.signals[kHangup].kind = SignalRule::Kind::reload;
  return container;
}

}  // namespace

std::uint8_t ByteSource::byte() {
  if (bytes_.empty()) return 0;
  const std::uint8_t first = bytes_.front();
  bytes_ = bytes_.subspan(1);
  return first;
}

Plan plan_from(ByteSource& bytes) {
  constexpr std::size_t kMost = 12;
  const std::size_t count = 1 + bytes.below(kMost);
  ContainerSpec container = container_from(bytes, count);
  std::vector<ServiceSpec> services;
  services.reserve(count);
  for (std::size_t i = 0; i < count; ++i) services.push_back(service_from(bytes, i));
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

}  // namespace pid1::model
