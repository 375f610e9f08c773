#include "tests/model/past.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1::model {

namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

bool says_so(const ServiceSpec& spec) { return spec.readiness.kind != Readiness::Kind::none; }

}  // namespace

void Past::befall(const Event& event, const Presence& there, const ServiceSpec& spec, Time now,
                  Time latest) {
  const auto lives = [&](Generation generation) {
    return there.main == Presence::Main::alive && generation == there.generation;
  };
  std::visit(Overloaded{
                 [](const auto&) {},
                 [&](const Spawned&) { begin_run(spec, now); },
                 [&](const SpawnFailed& e) {
                   if (e.fault == SpawnFault::system) return;
                   status = Exited{e.code};
                   last_end_ran = false;
                   out_of_memory = false;
                   prepared = 0;
                 },
                 [&](const Ready& e) {
                   if (lives(e.generation) && says_so(spec) && !there.said_ready) become_ready(now);
                 },
                 [&](const WatchdogPinged& e) {
                   const bool counts = there.said_ready || !says_so(spec);
                   if (lives(e.generation) && counts && watchdog) alive_by = later(now, *watchdog);
                 },
                 [&](const WatchdogChanged& e) {
                   if (!lives(e.generation) || phase != Phase::running) return;
                   watchdog = e.limit;
                   if (there.said_ready || !says_so(spec)) alive_by = later(now, e.limit);
                 },
                 [&](const TimeoutExtended& e) {
                   if (!lives(e.generation)) return;
                   if (phase == Phase::stopping || phase == Phase::quiescing) {
                     kill_allowed =
                         std::max(kill_allowed, std::min(later(now, e.extension), latest));
                   }
                   if (phase != Phase::running) return;
                   Time& limit = there.said_ready || !says_so(spec) ? ended_by : ready_by;
                   limit = std::max(limit, later(now, e.extension));
                 },
                 [&](const ProcessEnded& e) {
                   status = e.status;
                   last_end_ran = true;
                   out_of_memory = e.out_of_memory;
                   prepared = 0;
                 },
                 [&](const HookEnded& e) {
                   if (there.hook_lives && e.run == there.hook) end_hook(e, there.hook_point);
                 },
             },
             event);
}

void Past::end_hook(const HookEnded& end, HookPoint point) {
  const bool well = exit_code(end.status) == 0;
  if (point == HookPoint::post_start && well) ++completed;
  if (point != HookPoint::pre_start || phase != Phase::preparing) return;
  if (well) {
    ++prepared;
    return;
  }
  prepared = 0;
  status = end.status;
  last_end_ran = false;
  out_of_memory = false;
}

void Past::begin_run(const ServiceSpec& spec, Time now) {
  launched = true;
  completed = 0;
  watchdog = spec.watchdog;
  ready_by = alive_by = ended_by = Time::max();
  if (spec.max_runtime) ended_by = later(now, *spec.max_runtime);
  if (says_so(spec) && spec.readiness.timeout) ready_by = later(now, *spec.readiness.timeout);
  if (!says_so(spec)) become_ready(now);
}

void Past::become_ready(Time now) {
  ready_by = Time::max();
  if (watchdog) alive_by = later(now, *watchdog);
}

void Past::end_probe(ProbeResult result, const HealthCheck& check, Time began) {
  switch (result) {
    case ProbeResult::unknown: return;
    case ProbeResult::healthy:
      health = Health::healthy;
      ever_healthy = true;
      failures = 0;
      return;
    case ProbeResult::unhealthy:
      if (!ever_healthy && began - checked_since < check.start_period) return;
      failures = std::min(failures + 1, check.retries);
      if (failures == check.retries) health = Health::unhealthy;
      return;
  }
}

void Past::begin_check(Time now) {
  health = Health::starting;
  checked_since = now;
}

void Past::end_check() {
  health = Health::none;
  failures = 0;
  ever_healthy = false;
}

void Past::forget_runs() {
  launched = false;
  prepared = 0;
  restarts.clear();
}

Time Past::earliest_limit() const { return std::min({ready_by, alive_by, ended_by}); }

Verdict Past::limit_passed(Time now) const {
  if (ended_by <= now) return Verdict::overran;
  if (ready_by <= now) return Verdict::not_ready;
  return alive_by <= now ? Verdict::silent : Verdict::none;
}

}  // namespace pid1::model
