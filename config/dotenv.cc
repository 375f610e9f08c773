#include "config/dotenv.h"

namespace pid1::config {

std::vector<EnvFileEntry> parse_env_file(const SourcePtr& source, EnvFileFormat, const Lookup&,
                                         Diagnostics& diagnostics) {
  diagnostics.error({source, 1, 1}, "env files are not supported yet");
  return {};
}

}  // namespace pid1::config
