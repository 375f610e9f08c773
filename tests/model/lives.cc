#include "tests/model/lives.h"

#include <array>
#include <initializer_list>
#include <utility>

namespace pid1::model {

namespace {

using std::chrono::seconds;

constexpr Environment kFullest{};
// Everything but what is told well enough without hooks and checks.
constexpr Environment kPlain{.long_runs = false};
constexpr Environment kTimeless{.clock = Environment::Clock::stands,
                                .group_members = false,
                                .long_runs = false,
                                .refused_spawns = false};
constexpr Environment kTalkative{.group_members = false, .long_runs = false, .chatter = true};

constexpr seconds kAmple{30};
constexpr seconds kTight{3};

constexpr std::array kPoints{HookPoint::pre_start, HookPoint::post_start, HookPoint::pre_stop,
                             HookPoint::post_stop};
constexpr std::array kModes{KillMode::process, KillMode::mixed, KillMode::group};
constexpr std::array kActions{EndAction::ignore, EndAction::restart, EndAction::shutdown};

ServiceSpec service_that_ends_for_good(std::string name) {
  ServiceSpec spec;
  spec.name = std::move(name);
  // Equal delays neither grow nor get jitter: runs differ only in what happens.
  spec.restart = {RestartCondition::never, 1, seconds(1), seconds(1), seconds(2)};
  spec.on_failure = EndAction::ignore;
  spec.stop.grace = seconds(4);
  return spec;
}

ServiceSpec service_that_restarts(std::string name) {
  ServiceSpec spec = service_that_ends_for_good(std::move(name));
  spec.restart.condition = RestartCondition::on_failure;
  return spec;
}

Plan plan_of(std::vector<ServiceSpec> services, seconds budget) {
  ContainerSpec container;
  container.stop_grace_period = budget;
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

std::vector<ProcessSpec>& hooks_at(ServiceSpec& spec, HookPoint point) {
  switch (point) {
    case HookPoint::pre_start: return spec.hooks.pre_start;
    case HookPoint::post_start: return spec.hooks.post_start;
    case HookPoint::pre_stop: return spec.hooks.pre_stop;
    case HookPoint::post_stop: return spec.hooks.post_stop;
  }
  return spec.hooks.pre_start;
}

ServiceSpec with_hooks(ServiceSpec spec, unsigned points, std::size_t count = 1) {
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    if ((points >> i & 1) == 0) continue;
    hooks_at(spec, kPoints[i]).resize(count);
  }
  return spec;
}

HealthCheck check_with(std::uint32_t retries, seconds start_period) {
  return {.probe = TcpProbe{},
          .interval = seconds(4),
          .timeout = seconds(2),
          .retries = retries,
          .start_period = start_period,
          .start_interval = seconds(2)};
}

constexpr unsigned kEveryPoint = 15;

void add_hooks(Depth depth, std::vector<Case>& cases) {
  const auto add = [&](const ServiceSpec& spec, const Environment& environment) {
    cases.push_back({"hooks", plan_of({spec}, kAmple), environment});
    cases.push_back({"hooks", plan_of({spec}, kTight), environment});
  };
  for (const KillMode mode : kModes) {
    for (unsigned points = 1; points <= kEveryPoint; ++points) {
      ServiceSpec spec = service_that_restarts("a");
      spec.stop.kill_mode = mode;
      const bool alone = (points & (points - 1)) == 0;
      const bool fully = depth == Depth::thorough || alone;
      add(with_hooks(spec, points), fully ? kFullest : kPlain);
      if (fully) add(with_hooks(spec, points, 2), kPlain);
    }
  }
}

void add_readiness(Depth depth, std::vector<Case>& cases) {
  for (unsigned keys = 0; keys < 16; ++keys) {
    ServiceSpec spec = service_that_restarts("a");
    spec.readiness.kind = Readiness::Kind::notify;
    if ((keys & 1) != 0) spec.readiness.timeout = seconds(4);
    if ((keys & 2) != 0) spec.watchdog = seconds(4);
    if ((keys & 4) != 0) spec.max_runtime = seconds(6);
    if ((keys & 8) != 0) spec = with_hooks(spec, kEveryPoint);
    const bool few = (keys & 8) == 0 && (keys & (keys - 1)) == 0;
    const Environment& environment = few ? kFullest : kPlain;
    cases.push_back({"readiness", plan_of({spec}, kAmple), environment});
    if (depth == Depth::thorough || few) {
      cases.push_back({"readiness, chatter", plan_of({spec}, kTight), kTalkative});
    }
  }
}

void add_health(Depth depth, std::vector<Case>& cases) {
  for (const EndAction on_unhealthy : kActions) {
    for (const std::uint32_t retries : {1u, 2u}) {
      for (const seconds start_period : {seconds(0), seconds(4)}) {
        for (const RestartCondition restart :
             {RestartCondition::never, RestartCondition::on_failure}) {
          ServiceSpec spec = service_that_ends_for_good("a");
          spec.restart.condition = restart;
          spec.health = check_with(retries, start_period);
          spec.on_unhealthy = on_unhealthy;
          cases.push_back({"health", plan_of({spec}, kAmple), kPlain});
          const bool long_enough = depth == Depth::thorough && retries == 1;
          if (!long_enough) continue;
          spec = with_hooks(spec, kEveryPoint);
          cases.push_back({"health, hooks", plan_of({spec}, kTight), kPlain});
        }
      }
    }
  }
}

void add_ends(std::vector<Case>& cases) {
  for (const EndAction on_oom : kActions) {
    for (const EndAction on_failure : kActions) {
      ServiceSpec spec = service_that_restarts("a");
      spec.on_oom = on_oom;
      spec.on_failure = on_failure;
      spec.reload.signal = 1;
      ContainerSpec container;
      container.stop_grace_period = kAmple;
      container.signals[1].kind = SignalRule::Kind::reload;
      container.signals[15].kind = SignalRule::Kind::reload;
      cases.push_back({"out of memory", plan_of({spec}, kAmple), kFullest});
      cases.push_back({"reload", std::get<Plan>(Plan::create({spec}, container)), kFullest});
    }
  }
}

// What the first of a pair offers to the second.
std::vector<ServiceSpec> offers() {
  std::vector<ServiceSpec> all;
  for (const bool restarts : {false, true}) {
    const ServiceSpec base =
        restarts ? service_that_restarts("a") : service_that_ends_for_good("a");
    ServiceSpec ready = base;
    ready.readiness.kind = Readiness::Kind::notify;
    all.push_back(ready);
    for (const EndAction on_unhealthy : {EndAction::ignore, EndAction::restart}) {
      ServiceSpec checked = base;
      checked.health = check_with(1, seconds(0));
      checked.on_unhealthy = on_unhealthy;
      all.push_back(checked);
      checked.readiness.kind = Readiness::Kind::fd;
      all.push_back(checked);
    }
    all.push_back(with_hooks(base, 2));
  }
  return all;
}

std::vector<Dependency> edges_to(const std::string& service, Condition condition) {
  std::vector<Dependency> edges;
  for (const bool restart : {false, true}) {
    for (const bool required : {false, true}) {
      edges.push_back({service, condition, restart, required});
    }
  }
  return edges;
}

void add_healthy_pairs(Depth depth, std::vector<Case>& cases) {
  for (const ServiceSpec& first : offers()) {
    for (const Dependency& edge : edges_to("a", Condition::healthy)) {
      for (const bool restarts : {false, true}) {
        const bool is_plain = edge.required && !edge.restart;
        if (restarts && !is_plain && depth == Depth::usual) continue;
        ServiceSpec second =
            restarts ? service_that_restarts("b") : service_that_ends_for_good("b");
        second.depends_on = {edge};
        cases.push_back({"healthy pairs", plan_of({first, second}, kAmple), kTimeless});
      }
    }
  }
}

// Hooks while others wait for their end, and while they wait for others.
void add_hooked_pairs(Depth depth, std::vector<Case>& cases) {
  for (const unsigned points : {1u, 2u, 4u, 8u, kEveryPoint}) {
    for (const Condition condition : {Condition::started, Condition::healthy}) {
      for (const bool both : {false, true}) {
        const ServiceSpec first = with_hooks(service_that_restarts("a"), both ? points : 0);
        ServiceSpec second = with_hooks(service_that_restarts("b"), points);
        second.depends_on = {{.service = "a", .condition = condition}};
        const bool large = both && points == kEveryPoint;
        if (large && depth == Depth::usual) continue;
        cases.push_back({"hooked pairs", plan_of({first, second}, kAmple), kTimeless});
        if (depth == Depth::usual) continue;
        second.depends_on[0].restart = true;
        cases.push_back({"hooked pairs", plan_of({first, second}, kAmple), kTimeless});
      }
    }
  }
}

// A failure goes down through what requires it, and stops at what does not.
void add_falling_triples(Depth depth, std::vector<Case>& cases) {
  for (const unsigned kind : {0u, 1u, 2u}) {
    if (kind == 2 && depth == Depth::usual) continue;
    ServiceSpec first = service_that_ends_for_good("a");
    if (kind == 1) first.readiness.kind = Readiness::Kind::notify;
    if (kind == 2) first = with_hooks(first, 8);
    for (const bool second_required : {false, true}) {
      for (const bool third_required : {false, true}) {
        for (const bool also_first : {false, true}) {
          ServiceSpec second = service_that_restarts("b");
          second.depends_on = {{"a", Condition::healthy, false, second_required}};
          ServiceSpec third = service_that_ends_for_good("c");
          third.depends_on = {{"b", Condition::started, false, third_required}};
          if (also_first) third.depends_on.push_back({"a", Condition::started, true, true});
          const std::vector services{first, second, third};
          cases.push_back({"falling triples", plan_of(services, kAmple), kTimeless});
        }
      }
    }
  }
}

}  // namespace

void add_lives(Depth depth, std::vector<Case>& cases) {
  add_hooks(depth, cases);
  add_readiness(depth, cases);
  add_health(depth, cases);
  add_ends(cases);
  add_healthy_pairs(depth, cases);
  add_hooked_pairs(depth, cases);
  add_falling_triples(depth, cases);
}

}  // namespace pid1::model
