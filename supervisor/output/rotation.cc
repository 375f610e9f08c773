#include "supervisor/output/rotation.h"

#include <algorithm>

namespace pid1::output {

std::vector<Move> plan_rotation(const std::vector<Kept>& kept, std::size_t most) {
  if (most == 0) return {{.from = 0, .to = 0}};
  std::vector<Move> moves;
  const auto in_use = std::min(kept.size(), most);
  const auto gap = static_cast<std::size_t>(
      std::find(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(in_use), Kept::none) -
      kept.begin());
  std::size_t last = gap;
  if (gap == most) {
    moves.push_back({.from = most, .to = 0, .kind = kept[most - 1]});
    last = most - 1;
  }
  for (; last > 0; --last) {
    moves.push_back({.from = last, .to = last + 1, .kind = kept[last - 1]});
  }
  moves.push_back({.from = 0, .to = 1});
  // Where fewer files are to be kept than before.
  for (std::size_t place = most; place < kept.size(); ++place) {
    if (kept[place] != Kept::none) {
      moves.push_back({.from = place + 1, .to = 0, .kind = kept[place]});
    }
  }
  return moves;
}

std::string rotated_path(const std::string& path, std::size_t place, Kept kind) {
  if (place == 0) return path;
  return path + "." + std::to_string(place) + (kind == Kept::compressed ? ".gz" : "");
}

}  // namespace pid1::output
