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
    spec.depends_on.push_back(
        {.service = std::to_string(j),
         .condition = (byte & 4) == 0 ? Condition::started : Condition::completed,
         .restart = (byte & 8) != 0,
         .required = (byte & 16) == 0});
  }
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
