#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// Budgets against hostile or broken files; each is an error that names the limit.
struct YamlLimits {
  std::size_t bytes = 4u << 20;
  std::size_t depth = 64;
  std::size_t nodes = 500'000;  // counted after aliases are expanded
};

// Reads one YAML document (YAML 1.2 core, as far as yaml-cpp 0.7 has it) into a tree.
//
// Everything that yaml-cpp would let pass in silence is an error with its place: duplicate keys,
// keys that aren't scalars, an alias to an anchor that is unknown or still open, more or fewer than
// one document, content after the end, an unterminated quote, tabs as indentation, a lone CR, bytes
// that aren't UTF-8, control characters. `<<` is not applied here: see merge.h.
//
// An empty document is a null node. nullopt after at least one error was added to `diagnostics`,
// except where all that is wrong are duplicate keys and tags: then the tree is there all the same,
// with the values of equal keys as one, so that the rest of it can be checked too.
std::optional<Node> read_yaml(const SourcePtr& source, Diagnostics& diagnostics,
                              const YamlLimits& limits = {});

// The bytes of a file, bounded by `limit`. nullptr after an error at `from` ("cannot read …: No
// such file or directory") was added.
SourcePtr read_file(const std::string& path, const Mark& from, std::size_t limit,
                    Diagnostics& diagnostics);

// The same of standard input to its end, whatever it is, under the name `<stdin>`.
SourcePtr read_standard_input(std::size_t limit, Diagnostics& diagnostics);

}  // namespace pid1::config
