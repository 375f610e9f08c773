#include "supervisor/output/syslog_address.h"

#include <algorithm>

namespace pid1::output {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

// The next word, taken from the front; empty at the end.
std::string_view take_word(std::string_view& text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(first);
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r"));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::optional<std::string> find_host(std::string_view hosts, std::string_view name) {
  while (!hosts.empty()) {
    const std::size_t newline = std::min(hosts.find('\n'), hosts.size());
    std::string_view line = hosts.substr(0, newline);
    hosts.remove_prefix(std::min(newline + 1, hosts.size()));
    line = line.substr(0, line.find('#'));
    const std::string_view address = take_word(line);
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      if (same_name(word, name)) return std::string(address);
    }
  }
  return std::nullopt;
}

}  // namespace pid1::output
