// Writes what is made of the table of configuration keys into the workspace: `bazel run
// //config:generate`, which says where that is.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "config/json_schema.h"
#include "config/reference.h"

namespace {

bool write_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return (std::fclose(file) == 0) && written;
}

}  // namespace

int main() {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace == nullptr) {
    std::fputs("run this with `bazel run //config:generate`\n", stderr);
    return 64;
  }
  const std::string root = workspace;
  const bool written =
      write_file(root + "/schema/pid1.schema.json", pid1::config::write_json_schema()) &&
      write_file(root + "/docs/reference/config.md", pid1::config::write_reference());
  if (!written) std::perror("cannot write");
  return written ? 0 : 1;
}
