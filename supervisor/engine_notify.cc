#include <algorithm>

#include "supervisor/engine.h"
#include "supervisor/service_variables.h"
#include "supervisor/system/process_facts.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

void Engine::open_notify_sockets() {
  if (options_.voice == Voice::one_program) return;
  if (std::ranges::none_of(plan_.services(), notifies)) return;
  notify_.resize(plan_.size());
  told_storage_.resize(plan_.size());
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    const ServiceId service{static_cast<std::uint32_t>(i)};
    if (notifies(plan_[service])) open_notify_socket(service);
  }
}

void Engine::open_notify_socket(ServiceId service) {
  auto socket = std::make_unique<NotifySocket>(
      loop_,
      NotifyHandlers{
          .notified = [this, service](
                          const NotifySender& sender,
                          const NotifyMessage& message) { notified(service, sender, message); },
          .refused =
              [this, service](const NotifySender& sender, std::string_view why) {
                log_.write(
                    LogLevel::info,
                    of_service(service, "a notification from pid " + std::to_string(sender.pid) +
                                            " is no good: " + std::string(why)));
              },
      },
      "/run/pid1", plan_[service].name);
  if (socket->error() != 0) {
    log_.write(LogLevel::error, of_service(service, "cannot listen to its notifications: " +
                                                        system::error_text(socket->error())));
    return;
  }
  notify_[index(service)] = std::move(socket);
}

// The service whose process it is, or was: it may be a zombie.
std::optional<ServiceId> Engine::service_of(std::int32_t pid) {
  if (const auto owner = processes_.owner_of(pid)) return owner->service;
  return belongings_.owner_of(pid);
}

// What came to a service's socket is of another one only where that can be shown. A helper may have
// ended, and have been reaped by its parent, before its message was read: then it is known by its
// user alone.
bool Engine::is_its_own(ServiceId service, const NotifySender& sender) {
  if (const auto owner = service_of(sender.pid)) return *owner == service;
  if (system::process_facts(sender.pid)) return false;
  const Generation generation = core_.service(service).generation();
  const std::int32_t main = processes_.process_of(service, generation);
  return sender.uid == 0 || (main != 0 && system::user_of(main) == sender.uid);
}

void Engine::notified(ServiceId service, const NotifySender& sender, const NotifyMessage& message) {
  if (!is_its_own(service, sender)) {
    log_.write(LogLevel::warning,
               of_service(service, "a notification from pid " + std::to_string(sender.pid) +
                                       " means nothing: that is no process of it"));
    return;
  }
  const Generation generation = core_.service(service).generation();
  tell_notes(service, message);
  if (message.main_pid) name_main_process(service, *message.main_pid);
  if (message.watchdog_limit) {
    deliver(WatchdogChanged{service, generation, *message.watchdog_limit});
  }
  if (message.extension) deliver(TimeoutExtended{service, generation, *message.extension});
  const bool tells_readiness = plan_[service].readiness.kind == Readiness::Kind::notify;
  if (message.state == NotifyMessage::State::ready && tells_readiness) {
    deliver(Ready{service, generation});
  }
  switch (message.watchdog) {
    case NotifyMessage::Watchdog::silent: return;
    case NotifyMessage::Watchdog::alive: deliver(WatchdogPinged{service, generation}); return;
    case NotifyMessage::Watchdog::trigger: deliver(WatchdogTriggered{service, generation}); return;
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
  if (message.watchdog == NotifyMessage::Watchdog::trigger) {
    tell("says itself that it hangs (WATCHDOG=trigger)");
  }
  if (message.status) tell("status: " + std::string(*message.status));
  if (message.error_number.value_or(0) != 0) {
    tell("reports an error: " + system::error_text(*message.error_number));
  }
  if (!message.bus_error.empty()) {
    tell("reports a D-Bus error: " + std::string(message.bus_error));
  }
  if (message.wants_storage && !told_storage_[index(service)]) {
    told_storage_[index(service)] = true;
    tell("wants descriptors kept, which pid1 does not do");
  }
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
