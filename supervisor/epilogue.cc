#include "supervisor/epilogue.h"

#include <boost/json.hpp>

#include "config/diagnostic.h"
#include "services/signal_names.h"
#include "supervisor/narrator.h"

namespace pid1::supervisor {

namespace {

std::string sender(const Orchestrator& core, const Epilogue& epilogue) {
  const SignalReceived& signal = core.cause()->signal;
  if (signal.sender_pid == 0) return "from outside the container";
  const std::string whose =
      epilogue.asked_by ? core.plan()[*epilogue.asked_by].name + ", " : std::string();
  return "from " + whose + "pid " + std::to_string(signal.sender_pid) + ", uid " +
         std::to_string(signal.sender_uid);
}

// Where a service failed because of another one, that one is to be looked at, and so on down.
ServiceId culprit(const Orchestrator& core, ServiceId failed) {
  while (const auto& dependency = core.service(failed).failed_dependency()) failed = *dependency;
  return failed;
}

std::string end_of(const Orchestrator& core, const Epilogue& epilogue, ServiceId service) {
  const Verdict verdict = core.service(service).verdict();
  if (verdict != Verdict::none) return describe(verdict, core.plan()[service]);
  const auto& end = core.service(service).last_end();
  const auto error = epilogue.launch_errors.find(service);
  const std::string oom(core.service(service).out_of_memory() ? kOutOfMemory : "");
  if (end || error == epilogue.launch_errors.end()) return describe(end) + oom;
  return describe(end) + ": " + error->second;
}

std::string failure(const Orchestrator& core, const Epilogue& epilogue, ServiceId failed) {
  const ServiceId root = culprit(core, failed);
  const std::string end = end_of(core, epilogue, root);
  const std::string& name = core.plan()[failed].name;
  if (root == failed) return name + " failed: it " + end;
  return name + " failed: it depends on " + core.plan()[root].name + ", which " + end;
}

std::string reason(const Orchestrator& core, const Epilogue& epilogue) {
  const ShutdownCause& cause = *core.cause();
  switch (cause.kind) {
    case ShutdownCause::Kind::asked:
      return signal_name(cause.signal.signo) + " " + sender(core, epilogue);
    case ShutdownCause::Kind::service_failed: return failure(core, epilogue, *cause.service);
    case ShutdownCause::Kind::service_ended:
      return core.plan()[*cause.service].name + " ended: it " +
             describe(core.service(*cause.service).last_end());
    case ShutdownCause::Kind::service_unhealthy:
      return core.plan()[*cause.service].name + " is unhealthy: " + epilogue.failed_check;
    case ShutdownCause::Kind::nothing_left: return "no service is left to run";
  }
  return "";
}

std::string_view kind_name(ShutdownCause::Kind kind) {
  switch (kind) {
    case ShutdownCause::Kind::asked: return "asked";
    case ShutdownCause::Kind::service_failed: return "service_failed";
    case ShutdownCause::Kind::service_ended: return "service_ended";
    case ShutdownCause::Kind::service_unhealthy: return "service_unhealthy";
    case ShutdownCause::Kind::nothing_left: return "nothing_left";
  }
  return "";
}

// A line has room for some.
std::string names_of(const Orchestrator& core, const std::set<ServiceId>& services) {
  constexpr std::size_t kMost = 8;
  std::string names;
  std::size_t named = 0;
  for (const ServiceId id : services) {
    if (named == kMost) break;
    names += (named++ == 0 ? "" : ", ") + core.plan()[id].name;
  }
  if (services.size() > named) names += " and " + std::to_string(services.size() - named) + " more";
  return names;
}

std::string gone(Voice voice) {
  switch (voice) {
    case Voice::supervisor: return "services";
    case Voice::one_program: return "program";
  }
  return "";
}

// JSON is UTF-8 (RFC 8259, 8.1), which names and paths need not be.
std::string text(std::string_view bytes) { return config::printable(bytes); }

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

// All of the file has to be short: Kubernetes takes 4096 bytes.
constexpr std::size_t kMostText = 2048;

// The newest, as many as there is room for.
boost::json::array short_list(const std::vector<std::string>& lines) {
  std::size_t room = kMostText;
  auto first = lines.end();
  while (first != lines.begin() && (first - 1)->size() < room) room -= (--first)->size();
  boost::json::array list;
  for (; first != lines.end(); ++first) list.emplace_back(text(*first));
  return list;
}

}  // namespace

std::optional<ServiceId> root_of_failure(const Orchestrator& core) {
  const std::optional<ShutdownCause>& cause = core.cause();
  if (!cause || !cause->service) return std::nullopt;
  return culprit(core, *cause->service);
}

std::string last_line(const Orchestrator& core, const Epilogue& epilogue, Voice voice) {
  std::string line = "stopped: " + reason(core, epilogue) + "; " + gone(voice) + " gone after " +
                     brief(epilogue.services - epilogue.began) + ", all else after " +
                     brief(epilogue.ended - epilogue.began);
  if (core.hurried()) {
    line += ", by force";
  } else if (!epilogue.killed.empty()) {
    line += "; killed: " + names_of(core, epilogue.killed);
  }
  line += "; exit code " + std::to_string(epilogue.code);
  if (core.code_giver() != nullptr) {
    line += " (of " + *core.plan().container().exit_code_from + ")";
  }
  return line;
}

std::string termination_json(const Orchestrator& core, const Epilogue& epilogue) {
  const ShutdownCause& cause = *core.cause();
  boost::json::object json{
      {"exit_code", epilogue.code},
      {"cause", kind_name(cause.kind)},
      {"reason", text(reason(core, epilogue))},
      {"forced", core.hurried()},
      {"services_stopped_us", microseconds(epilogue.services - epilogue.began)},
      {"all_stopped_us", microseconds(epilogue.ended - epilogue.began)},
  };
  boost::json::array killed;
  for (const ServiceId id : epilogue.killed) killed.emplace_back(text(core.plan()[id].name));
  json["killed"] = std::move(killed);
  if (epilogue.lost_lines > 0) json["lost_lines"] = epilogue.lost_lines;
  if (cause.kind == ShutdownCause::Kind::asked) {
    json["signal"] = signal_name(cause.signal.signo);
    json["sender_pid"] = cause.signal.sender_pid;
    json["sender_uid"] = cause.signal.sender_uid;
    if (epilogue.asked_by) json["sender_service"] = text(core.plan()[*epilogue.asked_by].name);
  }
  if (cause.service) {
    const ServiceId root = *root_of_failure(core);
    if (!epilogue.last_lines.empty()) json["last_lines"] = short_list(epilogue.last_lines);
    const auto error = epilogue.launch_errors.find(root);
    if (error != epilogue.launch_errors.end()) json["service_error"] = text(error->second);
    json["service"] = text(core.plan()[*cause.service].name);
    if (root != *cause.service) json["because_of"] = text(core.plan()[root].name);
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
