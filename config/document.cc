#include "config/document.h"

#include <optional>
#include <utility>

#include "config/merge.h"
#include "config/paths.h"
#include "config/schema.h"
#include "config/yaml_reader.h"

namespace pid1::config {

Document* Documents::open(const std::string& path, const Mark& from) {
  const auto [place, is_new] = documents_.try_emplace(normalize_path(path));
  if (is_new) place->second = parse(read_file(path, from, YamlLimits{}.bytes, diagnostics_));
  return place->second.get();
}

Document* Documents::open_main(const std::string& path) {
  if (path != "-" && path != "/dev/stdin") return open(path, {});
  std::unique_ptr<Document>& document = documents_[""];  // no path is normalized to that
  document = parse(read_standard_input(YamlLimits{}.bytes, diagnostics_));
  return document.get();
}

std::unique_ptr<Document> Documents::parse(const SourcePtr& source) {
  if (source == nullptr) return nullptr;
  std::optional<Node> root = read_yaml(source, diagnostics_);
  if (!root) return nullptr;
  apply_merge_keys(*root, diagnostics_);
  if (root->is_null()) {
    diagnostics_.error({source, 0, 0}, "the file is empty", "write `services:` and what is to run");
    return nullptr;
  }
  if (!root->is_mapping()) {
    diagnostics_.error(root->mark, "expected a mapping with the key `services`");
    return nullptr;
  }
  std::erase_if(root->entries, [](const Node::Entry& entry) { return is_extension(entry.key); });
  return std::make_unique<Document>(Document{source->name, std::move(*root), {}});
}

}  // namespace pid1::config
