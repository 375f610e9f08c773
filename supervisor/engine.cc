#include "supervisor/engine.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <exception>

#include "services/signal_names.h"
#include "supervisor/service_variables.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

constexpr auto kFlushInterval = std::chrono::milliseconds(100);

constexpr int kSigKill = 9;

Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

Engine::Engine(const Plan& plan, system::System& system, system::SignalFd& signals, Log& log,
               EngineOptions options)
    : plan_(plan),
      system_(system),
      signals_(signals),
      log_(log),
      options_(std::move(options)),
      core_(plan, options_.seed),
      loop_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      signal_descriptor_(loop_, signals.fd()),
      timers_(loop_, timer_owners(plan), [this](TimerToken token) { deliver(TimerFired{token}); }),
      look_timer_(loop_),
      flush_timer_(loop_),
      launcher_(system, options_.environment, options_.manner),
      processes_(plan.size()),
      tasks_(loop_, launcher_, system, cgroups()),
      known_(plan, processes_, tasks_, cgroups()),
      belongings_(plan, system, known_, cgroups()),
      oom_(plan.size(), cgroups()),
      hooks_(
          loop_, plan, tasks_, log, [this](const Event& event) { deliver(event); },
          [this](ServiceId service, HookPoint point, std::string_view line) {
            say(service, name_of(point), line);
          }),
      probes_(loop_, plan, tasks_, log, [this](const Event& event) { deliver(event); }),
      reloads_(plan, tasks_, log,
               [this](ServiceId service, std::string_view line) { say(service, "reload", line); }),
      ready_(
          loop_, [this](const Event& event) { deliver(event); },
          [this](ServiceId service) { tell_unready(service); }),
      told_deferred_(plan.size()),
      told_refusal_(plan.size()) {
  // Two for each service, and some for the container: the longest answer to one event.
  commands_.reserve(4 * plan.size() + 16);
}

const Cgroups& Engine::cgroups() const {
  static const Cgroups kNone;
  return options_.cgroups == nullptr ? kNone : *options_.cgroups;
}

int Engine::run() {
  open_notify_sockets();
  open_output();
  await_signals();
  deliver(Booted{});
  if (options_.voice == Voice::supervisor) oom_.begin();
  while (core_.stage() != Orchestrator::Stage::finished) {
    try {
      loop_.run();
    } catch (const std::exception& error) {
      // Memory, most likely. What was under way is lost, the processes are not: look again.
      delivering_ = launching_ = false;
      log_.write(LogLevel::error, std::string("cannot go on for a moment: ") + error.what());
      boost::asio::post(loop_, [this] { reap(); });
    }
  }
  try {
    drain_output();
    say_last_words();
    // NOLINTNEXTLINE(bugprone-empty-catch): no memory for words, and the code says it all the same
  } catch (const std::exception&) {
  }
  signal_descriptor_.release();
  return epilogue_.code;
}

void Engine::deliver(const Event& event) {
  events_.push(event);
  if (delivering_) return;
  delivering_ = true;
  while (!events_.empty()) {
    const Event next = events_.pop();
    commands_.clear();
    core_.handle(next, now(), commands_);
    for (const Command& command : commands_) execute(command);
  }
  delivering_ = false;
  launch_some();
  schedule_flush();
}

void Engine::execute(const Command& command) {
  std::visit([this](const auto& concrete) { execute(concrete); }, command);
}

void Engine::execute(const Spawn& command) { spawns_.push(command); }

void Engine::execute(const Signal& command) {
  const std::int32_t pid = processes_.process_of(command.service, command.generation);
  const std::int32_t group = processes_.group_of(command.service, command.generation);
  int error = 0;
  switch (command.scope) {
    case SignalScope::process:
      if (pid != 0) error = system_.signal_process(pid, command.signo);
      break;
    case SignalScope::group:
      if (group != 0) error = belongings_.signal(command.service, group, command.signo);
      break;
  }
  // Who has gone meanwhile has no need of it.
  if (error != 0 && error != ESRCH) tell_refusal(command, error);
}

// A setuid program refuses each one of an unprivileged pid1's.
void Engine::tell_refusal(const Signal& command, int error) {
  const LogLevel level =
      told_refusal_[index(command.service)] ? LogLevel::debug : LogLevel::warning;
  told_refusal_[index(command.service)] = true;
  if (!log_.enabled(level)) return;
  log_.write(level, of_service(command.service, "cannot send " + signal_name(command.signo) + ": " +
                                                    system::error_text(error)));
}

