#include "supervisor/epilogue.h"

#include <boost/json.hpp>

#include "services/signal_names.h"
#include "supervisor/narrator.h"

namespace pid1::supervisor {

namespace {

std::string sender(const SignalReceived& signal) {
  if (signal.sender_pid == 0) return "from outside the container";
  return "from pid " + std::to_string(signal.sender_pid) + ", uid " +
         std::to_string(signal.sender_uid);
}

// Where a service failed because of another one, that one is to be looked at, and so on down.
ServiceId culprit(const Orchestrator& core, ServiceId failed) {
  while (const auto& dependency = core.service(failed).failed_dependency()) failed = *dependency;
  return failed;
}

std::string failure(const Orchestrator& core, ServiceId failed) {
  const ServiceId root = culprit(core, failed);
  const std::string end = describe(core.service(root).last_end());
  const std::string& name = core.plan()[failed].name;
  if (root == failed) return name + " failed: it " + end;
  return name + " failed: it depends on " + core.plan()[root].name + ", which " + end;
}

std::string reason(const Orchestrator& core) {
  const ShutdownCause& cause = *core.cause();
  switch (cause.kind) {
    case ShutdownCause::Kind::asked:
      return signal_name(cause.signal.signo) + " " + sender(cause.signal);
    case ShutdownCause::Kind::service_failed: return failure(core, *cause.service);
    case ShutdownCause::Kind::service_ended:
      return core.plan()[*cause.service].name + " ended: it " +
             describe(core.service(*cause.service).last_end());
    case ShutdownCause::Kind::nothing_left: return "no service is left to run";
  }
  return "";
}

std::string_view kind_name(ShutdownCause::Kind kind) {
  switch (kind) {
    case ShutdownCause::Kind::asked: return "asked";
    case ShutdownCause::Kind::service_failed: return "service_failed";
    case ShutdownCause::Kind::service_ended: return "service_ended";
    case ShutdownCause::Kind::nothing_left: return "nothing_left";
  }
  return "";
}

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

std::string last_line(const Orchestrator& core, const Epilogue& epilogue) {
  std::string line = "stopped: " + reason(core) + "; services gone after " +
                     brief(epilogue.services - epilogue.began) + ", all else after " +
                     brief(epilogue.ended - epilogue.began);
  if (core.hurried()) line += ", by force";
  line += "; exit code " + std::to_string(epilogue.code);
  if (const auto& from = core.plan().container().exit_code_from) line += " (of " + *from + ")";
  return line;
}

std::string termination_json(const Orchestrator& core, const Epilogue& epilogue) {
  const ShutdownCause& cause = *core.cause();
  boost::json::object json{
      {"exit_code", epilogue.code},
      {"cause", kind_name(cause.kind)},
      {"reason", reason(core)},
      {"forced", core.hurried()},
      {"services_stopped_us", microseconds(epilogue.services - epilogue.began)},
      {"all_stopped_us", microseconds(epilogue.ended - epilogue.began)},
  };
  if (cause.kind == ShutdownCause::Kind::asked) {
    json["signal"] = signal_name(cause.signal.signo);
    json["sender_pid"] = cause.signal.sender_pid;
    json["sender_uid"] = cause.signal.sender_uid;
  }
  if (cause.service) {
    const ServiceId root = culprit(core, *cause.service);
    json["service"] = core.plan()[*cause.service].name;
    if (root != *cause.service) json["because_of"] = core.plan()[root].name;
    if (const auto end = core.service(root).last_end()) {
      if (const auto* exited = std::get_if<Exited>(&*end)) {
        json["service_exit_code"] = exited->code;
      } else {
        json["service_signal"] = signal_name(std::get<Signaled>(*end).signo);
      }
    }
  }
  return boost::json::serialize(json);
}

}  // namespace pid1::supervisor
