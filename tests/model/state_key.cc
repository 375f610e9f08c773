#include "tests/model/state_key.h"

#include <algorithm>
#include <cstring>

namespace pid1 {

// Reads what the core keeps to itself.
struct CoreProbe {
  class Writer {
   public:
    // `key` is made large enough beforehand: this is the innermost loop of the exploration.
    Writer(std::uint8_t* key, Time now) : at_(key), now_(now) {}

    void small(std::size_t value) { *at_++ = static_cast<std::uint8_t>(value); }
    template <typename Enum>
    void name(Enum value) {
      small(static_cast<std::size_t>(value));
    }
    template <typename... Flags>
    void flags(Flags... flags) {
      unsigned bits = 0;
      ((bits = bits << 1 | (flags ? 1u : 0u)), ...);
      small(bits);
    }
    void age(Time since, Duration limit) { span(std::min(now_ - since, limit)); }
    void remaining(Time until) { span(std::max(until - now_, Duration::zero())); }
    void span(Duration duration) {
      const auto count = duration.count();
      std::memcpy(at_, &count, sizeof count);
      at_ += sizeof count;
    }
    void status(const std::optional<ExitStatus>& status) {
      small(status ? static_cast<std::size_t>(exit_code(*status)) + 1 : 0);
    }
    const std::uint8_t* end() const { return at_; }

   private:
    std::uint8_t* at_;
    Time now_;
  };

  // Beyond which a longer run changes nothing.
  static Duration longest_run(const ServiceSpec& spec) {
    const bool restarts = spec.restart.condition != RestartCondition::never ||
                          spec.on_success == EndAction::restart ||
                          spec.on_failure == EndAction::restart;
    if (!restarts || spec.restart.delay == Duration::zero()) return Duration::zero();
    const bool grows = spec.restart.delay < spec.restart.max_delay;
    return grows ? std::chrono::seconds(10) : std::chrono::seconds(1);
  }

  // What is more than a main process that starts, runs and ends.
  static void write_life(const Lifecycle& life, bool alive, Writer& to) {
    const ServiceSpec& spec = *life.spec_;
    to.name(life.verdict_);
    to.flags(life.out_of_memory_);
    if (life.hook_runs_) {
      to.name(life.hook_point_);
      to.small(life.hook_index_);
    }
    if (alive) {
      to.flags(life.said_ready_, life.ready_, life.main_ended_,
               life.group_left_ == GroupState::populated);
    }
    if (life.phase_ != Phase::running) return;
    write(life.limits_, to);
    if (life.armed_) to.remaining(life.due_);
    if (spec.watchdog) to.span(life.limits_.watchdog_.value_or(Duration::zero()));
  }

  static void write(const RunLimits& limits, Writer& to) {
    for (const Time limit : {limits.ready_by_, limits.alive_by_, limits.ended_by_}) {
      to.flags(limit == Time::max());
      if (limit != Time::max()) to.remaining(limit);
    }
  }

  static void write(const HealthMonitor& monitor, Writer& to) {
    to.name(monitor.state_);
    to.name(monitor.health_);
    to.small(monitor.failures_);
    to.flags(monitor.succeeded_);
    if (monitor.state_ == HealthMonitor::State::idle) return;
    to.age(monitor.started_at_, monitor.spec_->start_period);
    const bool probes = monitor.state_ == HealthMonitor::State::probing;
    if (probes) to.flags(monitor.in_start_period(monitor.probed_at_));
  }

  static void write(const Lifecycle& life, bool code_matters, Writer& to) {
    to.name(life.phase_);
    to.flags(life.armed_, life.launched_, life.hook_runs_, life.prepared_, life.hasty_);
    const Phase phase = life.phase_;
    const bool alive = phase == Phase::running || phase == Phase::quiescing ||
                       phase == Phase::stopping || phase == Phase::killing;
    write_life(life, alive, to);
    const Duration run = longest_run(*life.spec_);
    if (alive) to.age(life.started_at_, run);
    const bool ended = phase == Phase::draining || phase == Phase::cleaning || life.main_ended_;
    if (ended) to.span(std::min(life.uptime_, run));
    if (ended || phase == Phase::killing) to.flags(life.group_killed_, life.ran_);
    const bool grace_runs = phase == Phase::cancelling || phase == Phase::quiescing ||
                            phase == Phase::stopping || phase == Phase::cleaning ||
                            (phase == Phase::draining && !life.group_killed_);
    if (grace_runs) to.remaining(life.grace_end_);
    const bool code_is_read = ended || phase == Phase::failed || code_matters;
    if (code_is_read) to.status(life.last_status_);
    if (life.spec_->restart.max_attempts != 0) {
      to.small(life.history_.restarts().size());
      for (const Time at : life.history_.restarts()) to.age(at, life.spec_->restart.window);
    }
    to.small(life.history_.doublings());
  }

