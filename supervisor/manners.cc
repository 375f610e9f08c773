#include "supervisor/manners.h"

#include "supervisor/command_line/options.h"
#include "supervisor/system/process.h"
#include "supervisor/system/spawn_error.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

using system::SpawnError;
using system::SpawnRequest;
using system::SpawnStep;

// errno(3); the same numbers on every architecture we run on.
constexpr int kNotFound = 2;           // ENOENT
constexpr int kPermissionDenied = 13;  // EACCES

std::string program_of(const SpawnRequest& request) {
  return system::printable(request.argv.front());
}

// None of them has words for what goes wrong before, but all end with 1.
LaunchError explain_before_exec(const SpawnError& error, const SpawnRequest& request) {
  return {.code = 1, .message = describe(error, request)};
}

LaunchError explain_as_tini(const SpawnError& error, const SpawnRequest& request) {
  if (error.step != SpawnStep::exec) return explain_before_exec(error, request);
  const int code = error.error == kNotFound ? 127 : error.error == kPermissionDenied ? 126 : 1;
  return {.code = code,
          .message = "exec " + program_of(request) + " failed: " + system::error_text(error.error)};
}

LaunchError explain_as_dumb_init(const SpawnError& error, const SpawnRequest& request) {
  if (error.step != SpawnStep::exec) return explain_before_exec(error, request);
  return {.code = 2, .message = program_of(request) + ": " + system::error_text(error.error)};
}

LaunchError explain_as_catatonit(const SpawnError& error, const SpawnRequest& request) {
  if (error.step != SpawnStep::exec) return explain_before_exec(error, request);
  return {.code = 1,
          .message = "failed to exec pid1: " + system::error_text(error.error) + ": " +
                     program_of(request)};
}

LogPrefixes tini_prefixes() {
  const std::string end = " tini (" + std::to_string(system::process_id()) + ")] ";
  return {"[DEBUG" + end, "[INFO " + end, "[WARN " + end, "[FATAL" + end};
}

LogPrefixes catatonit_prefixes() {
  const std::string end = " (catatonit:" + std::to_string(system::process_id()) + "): ";
  return {"DEBUG" + end, "INFO" + end, "WARN" + end, "ERROR" + end};
}

}  // namespace

LogPrefixes prefixes_of(Manner manner) {
  switch (manner) {
    case Manner::pid1: return own_prefixes();
    case Manner::tini: return tini_prefixes();
    case Manner::dumb_init: return {"[dumb-init] ", "[dumb-init] ", "[dumb-init] ", "[dumb-init] "};
    case Manner::catatonit: return catatonit_prefixes();
  }
  return own_prefixes();
}

int own_failure_code(Manner manner) {
  switch (manner) {
    case Manner::pid1: return kExitSystem;
    case Manner::tini:
    case Manner::dumb_init:
    case Manner::catatonit: return 1;
  }
  return kExitSystem;
}

LaunchError (*explainer_of(Manner manner))(const SpawnError&, const SpawnRequest&) {
  switch (manner) {
    case Manner::pid1: return explain;
    case Manner::tini: return explain_as_tini;
    case Manner::dumb_init: return explain_as_dumb_init;
    case Manner::catatonit: return explain_as_catatonit;
  }
  return explain;
}

}  // namespace pid1::supervisor
