#pragma once

#include <yaml-cpp/eventhandler.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace pid1::config {

// Hands the events of the first document of `text` to `handler`. Returns where something stands
// behind that document: another one, or what yaml-cpp takes for one. Throws YAML::Exception, with
// offsets that may be a little behind the end of `text`, and what `handler` throws.
std::optional<std::size_t> parse_document(std::string_view text, YAML::EventHandler& handler);

}  // namespace pid1::config