  static void write(const Orchestrator& core, Writer& to) {
    to.name(core.stage_);
    const bool may_linger =
        core.plan_->container().leftovers.awaited && core.stage_ == Orchestrator::Stage::stopping;
    to.flags(core.armed_, core.hurried_, core.sweep_killed_, core.cause_.has_value(),
             may_linger && core.asked_, core.plan_->container().must_start && core.ran_);
    if (core.cause_) {
      to.name(core.cause_->kind);
      to.small(core.cause_->service ? index(*core.cause_->service) + 1 : 0);
      to.remaining(core.deadlines_.graces);
      to.remaining(core.deadlines_.end);
    }
    to.small(core.alive_);
    to.small(core.unsettled_);
    to.small(core.changed_.size() + core.touched_.size());
    for (std::size_t i = 0; i < core.services_.size(); ++i) {
      const Orchestrator::Service& service = core.services_[i];
      const ServiceId id{static_cast<std::uint32_t>(i)};
      const bool code_matters = core.plan_->container().exit_code_from == (*core.plan_)[id].name ||
                                (core.cause_ && core.cause_->service == id);
      const auto& offer = service.offer;
      to.flags(service.wanted, service.again, service.holds);
      // What the dependents have been told matters only as long as something may start.
      if (core.stage_ == Orchestrator::Stage::supervising) {
        to.flags(offer.settled, offer.started, offer.healthy, offer.completed, offer.failed);
        to.small(service.doomed_by ? index(*service.doomed_by) + 1 : 0);
        to.small(service.unmet);
        to.small(service.lost);
      }
      to.small(service.held_by);
      write(service.life, code_matters, to);
      if (service.monitor != Orchestrator::kNoMonitor) write(core.monitors_[service.monitor], to);
    }
  }

  static std::optional<std::string> miscounted(const Orchestrator& core) {
    std::size_t alive = 0;
    std::size_t unsettled = 0;
    for (std::size_t i = 0; i < core.services_.size(); ++i) {
      const Lifecycle& life = core.services_[i].life;
      alive += life.has_process() ? 1u : 0u;
      unsettled += life.settled() ? 0u : 1u;
      if (miscounted(core, ServiceId{static_cast<std::uint32_t>(i)})) {
        return "the neighbours of service " + std::to_string(i) + " are counted wrong";
      }
    }
    if (alive != core.alive_) return "the living services are counted wrong";
    if (unsettled != core.unsettled_) return "the unsettled services are counted wrong";
    if (!core.changed_.empty() || !core.touched_.empty()) return "changes were left unsettled";
    return std::nullopt;
  }

  static bool miscounted(const Orchestrator& core, ServiceId id) {
    const auto& plan = *core.plan_;
    const auto holds = [&](const Edge& edge) { return core.at(edge.service).holds; };
    if (core.at(id).held_by != std::ranges::count_if(plan.dependents(id), holds)) return true;
    if (core.stage_ != Orchestrator::Stage::supervising) return false;  // nothing starts any more
    const auto unmet = [&](const Edge& edge) {
      return !Orchestrator::satisfies(core.at(edge.service).offer, edge);
    };
    const auto lost = [&](const Edge& edge) {
      const auto& offer = core.at(edge.service).offer;
      const bool too_late = edge.condition == Condition::healthy && offer.completed;
      return unmet(edge) && (offer.failed || too_late);
    };
    return core.at(id).unmet != std::ranges::count_if(plan.dependencies(id), unmet) ||
           core.at(id).lost != std::ranges::count_if(plan.dependencies(id), lost);
  }
};

}  // namespace pid1

