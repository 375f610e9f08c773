#include "supervisor/command_line/words.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "services/signal_names.h"

namespace pid1::supervisor {

namespace {

constexpr int kMaxCode = 255;

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigKill = 9;
constexpr int kSigChild = 17;
constexpr int kSigStop = 19;

std::optional<int> parse_number(std::string_view text, int most) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || number < 0 || number > most) return std::nullopt;
  return number;
}

std::optional<int> parse_exit_code(std::string_view text) {
  constexpr std::string_view kSignalBase = "128+";
  if (!text.starts_with(kSignalBase)) return parse_number(text, kMaxCode);
  const auto signo = parse_signal(text.substr(kSignalBase.size()));
  if (!signo) return std::nullopt;
  return 128 + *signo;
}

}  // namespace

std::optional<Rewrite> parse_rewrite(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto from = parse_signal(text.substr(0, colon));
  const std::string_view right = text.substr(colon + 1);
  const auto to = right == "0" ? 0 : parse_signal(right);
  if (!from || !to) return std::nullopt;
  if (*from == kSigKill || *from == kSigStop || *from == kSigChild) return std::nullopt;
  return Rewrite{*from, *to};
}

std::optional<std::vector<int>> parse_exit_codes(std::string_view text) {
  std::vector<int> codes;
  for (;;) {
    const std::size_t comma = text.find(',');
    const auto code = parse_exit_code(text.substr(0, comma));
    if (!code) return std::nullopt;
    codes.push_back(*code);
    if (comma == std::string_view::npos) return codes;
    text.remove_prefix(comma + 1);
  }
}

std::optional<EnvironmentChange> parse_variable(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  return EnvironmentChange{std::string(text.substr(0, equals)),
                           std::string(text.substr(equals + 1))};
}

std::optional<UserSpec> parse_user(std::string_view text) {
  const std::size_t colon = text.find(':');
  UserSpec user{std::string(text.substr(0, colon)), std::nullopt};
  if (colon != std::string_view::npos) user.group = text.substr(colon + 1);
  if (user.user.empty() || (user.group && user.group->empty())) return std::nullopt;
  return user;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace pid1::supervisor
