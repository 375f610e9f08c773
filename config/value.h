#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pid1::config {

// What JSON and YAML can say, to be written: mappings keep the order in which they were built.
struct Value {
  using List = std::vector<Value>;
  using Mapping = std::vector<std::pair<std::string, Value>>;

  std::variant<std::nullptr_t, bool, std::int64_t, std::string, List, Mapping> data = nullptr;
};

Value text(std::string_view text);

// Two spaces a level, and a newline at the end. Bytes that aren't UTF-8 become U+FFFD.
std::string write_json(const Value& value);

// A YAML document in block style that pid1 reads back: strings are quoted wherever a YAML 1.1
// or 1.2 reader might see something else.
std::string write_yaml(const Value& value);

}  // namespace pid1::config
