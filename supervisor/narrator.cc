#include "supervisor/narrator.h"

#include <algorithm>
#include <cstdio>

#include "config/scalars.h"
#include "services/fact_names.h"
#include "services/signal_names.h"

namespace pid1::supervisor {

namespace {

std::string attempt_of(const Announce& announce) {
  if (announce.attempts == 0) return "";
  return " (attempt " + std::to_string(announce.attempt) + " of " +
         std::to_string(announce.attempts) + ")";
}

std::string when(Duration delay) {
  return delay == Duration::zero() ? "now" : "in " + brief(delay);
}

bool is_failure(const std::optional<ExitStatus>& status) {
  return !status || exit_code(*status) != 0;
}

std::string beginning_of_end(Duration budget, Voice voice) {
  switch (voice) {
    case Voice::supervisor: return "stopping all services, within " + brief(budget);
    case Voice::one_program: return "ending, within " + brief(budget);
  }
  return "";
}

std::string end_of(const Announce& announce) {
  std::string text = describe(announce.status);
  if (announce.out_of_memory) text += kOutOfMemory;
  return text;
}

// The time of its hooks is part of its grace.
std::string stopping(const ServiceSpec& spec, Duration grace) {
  const std::string signal = signal_name(spec.stop.signal);
  if (spec.hooks.pre_stop.empty()) {
    return "stopping: " + signal + ", then " + brief(grace) + " of grace";
  }
  return "stopping: its pre_stop hooks, then " + signal + ", within " + brief(grace);
}

std::string message_of(const Announce& announce, const Plan& plan, Voice voice) {
  const std::string subject(subject_of(voice));
  switch (announce.fact) {
    case Fact::started: return "started";
    case Fact::ready: return "ready after " + brief(announce.delay);
    case Fact::healthy: return "healthy";
    case Fact::unhealthy: return "unhealthy";
    case Fact::condemned:
      return describe(announce.verdict, plan[announce.service]) + "; stopping it, within " +
             brief(announce.delay);
    case Fact::hook_failed:
      return "its " + std::string(name_of(announce.hook)) + " hook " + describe(announce.status);
    case Fact::hook_killed:
      return "the time for its " + std::string(name_of(announce.hook)) +
             " hook is over; killing it";
    case Fact::spawn_deferred: return "no resources to start it; next try " + when(announce.delay);
    case Fact::spawn_failed: return "could not be started";
    case Fact::ended: return end_of(announce);
    case Fact::completed: return end_of(announce) + ", done";
    case Fact::restarting:
      return end_of(announce) + "; restarting " + when(announce.delay) + attempt_of(announce);
    case Fact::gave_up:
      return end_of(announce) + "; restarted " + std::to_string(announce.attempts) +
             " times within " + config::format_duration(plan[announce.service].restart.window) +
             ", giving up";
    case Fact::failed: return end_of(announce) + "; it is not restarted";
    case Fact::dependency_failed:
      return "cannot run: it depends on " + plan[announce.other].name + ", which failed";
    case Fact::stopping: return stopping(plan[announce.service], announce.delay);
    case Fact::killing:
      return "still runs after " + signal_name(plan[announce.service].stop.signal) +
             " and its grace period; killing it";
    case Fact::killing_group: return "ended, but left processes behind; killing them";
    case Fact::group_left: return "left processes that even SIGKILL did not end";
    case Fact::stopped: return "stopped: " + end_of(announce);
    case Fact::shutdown_begun: return beginning_of_end(announce.delay, voice);
    case Fact::still_waiting: return "still stopping; interrupt (SIGINT) to kill everything now";
    case Fact::hurried: return "interrupted again: killing everything";
    case Fact::deadline_passed:
      return "the time for " + subject + " to stop is used up: killing everything";
    case Fact::lingering: return "waiting for what " + subject + " left behind to end";
    case Fact::sweeping: return "ending what " + subject + " left behind";
    case Fact::sweep_killing: return "killing what " + subject + " left behind";
    case Fact::sweep_abandoned: return "some processes are left that could not be ended";
  }
  return "";
}

LogLevel level_for_services(const Announce& announce) {
  switch (announce.fact) {
    case Fact::started:
    case Fact::ready:
    case Fact::healthy:
    case Fact::completed:
    case Fact::stopping:
    case Fact::stopped:
    case Fact::shutdown_begun: return LogLevel::info;
    case Fact::restarting: return is_failure(announce.status) ? LogLevel::warning : LogLevel::info;
    case Fact::unhealthy:
    case Fact::condemned:
    case Fact::hook_failed:
    case Fact::hook_killed:
    case Fact::killing:
    case Fact::group_left:
    case Fact::still_waiting:
    case Fact::hurried:
    case Fact::deadline_passed:
    case Fact::sweep_abandoned: return LogLevel::warning;
    case Fact::gave_up:
    case Fact::failed:
    case Fact::dependency_failed: return LogLevel::error;
    case Fact::spawn_deferred:  // the engine has told why, once
    case Fact::spawn_failed:
    case Fact::ended:
    case Fact::killing_group:
    case Fact::lingering:
    case Fact::sweeping:
    case Fact::sweep_killing: return LogLevel::debug;
  }
  return LogLevel::debug;
}

}  // namespace

LogLevel level_of(const Announce& announce, Voice voice) {
  const LogLevel level = level_for_services(announce);
  switch (voice) {
    case Voice::supervisor: return level;
    case Voice::one_program:
      // How it ended is for its exit code to say, and there is nothing else to stop.
      if (announce.fact == Fact::sweep_abandoned) return level;
      if (announce.fact == Fact::shutdown_begun) return LogLevel::debug;
      return std::min(level, LogLevel::info);
  }
  return level;
}

std::string_view subject_of(Voice voice) {
  switch (voice) {
    case Voice::supervisor: return "the services";
    case Voice::one_program: return "the program";
  }
  return "";
}

std::string narrate(const Announce& announce, const Plan& plan, Voice voice) {
  std::string message = message_of(announce, plan, voice);
  if (announce.service == kNoService) return message;
  return plan[announce.service].name + ": " + message;
}

std::string describe(const std::optional<ExitStatus>& status) {
  if (!status) return "could not be started";
  if (const auto* exited = std::get_if<Exited>(&*status)) {
    return "exited with code " + std::to_string(exited->code);
  }
  const auto& signaled = std::get<Signaled>(*status);
  return "was killed by " + signal_name(signaled.signo) +
         (signaled.core_dumped ? " (core dumped)" : "");
}

std::string describe(Verdict verdict, const ServiceSpec& spec) {
  switch (verdict) {
    case Verdict::none: return "";
    case Verdict::not_ready:
      return "did not get ready within " +
             config::format_duration(spec.readiness.timeout.value_or(Duration{}));
    case Verdict::hook_failed: return "had a post_start hook that failed";
    case Verdict::overran:
      return "ran for longer than " +
             config::format_duration(spec.max_runtime.value_or(Duration{}));
    case Verdict::silent: return "gave no sign of life in time for its watchdog";
    case Verdict::unhealthy: return "is unhealthy";
  }
  return "";
}

std::string brief(Duration duration) {
  using std::chrono::duration_cast;
  if (duration < std::chrono::milliseconds(1)) {
    return std::to_string(duration_cast<std::chrono::microseconds>(duration).count()) + "us";
  }
  if (duration < std::chrono::seconds(1)) {
    return std::to_string(duration_cast<std::chrono::milliseconds>(duration).count()) + "ms";
  }
  if (duration < std::chrono::minutes(1)) {
    const auto tenths = duration_cast<std::chrono::milliseconds>(duration).count() / 100;
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + "s";
  }
  return config::format_duration(duration_cast<std::chrono::seconds>(duration));
}

}  // namespace pid1::supervisor