void Engine::execute(const WatchGroup& command) {
  watched_.push_back(command);
  schedule_look();
}

void Engine::execute(const RunHook& command) {
  hooks_.run(command, core_.service(command.service).last_end());
}

void Engine::execute(const SignalHook& command) { hooks_.signal(command); }

void Engine::execute(const Probe& command) { probes_.start(command); }

// One that is stopped while the health goes on being watched has taken too long.
void Engine::execute(const StopProbe& command) {
  if (core_.health(command.service) == Health::none) {
    probes_.stop(command);
  } else {
    probes_.time_out(command);
  }
}

void Engine::execute(const ReloadService& command) {
  const ServiceSpec& spec = plan_[command.service];
  if (spec.reload.signal != 0) {
    execute(Signal{command.service, command.generation, spec.reload.signal, SignalScope::process});
    return;
  }
  reloads_.run(command.service);
}

void Engine::execute(const ArmTimer& command) {
  timers_.arm(command.token, later(now(), command.delay));
}

void Engine::execute(const CancelTimer& command) { timers_.cancel(command.token); }

void Engine::execute(const AwaitRest&) {
  rest_awaited_ = true;
  boost::asio::post(loop_, [this] { reap(); });
}

void Engine::execute(const SignalRest& command) {
  const bool found = system_.signal_rest(command.signo);
  rest_killed_ = command.signo == kSigKill;
  // By SIGKILL's time it is certain that something is left.
  if (!found && rest_killed_) {
    log_.write(LogLevel::warning,
               "cannot look for all that is left, only for children of pid1's own: there is no "
               "/proc of this PID namespace");
  }
  execute(AwaitRest{});
}

void Engine::execute(const Announce& command) {
  if (command.fact == Fact::shutdown_begun) {
    epilogue_.began = now();
    belongings_.leave_strays();
  }
  const bool services_gone = command.fact == Fact::lingering || command.fact == Fact::sweeping ||
                             command.fact == Fact::sweep_killing;
  if (services_gone && epilogue_.services == Time{}) epilogue_.services = now();
  if (command.fact == Fact::hook_failed && command.hook == HookPoint::pre_start) {
    epilogue_.launch_errors.insert_or_assign(command.service,
                                             "its pre_start hook " + describe(command.status));
  }
  if (command.fact == Fact::killing && core_.cause()) epilogue_.killed.insert(command.service);
  const LogLevel level = level_of(command, options_.voice);
  if (command.fact == Fact::unhealthy) {
    epilogue_.failed_check = probes_.last_failure(command.service);
    log_.write(level, of_service(command.service, "unhealthy: " + epilogue_.failed_check));
    return;
  }
  if (log_.enabled(level)) log_.write(level, narrate(command, plan_, options_.voice));
  const bool failed =
      level >= LogLevel::warning && (command.fact == Fact::restarting ||
                                     command.fact == Fact::gave_up || command.fact == Fact::failed);
  if (failed && log_.enabled(level)) tell_last_lines(command.service);
}

void Engine::execute(const Finish& command) {
  epilogue_.code = command.code;
  epilogue_.ended = now();
  if (epilogue_.services == Time{}) epilogue_.services = epilogue_.ended;
  loop_.stop();
}

// 0 while there is none.
std::int32_t Engine::first_process() const {
  if (plan_.size() == 0) return 0;
  const ServiceId first{0};
  if (!core_.service(first).has_process()) return 0;
  return processes_.process_of(first, core_.service(first).generation());
}

std::string Engine::of_service(ServiceId service, const std::string& message) const {
  switch (options_.voice) {
    case Voice::supervisor: return plan_[service].name + ": " + message;
    case Voice::one_program: return message;
  }
  return message;
}

void Engine::schedule_flush() {
  if (flush_scheduled_ || !log_.pending()) return;
  flush_scheduled_ = true;
  flush_timer_.expires_after(kFlushInterval);
  flush_timer_.async_wait([this](const boost::system::error_code&) {
    flush_scheduled_ = false;
    log_.flush();
    schedule_flush();
  });
}

}  // namespace pid1::supervisor
