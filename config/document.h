#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// One file of a configuration, read, with `<<` applied, extensions (`x-`) left out, and variables
// still in place. `root` is a mapping.
struct Document {
  // How far a service has come on its way to its final form (Resolver).
  enum class State { resolving, resolved, failed };

  std::string path;
  Node root;
  std::map<std::string, State, std::less<>> states;
};

// Reads each file once.
class Documents {
 public:
  explicit Documents(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // nullptr after an error, which is at `from` where the file can't be read. Lives as long as this.
  Document* open(const std::string& path, const Mark& from);
  // The file that a person names: `-` and /dev/stdin are standard input, whose paths are relative
  // to the current directory.
  Document* open_main(const std::string& path);

 private:
  std::unique_ptr<Document> parse(const SourcePtr& source);

  Diagnostics& diagnostics_;
  std::map<std::string, std::unique_ptr<Document>> documents_;  // by normalized path
};

}  // namespace pid1::config
