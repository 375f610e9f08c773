#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/dotenv.h"
#include "config/interpolation.h"
#include "config/node.h"

namespace pid1::config {

// What a service's `env_file` asks for.
struct EnvFileRequest {
  std::string path;  // resolved
  Mark mark;
  bool required = true;
  EnvFileFormat format = EnvFileFormat::dotenv;
};

// `env_file` is the value of the key, or nullptr.
std::vector<EnvFileRequest> read_env_file_requests(const Node* env_file, Diagnostics& diagnostics);

// Reads each env file once, however many services name it.
class EnvFiles {
 public:
  explicit EnvFiles(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // In the order written. Names already in `lookup` can be used in values.
  std::vector<EnvFileEntry> read(const EnvFileRequest& request, const Lookup& lookup);

 private:
  Diagnostics& diagnostics_;
  std::map<std::string, SourcePtr> sources_;
};

}  // namespace pid1::config
