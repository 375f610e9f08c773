#include "config/no_effect.h"

#include <string>
#include <string_view>

namespace pid1::config {

namespace {

bool restarts_after_success(const RestartPolicy& policy) {
  return policy.condition == RestartCondition::always;
}

bool restarts_after_failure(const RestartPolicy& policy) {
  return policy.condition != RestartCondition::never;
}

// Beyond it comes what `on_failure` says, whatever the last end was.
bool has_limit(const RestartPolicy& policy) { return policy.max_attempts > 0; }

void warn(const Fields& fields, std::string_view key, const std::string& why,
          const std::string& hint, Diagnostics& diagnostics) {
  if (fields.find(key) == nullptr) return;
  diagnostics.warning(fields.key_mark(key), "`" + std::string(key) + "` has no effect: " + why,
                      hint);
}

}  // namespace

void warn_of_unreached_ends(const Fields& service, const ServiceSpec& spec,
                            Diagnostics& diagnostics) {
  const RestartPolicy& policy = spec.restart;
  if (restarts_after_success(policy)) {
    warn(service, "on_success", "success is always followed by a restart",
         "take it out, or write `restart: on-failure`", diagnostics);
  }
  if (!restarts_after_failure(policy) || has_limit(policy)) return;
  const auto warn_of = [&](std::string_view key) {
    warn(service, key, "failure is always followed by a restart",
         "take it out, or give `restart` a limit, such as `on-failure:5`", diagnostics);
  };
  warn_of("on_oom");
  // A dependency that fails fails its dependents, too.
  if (spec.depends_on.empty()) warn_of("on_failure");
}

void warn_of_idle_limits(const Fields& restart, const RestartPolicy& policy,
                         Diagnostics& diagnostics) {
  if (policy.condition == RestartCondition::never) {
    for (const std::string_view key : {"max_attempts", "delay", "max_delay", "window"}) {
      warn(restart, key, "there are no restarts", "take it out, or write another `condition`",
           diagnostics);
    }
  } else if (!has_limit(policy)) {
    warn(restart, "window", "the number of restarts has no limit",
         "take it out, or write `max_attempts`", diagnostics);
  }
}

void warn_of_unwatched(const Fields& service, const ServiceSpec& spec, Diagnostics& diagnostics) {
  if (spec.readiness.kind != Readiness::Kind::notify && !service.is_faulty("readiness")) {
    warn(service, "watchdog", "the service doesn't notify", "write `readiness: notify` too",
         diagnostics);
  }
  if (!spec.health && !service.is_faulty("healthcheck")) {
    warn(service, "on_unhealthy", "the service has no health check", "write a `healthcheck` too",
         diagnostics);
  }
}

void warn_of_idle_start_interval(const Fields& healthcheck, const HealthCheck& check,
                                 Diagnostics& diagnostics) {
  if (check.start_period > Duration::zero() || healthcheck.is_faulty("start_period")) return;
  warn(healthcheck, "start_interval", "there is no `start_period`", "write one, or take it out",
       diagnostics);
}

void warn_of_idle_period(const Fields& service, Diagnostics& diagnostics) {
  warn(service, "cpu_period", "there is no `cpu_quota`", "write one, or take it out", diagnostics);
}

bool never_ends(const ServiceSpec& spec) {
  const RestartPolicy& policy = spec.restart;
  const bool failure_restarts = (restarts_after_failure(policy) && !has_limit(policy)) ||
                                spec.on_failure == EndAction::restart;
  if (restarts_after_success(policy)) return failure_restarts;
  return failure_restarts && spec.on_success == EndAction::restart;
}

}  // namespace pid1::config
