#include "config/merge.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace pid1::config {

namespace {

constexpr std::string_view kMergeKey = "<<";

void report(const Node& value, Diagnostics& diagnostics) {
  const Mark& place = value.alias.line > 0 ? value.alias : value.mark;
  diagnostics.error(place,
                    "expected a mapping or a list of mappings to merge, found " +
                        std::string(describe(value.kind)),
                    "write <<: *anchor");
}

// In quotes it is a key like any other: the type of `<<` is one that only plain scalars have
// (https://yaml.org/type/merge.html).
bool is_merge_key(const Node::Entry& entry) {
  return entry.key == kMergeKey && entry.key_style == Node::Style::plain;
}

// The mappings to merge, the strongest first. Those that are none are reported and left out.
std::vector<Node> take_sources(Node merged, Diagnostics& diagnostics) {
  std::vector<Node> candidates;
  if (merged.is_sequence()) {
    candidates = std::move(merged.items);
  } else {
    candidates.push_back(std::move(merged));
  }
  std::erase_if(candidates, [&](const Node& candidate) {
    if (!candidate.is_mapping()) report(candidate, diagnostics);
    return !candidate.is_mapping();
  });
  return candidates;
}

void merge_into(std::vector<Node::Entry>& entries, std::vector<Node> sources) {
  std::unordered_set<std::string> known;
  for (const Node::Entry& entry : entries) known.insert(entry.key);
  for (Node& source : sources) {
    for (Node::Entry& entry : source.entries) {
      if (known.insert(entry.key).second) entries.push_back(std::move(entry));
    }
  }
}

}  // namespace

void apply_merge_keys(Node& node, Diagnostics& diagnostics) {
  // What is merged may itself merge, so the innermost comes first.
  for (Node& item : node.items) apply_merge_keys(item, diagnostics);
  for (Node::Entry& entry : node.entries) apply_merge_keys(entry.value, diagnostics);

  const auto merge = std::ranges::find_if(node.entries, is_merge_key);
  if (merge == node.entries.end()) return;
  Node merged = std::move(merge->value);
  node.entries.erase(merge);
  merge_into(node.entries, take_sources(std::move(merged), diagnostics));
}

}  // namespace pid1::config
