#include "config/account_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

namespace pid1::config {

namespace {

// The kernel's ids are 32 bits wide, and the last one stands for "none".
bool is_good_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && id != std::numeric_limits<std::uint32_t>::max();
}

// What to do about a user or group that can't be one; "" where it can.
std::string_view suggest_account(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return "a name can't hold a colon";
  if (text.find('\n') != std::string_view::npos) return "write it in one line";
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !is_good_id(text) ? "the largest number is 4294967294" : "";
}

std::string_view suggest_user(const UserSpec& user) {
  if (user.user.empty()) return "write a user's name or number first";
  if (user.group && user.group->empty()) return "write a group behind the colon, or no colon";
  const std::string_view hint = suggest_account(user.user);
  return hint.empty() && user.group ? suggest_account(*user.group) : hint;
}

}  // namespace

std::optional<UserSpec> read_user(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value->text;
  const std::size_t colon = text.find(':');
  UserSpec user{std::string(text.substr(0, colon)), std::nullopt};
  if (colon != std::string_view::npos) user.group = text.substr(colon + 1);
  if (const std::string_view hint = suggest_user(user); !hint.empty()) {
    diagnostics.error(value->mark, "expected `user`, `uid`, `user:group` or `uid:gid`",
                      std::string(hint));
    return std::nullopt;
  }
  return user;
}

std::vector<std::string> read_groups(const Node* value, Diagnostics& diagnostics) {
  std::vector<std::string> groups;
  if (value == nullptr) return groups;
  for (const Node& item : value->items) {
    const std::string_view hint = item.text.empty() ? "leave it out" : suggest_account(item.text);
    if (!hint.empty()) {
      diagnostics.error(item.mark, "expected a group's name or number", std::string(hint));
    } else if (std::ranges::find(groups, item.text) == groups.end()) {
      groups.push_back(item.text);
    }
  }
  return groups;
}

std::optional<std::string> read_working_dir(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  if (!value->text.starts_with('/')) {
    diagnostics.error(value->mark, "expected an absolute path",
                      value->text.starts_with('~') ? "`~` is not expanded" : "begin it with `/`");
  }
  return value->text;
}

}  // namespace pid1::config
