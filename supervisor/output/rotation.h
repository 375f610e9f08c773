#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pid1::output {

// How full log files are renamed: `path` becomes `path.1`, that `path.2`, and so on; with
// compression `path.N.gz`. Pure: says what to do, and another does it.

enum class Kept : std::uint8_t { none, plain, compressed };

struct Move {
  std::size_t from = 0;  // 0: the file that is written
  std::size_t to = 0;    // 0: it is removed
  Kept kind = Kept::plain;
  bool operator==(const Move&) const = default;
};

// What makes room for another file at place 1, and puts the one that is written there, to be done
// in this order. `kept[i]` is what is at place i + 1, `most` how many places there are. Nothing is
// moved beyond a gap, and only a file for which there is no place is lost; done in part (a crash),
// it leaves a gap, which the next rotation fills.
std::vector<Move> plan_rotation(const std::vector<Kept>& kept, std::size_t most);

std::string rotated_path(const std::string& path, std::size_t place, Kept kind);

}  // namespace pid1::output
