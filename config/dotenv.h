#pragma once

#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/interpolation.h"

namespace pid1::config {

struct EnvFileEntry {
  std::string name;
  std::string value;
};

// How an env_file is written: Compose's dotenv, or `format: raw` (KEY=VALUE lines, nothing
// expanded).
enum class EnvFileFormat { dotenv, raw };

// Reads an env file's text. A bare `NAME` takes its value from `lookup` (and is left out where that
// has none). `$` in unquoted and double-quoted values looks at the file's earlier names first, then
// at `lookup`. In the order written; a later line of the same name wins and takes the earlier's
// place. Errors (with line and column, at most 20) go to `diagnostics`; none shows what the file
// holds, for those are secrets.
std::vector<EnvFileEntry> parse_env_file(const SourcePtr& source, EnvFileFormat format,
                                         const Lookup& lookup, Diagnostics& diagnostics);

}  // namespace pid1::config
