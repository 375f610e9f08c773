#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pid1::output {

// What a service writes, on its way from its pipes to where its lines go.

// A longer line comes in parts. Bytes, the newline not counted.
inline constexpr std::size_t kLongestLine = std::size_t{64} << 10;

enum class Stream : std::uint8_t { out, err };

enum class Part : std::uint8_t {
  whole,
  first,   // more of the same line follows, from the same stream
  middle,  // likewise
  last,
};

inline bool goes_on(Part part) { return part == Part::first || part == Part::middle; }

// Without its newline. Valid until the call that hands it over returns.
struct Line {
  std::string_view text;
  Part part = Part::whole;
};

// The wall clock, since 1970, as log lines carry it.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// What the lines of one read have in common.
struct Moment {
  WallTime time{};
  std::int32_t pid = 0;  // of the service's main process; 0: none
};

}  // namespace pid1::output
