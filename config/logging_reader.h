#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/logging.h"

namespace pid1::config {

// What `logging`, or `pid1.log`, says, before what it leaves open is filled in.
struct LoggingDraft {
  Logging said;  // what isn't written has its default, and is no one's wish
  std::optional<LogDriver> driver;
  std::optional<LogFormat> format;
  std::optional<LogMode> mode;
  std::optional<bool> timestamps;
  std::string label_names;  // as written
  bool is_written = false;
  Mark mark;                                 // of the driver, or else of the whole
  std::map<std::string_view, Mark> options;  // of those that are written, by name
  bool has_error = false;                    // and so may not say what was meant
};

// What `logging` and `attach` of a service say.
LoggingDraft read_logging(const Fields& service, Diagnostics& diagnostics);

// What `pid1.log` says, all in one mapping. `container` is the block `pid1`.
struct OwnLogging {
  LoggingDraft logging;
  std::optional<Verbosity> verbosity;
};
OwnLogging read_own_logging(const Fields& container, Diagnostics& diagnostics);

}  // namespace pid1::config
