#include "config/duplicate_keys.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace pid1::config {

void report_duplicate_keys(const Node& mapping, Diagnostics& diagnostics) {
  std::vector<std::size_t> order(mapping.entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) -> const std::string& { return mapping.entries[i].key; };
  std::ranges::stable_sort(order, {}, key);
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (key(order[i - 1]) != key(order[i])) continue;
    const std::size_t first = *std::ranges::lower_bound(order, key(order[i]), {}, key);
    const Mark& mark = mapping.entries[first].key_mark;
    const std::string place = "the first one is at line " + std::to_string(mark.line);
    diagnostics.error(mapping.entries[order[i]].key_mark,
                      "the key " + in_quotes(key(order[i])) + " is given twice",
                      key(order[i]) == "<<" ? place + "; write <<: [*a, *b] for several" : place);
  }
}

}  // namespace pid1::config
