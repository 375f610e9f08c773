// Bytes as a YAML file: whatever they are, they are a tree or an error with a place, and both can
// be shown. What can be read stays within the limits that the reader promises.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "config/merge.h"
#include "config/yaml_reader.h"

namespace pid1::config {
namespace {

constexpr YamlLimits kLimits{.bytes = 64u << 10, .depth = 16, .nodes = 5'000};

void require(bool holds) {
  if (!holds) std::abort();
}

// Counted down to nothing by each of the tree's nodes.
void check_tree(const Node& node, const SourcePtr& source, std::size_t depth, std::size_t& nodes) {
  require(nodes-- > 0);
  require(node.mark.source == source && node.mark.line > 0 && node.mark.column > 0);
  const bool collection = node.is_sequence() || node.is_mapping();
  require(!collection || depth < kLimits.depth);
  require(node.is_sequence() || node.items.empty());
  require(node.is_mapping() || node.entries.empty());
  for (const Node& item : node.items) check_tree(item, source, depth + 1, nodes);
  for (const Node::Entry& entry : node.entries) {
    require(node.find(entry.key) == &entry.value);  // so no key is there twice
    check_tree(entry.value, source, depth + 1, nodes);
  }
}

// A diagnostic must not carry what a terminal would obey.
void check_rendered(const std::string& rendered) {
  require(std::ranges::none_of(rendered, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
  }));
}

void read(const std::string& text) {
  const auto source = std::make_shared<Source>(Source{"fuzz.yaml", text});
  Diagnostics diagnostics;
  std::optional<Node> root = read_yaml(source, diagnostics, kLimits);
  require(root.has_value() || diagnostics.has_errors());
  for (const Diagnostic& one : diagnostics.all()) require(one.mark.source == source);
  check_rendered(render(diagnostics));
  if (!root) return;
  std::size_t nodes = kLimits.nodes;
  check_tree(*root, source, 0, nodes);
  apply_merge_keys(*root, diagnostics);
  check_rendered(render(diagnostics));
}

}  // namespace
}  // namespace pid1::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pid1::config::read(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
