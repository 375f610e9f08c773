// source ID BYTES: writes lines (lines.h) until at least so many bytes have gone, in pieces that
// end anywhere.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "tests/volume/lines.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto source = static_cast<unsigned>(std::atoi(argv[1]));
  const auto wanted = static_cast<std::uint64_t>(std::atoll(argv[2]));
  std::string text;
  std::uint64_t number = 0;
  std::uint64_t gone = 0;
  std::size_t piece = 1;
  while (gone < wanted || !text.empty()) {
    while (gone < wanted && text.size() < 100'000) {
      text += pid1::testing::line_of(source, number++) + '\n';
      if (gone + text.size() >= wanted) break;
    }
    // 1 … 65,536, never the same twice in a row.
    piece = piece * 40'503 % 65'537;
    const bool last = gone + text.size() >= wanted;
    std::size_t from = 0;
    while (from < text.size() && (last || text.size() - from > piece)) {
      const ssize_t count = write(1, text.data() + from, std::min(piece, text.size() - from));
      if (count <= 0) return 1;
      from += static_cast<std::size_t>(count);
      piece = piece * 40'503 % 65'537;
    }
    gone += from;
    text.erase(0, from);
  }
  return 0;
}