namespace pid1::model {

namespace {

void write_past(const SimWorld& world, ServiceId id, CoreProbe::Writer& to) {
  const Past& past = world.past(id);
  const ServiceSpec& spec = world.plan()[id];
  const Phase phase = past.phase;
  to.name(past.verdict);
  to.flags(past.launched, past.out_of_memory, past.ever_healthy);
  to.small(past.prepared);
  if (phase == Phase::running) {
    to.small(past.completed);
    for (const Time limit : {past.ready_by, past.alive_by, past.ended_by}) {
      to.flags(limit == Time::max());
      if (limit != Time::max()) to.remaining(limit);
    }
    if (spec.watchdog) to.span(past.watchdog.value_or(Duration::zero()));
  }
  const bool grace_runs = phase == Phase::stopping || phase == Phase::draining ||
                          phase == Phase::cancelling || phase == Phase::quiescing ||
                          phase == Phase::cleaning;
  if (grace_runs) to.remaining(past.kill_allowed);
  if (phase == Phase::quiescing) to.remaining(past.hooks_allowed);
  if (spec.health) {
    to.name(past.health);
    to.small(past.failures);
  }
}

void write(const SimWorld& world, ServiceId id, CoreProbe::Writer& to) {
  const Presence& service = world.reality(id);
  const Past& past = world.past(id);
  to.name(service.main);
  const bool alive = service.main != Presence::Main::none;
  const bool watched = service.watched;
  const bool followed = std::ranges::any_of(world.plan().dependents(id), &Edge::restart);
  to.flags(watched, alive && service.heard_stop, alive && service.heard_kill,
           (alive || watched) && service.members_killed, alive && service.said_ready,
           followed && past.to_restart);
  to.flags(service.hook_lives, service.hook_lives && service.hook_heard_stop,
           service.hook_lives && service.hook_heard_kill, service.probe_lives,
           service.hook != HookRun{0}, service.probe != ProbeRun{0});
  if (service.hook_lives) {
    to.name(service.hook_point);
    to.small(service.hook_index);
  }
  write_past(world, id, to);
  // A pause's length is anything up to the model's grid, and its jitter comes from the generation.
  const Timer& timer = world.timer(index(id));
  if (timer.serial != 0 && past.phase != Phase::backoff) to.remaining(timer.due);
  if (world.plan()[id].health && world.health_timer(id).serial != 0) {
    to.remaining(world.health_timer(id).due);
  }
}

void make_room(const SimWorld& world, std::vector<std::uint8_t>& key) {
  constexpr std::size_t kForContainer = 128;
  constexpr std::size_t kForService = 256;
  std::size_t most_restarts = 0;
  for (std::size_t i = 0; i < world.size(); ++i) {
    most_restarts +=
        world.core().service(ServiceId{static_cast<std::uint32_t>(i)}).history().restarts().size();
  }
  key.resize(kForContainer + kForService * world.size() + sizeof(Duration) * most_restarts);
}

}  // namespace

void encode(const SimWorld& world, std::vector<std::uint8_t>& key) {
  make_room(world, key);
  CoreProbe::Writer to(key.data(), world.now());
  CoreProbe::write(world.core(), to);
  for (std::uint32_t i = 0; i < world.size(); ++i) write(world, ServiceId{i}, to);
  if (world.timer(world.size()).serial != 0) to.remaining(world.timer(world.size()).due);
  const bool may_linger = world.plan().container().leftovers.awaited &&
                          world.core().stage() == Orchestrator::Stage::stopping;
  constexpr int kSigKill = 9;
  to.flags(world.rest_signal() == kSigKill, world.hurried(), world.abandoned(),
           may_linger && world.asked(), world.unhealthy_then(),
           world.plan().container().must_start && world.ran());
  to.small(world.failed_then().size());
  for (const ServiceId id : world.failed_then()) to.small(index(id) + 1);
  if (world.exit_code()) to.small(static_cast<std::size_t>(*world.exit_code()));
  key.resize(static_cast<std::size_t>(to.end() - key.data()));
}

void encode_core(const SimWorld& world, std::vector<std::uint8_t>& key) {
  make_room(world, key);
  CoreProbe::Writer to(key.data(), world.now());
  CoreProbe::write(world.core(), to);
  key.resize(static_cast<std::size_t>(to.end() - key.data()));
}

std::optional<std::string> miscounted(const Orchestrator& core) {
  return CoreProbe::miscounted(core);
}

}  // namespace pid1::model
