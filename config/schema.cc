#include "config/schema.h"

#include <algorithm>

namespace pid1::config {

const Key* find_key(const Section& section, std::string_view name) {
  const auto found = std::ranges::find(section.keys, name, &Key::name);
  return found == section.keys.end() ? nullptr : &*found;
}

bool is_extension(std::string_view key) { return key.starts_with("x-"); }

}  // namespace pid1::config
