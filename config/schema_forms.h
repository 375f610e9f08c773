#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "config/schema.h"

// The forms that the tables of schema_*.cc are written with. Included by nothing else.
namespace pid1::config::forms {

using Kind = Form::Kind;

constexpr Form kNull{.kind = Kind::null};
constexpr Form kAnyText{.kind = Kind::text};
constexpr Form kTrueFalse{.kind = Kind::boolean};
constexpr Form kTime{.kind = Kind::duration};
constexpr Form kSize{.kind = Kind::bytes};
constexpr Form kBits{.kind = Kind::octal};
constexpr Form kSigno{.kind = Kind::signal};
constexpr std::int64_t kUnlimited = 0xFFFF'FFFF;

constexpr Form text_like(std::string_view pattern) {
  return {.kind = Kind::text, .words = pattern};
}
constexpr Form one_of(std::string_view words) { return {.kind = Kind::choice, .words = words}; }
constexpr Form whole(std::int64_t min, std::int64_t max) {
  return {.kind = Kind::integer, .min = min, .max = max};
}
constexpr Form list_of(const Forms& item) { return {.kind = Kind::list, .item = &item}; }
constexpr Form keys_of(const Section& section) {
  return {.kind = Kind::mapping, .section = &section};
}
constexpr Form named(const Forms& item) { return {.kind = Kind::named, .item = &item}; }

// Keys that share all but their name.
template <std::size_t N>
constexpr std::array<Key, N> keys_named(const std::string_view (&names)[N], Support support,
                                        std::string_view doc, const Forms* forms = nullptr,
                                        std::string_view instead = {}) {
  std::array<Key, N> keys;
  for (std::size_t i = 0; i < N; ++i) {
    keys[i] = {
        .name = names[i], .support = support, .forms = forms, .doc = doc, .instead = instead};
  }
  return keys;
}

template <std::size_t... N>
constexpr auto join(const std::array<Key, N>&... parts) {
  std::array<Key, (N + ...)> keys;
  auto end = keys.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return keys;
}

inline constexpr Forms kText{{kAnyText}};
inline constexpr Forms kBoolean{{kTrueFalse}};
inline constexpr Forms kDuration{{kTime}};
inline constexpr Forms kBytes{{kSize}};
inline constexpr Forms kOctal{{kBits}};
inline constexpr Forms kSignal{{kSigno}};
inline constexpr Forms kTexts{{kNull, list_of(kText)}};
inline constexpr Forms kTextOrTexts{{kNull, kAnyText, list_of(kText)}};
inline constexpr Forms kTextOrNull{{kNull, kAnyText}};
inline constexpr Forms kNamedTexts{{kNull, named(kTextOrNull), list_of(kText)}};
inline constexpr Forms kTextOrList{{kAnyText, list_of(kText)}};
inline constexpr Forms kCount{{whole(0, 10'000)}};
inline constexpr Forms kProcessors{{text_like("^[0-9]*\\.?[0-9]+$")}};
inline constexpr Forms kProcesses{{whole(-1, 4'194'304)}};  // PID_MAX_LIMIT, proc(5)
inline constexpr Forms kNumber{{whole(0, kUnlimited)}};

}  // namespace pid1::config::forms
