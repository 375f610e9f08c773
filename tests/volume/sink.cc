// sink FORMAT SOURCES BYTES: reads what came of so many sources (source.cc) and says what is wrong
// with it: a line that is torn, lost, doubled, out of order, or nobody's.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tests/volume/lines.h"

namespace pid1::testing {

namespace {

// What the source has written, without what the format puts around it. Empty: nobody's.
std::string_view text_of(std::string_view line, std::string_view format) {
  if (format == "raw") return line;
  if (format == "prefix") {
    const std::size_t bar = line.find(" | ");
    return bar == std::string_view::npos ? std::string_view() : line.substr(bar + 3);
  }
  constexpr std::string_view kKey = "\"message\":\"";
  const std::size_t begin = line.find(kKey);
  if (begin == std::string_view::npos || !line.ends_with("\"}")) return {};
  return line.substr(begin + kKey.size(), line.size() - begin - kKey.size() - 2);
}

class Check {
 public:
  Check(std::string_view format, std::size_t sources) : format_(format), next_(sources) {}

  bool take(std::string_view line) {
    const std::string_view text = text_of(line, format_);
    const auto source =
        static_cast<std::size_t>(std::strtoul(std::string(text.substr(0, 8)).c_str(), nullptr, 10));
    if (text.empty() || source >= next_.size()) return fail(line, "nobody's");
    if (text != line_of(static_cast<unsigned>(source), next_[source])) {
      return fail(line, "not the next of its source");
    }
    ++next_[source];
    bytes_ += text.size() + 1;
    return true;
  }

  std::uint64_t bytes() const { return bytes_; }

 private:
  static bool fail(std::string_view line, const char* why) {
    std::fprintf(stderr, "%s: %.*s\n", why,
                 static_cast<int>(std::min<std::size_t>(line.size(), 200)), line.data());
    return false;
  }

  const std::string_view format_;
  std::vector<std::uint64_t> next_;
  std::uint64_t bytes_ = 0;
};

int check(std::string_view format, std::size_t sources, std::uint64_t wanted) {
  Check lines(format, sources);
  static std::array<char, 1u << 20> buffer;
  std::string rest;
  for (std::size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), stdin)) > 0;) {
    std::string_view text(buffer.data(), count);
    for (std::size_t newline; (newline = text.find('\n')) != std::string_view::npos;) {
      rest.append(text.substr(0, newline));
      if (!lines.take(rest)) return 1;
      rest.clear();
      text.remove_prefix(newline + 1);
    }
    rest.append(text);
  }
  if (!rest.empty() || lines.bytes() < wanted * sources) {
    std::fprintf(stderr, "%llu bytes, and %zu of an unfinished line\n",
                 static_cast<unsigned long long>(lines.bytes()), rest.size());
    return 1;
  }
  return 0;
}

}  // namespace

}  // namespace pid1::testing

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  return pid1::testing::check(argv[1], static_cast<std::size_t>(std::atoi(argv[2])),
                              static_cast<std::uint64_t>(std::atoll(argv[3])));
}
