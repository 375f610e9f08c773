#include <algorithm>

#include "supervisor/engine.h"
#include "supervisor/service_variables.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

void Engine::open_notify_socket() {
  if (options_.voice == Voice::one_program) return;
  if (std::ranges::none_of(plan_.services(), notifies)) return;
  notify_.emplace(
      loop_, NotifyHandlers{
                 .notified = [this](const NotifySender& sender,
                                    const NotifyMessage& message) { notified(sender, message); },
                 .refused =
                     [this](const NotifySender& sender, std::string_view why) {
                       log_.write(LogLevel::info, "a notification from pid " +
                                                      std::to_string(sender.pid) +
                                                      " is no good: " + std::string(why));
                     },
             });
  if (notify_->error() == 0) return;
  log_.write(LogLevel::error,
             "cannot listen to notifications: " + system::error_text(notify_->error()));
  notify_.reset();
}

// The service whose process it is, or was: it may be a zombie.
std::optional<ServiceId> Engine::service_of(std::int32_t pid) {
  if (const auto owner = processes_.owner_of(pid)) return owner->service;
  return belongings_.owner_of(pid);
}

void Engine::notified(const NotifySender& sender, const NotifyMessage& message) {
  const auto service = service_of(sender.pid);
  if (!service || !notifies(plan_[*service])) {
    if (log_.enabled(LogLevel::debug)) {
      log_.write(LogLevel::debug, "a notification from pid " + std::to_string(sender.pid) +
                                      " is of no service that notifies");
    }
    return;
  }
  const Generation generation = core_.service(*service).generation();
  tell_notes(*service, message);
  if (message.main_pid) name_main_process(*service, *message.main_pid);
  if (message.watchdog_limit) {
    deliver(WatchdogChanged{*service, generation, *message.watchdog_limit});
  }
  if (message.extension) deliver(TimeoutExtended{*service, generation, *message.extension});
  const bool tells_readiness = plan_[*service].readiness.kind == Readiness::Kind::notify;
  if (message.state == NotifyMessage::State::ready && tells_readiness) {
    deliver(Ready{*service, generation});
  }
  switch (message.watchdog) {
    case NotifyMessage::Watchdog::silent: return;
    case NotifyMessage::Watchdog::alive: deliver(WatchdogPinged{*service, generation}); return;
    case NotifyMessage::Watchdog::trigger: deliver(WatchdogTriggered{*service, generation}); return;
  }
}

// For people.
void Engine::tell_notes(ServiceId service, const NotifyMessage& message) {
  const auto tell = [&](const std::string& what) {
    log_.write(LogLevel::info, of_service(service, what));
  };
  if (!log_.enabled(LogLevel::info)) return;
  switch (message.state) {
    case NotifyMessage::State::unchanged:
    case NotifyMessage::State::ready: break;
    case NotifyMessage::State::reloading: tell("reloading"); break;
    case NotifyMessage::State::stopping: tell("stopping by itself"); break;
  }
  if (message.status) tell("status: " + std::string(*message.status));
  if (message.error_number.value_or(0) != 0) {
    tell("reports an error: " + system::error_text(*message.error_number));
  }
  if (!message.bus_error.empty()) {
    tell("reports a D-Bus error: " + std::string(message.bus_error));
  }
  if (message.wants_storage) tell("wants descriptors kept, which pid1 does not do");
  if (!message.malformed.empty()) {
    tell("a part of its notification is no good: " + std::string(message.malformed));
  }
}

// Another process of the service stands for it from now on, as with a program that puts itself into
// the background. Only a child of ours can: nobody else's end would be told to us. One that isn't
// yet becomes ours when the process that has made it ends (see account_for).
void Engine::name_main_process(ServiceId service, std::int32_t pid) {
  const Generation generation = core_.service(service).generation();
  if (processes_.process_of(service, generation) == pid) return;
  if (service_of(pid) != service) {
    log_.write(LogLevel::warning,
               of_service(service, "names pid " + std::to_string(pid) +
                                       " as its main process, which is none of its own"));
    return;
  }
  processes_.set_successor(service, generation, pid);
  if (system_.is_child(pid)) processes_.succeed(service, generation);
}

}  // namespace pid1::supervisor
