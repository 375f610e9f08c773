#include "config/suggestion.h"

#include <algorithm>
#include <limits>

namespace pid1::config {

namespace {

// Nobody mistypes more than this, and the distance takes time by the square of the length.
constexpr std::size_t kLongestWord = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A third of the letters may be wrong.
std::size_t tolerance(std::string_view word) { return std::max<std::size_t>(1, word.size() / 3); }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table of distances between the beginnings of both words.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view find_nearest(std::string_view written,
                              std::span<const std::string_view> candidates) {
  if (written.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t least = tolerance(written) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), written.size());
    const std::size_t shorter = std::min(candidate.size(), written.size());
    if (longer - shorter >= least) continue;
    const std::size_t distance = edit_distance(written, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

std::string suggest(std::string_view written, std::span<const std::string_view> candidates) {
  const std::string_view nearest = find_nearest(written, candidates);
  return nearest.empty() ? "" : "did you mean `" + std::string(nearest) + "`?";
}

}  // namespace pid1::config
