#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/logging_reader.h"
#include "services/spec.h"

namespace pid1::config {

// Where a service's name is written, for messages about it.
struct NamePlace {
  Mark mark;
  bool expanded = false;  // out of a variable: not to be printed
};

// A service before its replicas are told apart and its dependencies are checked.
struct ServiceDraft {
  ServiceSpec spec;
  Mark mark;                                 // of its name
  std::vector<NamePlace> dependency_places;  // one for each of spec.depends_on
  std::vector<std::string> profiles;         // as written
  bool enabled = true;                       // by its profiles
  std::optional<std::uint32_t> replicas;     // nullopt: one, under its own name
  LoggingDraft logging;
  Mark input;                   // of `tty` or `stdin_open`, whichever counts
  bool health_unknown = false;  // it was to have some, and that was wrong
};

}  // namespace pid1::config
