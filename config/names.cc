#include "config/names.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pid1::config {

namespace {

bool maps_to_mappings(const Key& key) {
  const auto named = std::ranges::find(key.forms->list, Form::Kind::named, &Form::kind);
  return named != key.forms->list.end() && named->item->list.front().kind == Form::Kind::mapping;
}

Node::Entry split(Node item, const Key& key) {
  Node::Entry entry;
  entry.key_mark = item.mark;
  const std::size_t equals = maps_to_mappings(key) ? std::string::npos : item.text.find('=');
  entry.key = item.text.substr(0, equals);
  entry.value = std::move(item);
  if (equals != std::string::npos) {
    entry.value.text.erase(0, equals + 1);
    entry.value.style = Node::Style::quoted;
  } else {
    entry.value.kind = maps_to_mappings(key) ? Node::Kind::mapping : Node::Kind::null;
  }
  return entry;
}

}  // namespace

void make_mapping(Node& node, const Key& key) {
  if (!node.is_sequence() || !std::ranges::all_of(node.items, &Node::is_scalar)) return;
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Node::Entry> entries;
  entries.reserve(node.items.size());
  for (Node& item : node.items) {
    Node::Entry entry = split(std::move(item), key);
    const auto [place, is_new] = places.emplace(entry.key, entries.size());
    if (is_new) {
      entries.push_back(std::move(entry));
    } else {
      entries[place->second] = std::move(entry);
    }
  }
  node.kind = Node::Kind::mapping;
  node.items.clear();
  node.entries = std::move(entries);
}

}  // namespace pid1::config
