#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::config {

// How many letters must be added, taken away, changed or swapped with their neighbour to get from
// one word to the other (optimal string alignment), letters' case aside.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that is near enough to what was written to be meant, else "".
std::string_view find_nearest(std::string_view written,
                              std::span<const std::string_view> candidates);

// "did you mean `command`?" where there is such a candidate, else "".
std::string suggest(std::string_view written, std::span<const std::string_view> candidates);

}  // namespace pid1::config
