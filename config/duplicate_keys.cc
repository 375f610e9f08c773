#include "config/duplicate_keys.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pid1::config {

namespace {

template <typename T>
void append(std::vector<T>& list, std::vector<T> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

void join(Node& first, Node second) {
  if (first.is_null()) {
    first = std::move(second);
  } else if (first.kind == second.kind) {
    append(first.entries, std::move(second.entries));
    append(first.items, std::move(second.items));
  }
}

}  // namespace

std::size_t report_duplicate_keys(const Node& mapping, Diagnostics& diagnostics) {
  std::vector<std::size_t> order(mapping.entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) -> const std::string& { return mapping.entries[i].key; };
  std::ranges::stable_sort(order, {}, key);
  std::size_t found = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (key(order[i - 1]) != key(order[i])) continue;
    ++found;
    const std::size_t first = *std::ranges::lower_bound(order, key(order[i]), {}, key);
    const Mark& mark = mapping.entries[first].key_mark;
    const std::string place = "the first one is at line " + std::to_string(mark.line);
    diagnostics.error(mapping.entries[order[i]].key_mark,
                      "the key " + in_quotes(key(order[i])) + " is given twice",
                      key(order[i]) == "<<" ? place + "; write <<: [*a, *b] for several" : place);
  }
  return found;
}

void unite_equal_keys(Node& node) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Node::Entry> entries;
  for (Node::Entry& entry : node.entries) {
    const auto [place, is_new] = places.emplace(entry.key, entries.size());
    if (is_new) {
      entries.push_back(std::move(entry));
    } else {
      join(entries[place->second].value, std::move(entry.value));
    }
  }
  node.entries = std::move(entries);
  for (Node& item : node.items) unite_equal_keys(item);
  for (Node::Entry& entry : node.entries) unite_equal_keys(entry.value);
}

}  // namespace pid1::config
