#include "config/host.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace pid1::config {

namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Takes the text up to the separator, which goes too, or all of it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// 0–255 without leading zeros, which some would read as octal.
bool is_ipv4_part(std::string_view part) {
  if (part.empty() || part.size() > 3 || !std::ranges::all_of(part, is_digit)) return false;
  if (part.size() > 1 && part.front() == '0') return false;
  int value = 0;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value <= 255;
}

bool is_ipv4(std::string_view text) {
  if (std::ranges::count(text, '.') != 3 || text.ends_with('.')) return false;
  while (!text.empty()) {
    if (!is_ipv4_part(take_until(text, '.'))) return false;
  }
  return true;
}

// How many 16-bit groups stand there, an IPv4 address at the very end counting for two; nullopt
// where one is none. No text is no group.
std::optional<int> count_groups(std::string_view text) {
  int groups = 0;
  if (text.ends_with(':')) return std::nullopt;
  while (!text.empty()) {
    const std::string_view group = take_until(text, ':');
    if (text.empty() && is_ipv4(group)) return groups + 2;
    if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) {
      return std::nullopt;
    }
    ++groups;
  }
  return groups;
}

bool is_label(std::string_view label) {
  const auto may_stand = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLongestLabel && !label.starts_with('-') &&
         !label.ends_with('-') && std::ranges::all_of(label, may_stand);
}

// A last label of digits would be an address, or a part of one.
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || text.ends_with('.')) return false;
  std::string_view last;
  while (!text.empty()) {
    last = take_until(text, '.');
    if (!is_label(last)) return false;
  }
  return !std::ranges::all_of(last, is_digit);
}

}  // namespace

bool is_ipv6(std::string_view text) {
  constexpr int kGroups = 8;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text) == kGroups;
  const std::optional<int> before = count_groups(text.substr(0, gap));
  const std::optional<int> after = count_groups(text.substr(gap + 2));
  const bool mixed_early = text.substr(0, gap).find('.') != std::string_view::npos;
  return before && after && !mixed_early && *before + *after < kGroups;
}

std::optional<std::string> parse_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (!is_ipv6(text)) return std::nullopt;
  }
  if (!is_ipv6(text) && !is_ipv4(text) && !is_name(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace pid1::config
