#pragma once

#include <cstdint>
#include <string>

namespace pid1::testing {

// The lines that a source writes, so that who reads them knows each. A number's line says whose it
// is, which one, and has filling of a length and of letters that follow from both.
inline std::string line_of(unsigned source, std::uint64_t number) {
  std::uint64_t mixed = (number + 1) * 0x9E3779B97F4A7C15u ^ source;
  mixed ^= mixed >> 29;
  std::string line = std::to_string(source) + ' ' + std::to_string(number) + ' ';
  const std::size_t filling = number % 1009 == 0 ? mixed % 60'000 : mixed % 200;
  line.append(filling, static_cast<char>('a' + mixed % 26));
  return line;
}

}  // namespace pid1::testing
