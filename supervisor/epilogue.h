#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/orchestrator.h"
#include "supervisor/narrator.h"

namespace pid1::supervisor {

// What is told when the container ends.
struct Epilogue {
  int code = 0;
  Time began{};                                      // of the shutdown
  Time services{};                                   // all services were gone
  Time ended{};                                      // nothing was left
  std::map<ServiceId, std::string> launch_errors{};  // of those whose last start failed
  std::string failed_check{};                        // why the last one that mattered failed
  std::vector<std::string> last_lines{};             // of what failed, the oldest first
  std::uint64_t lost_lines = 0;                      // of output
  std::set<ServiceId> killed{};         // during the shutdown, because their grace period was over
  std::optional<ServiceId> asked_by{};  // whose main process sent the signal that asked for it
};

// The service whose failure ended the container, or the dependency that was the cause of that.
std::optional<ServiceId> root_of_failure(const Orchestrator& core);

// The last line, for a person: why, how long each stage took, and the exit code.
std::string last_line(const Orchestrator& core, const Epilogue& epilogue, Voice voice);

// The same as one line of JSON, for /dev/termination-log. docs/design.md tells what each field
// says.
std::string termination_json(const Orchestrator& core, const Epilogue& epilogue);

}  // namespace pid1::supervisor
