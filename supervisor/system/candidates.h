#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::system {

// The paths at which a program may be, in execvp(3)'s order. Reused: assign() allocates only for a
// list longer than any before.
class Candidates {
 public:
  // A name with a '/' is the only candidate itself; an empty name has none. Else one for each entry
  // of PATH, an empty entry being the current directory (POSIX, Base Definitions 8.3).
  void assign(std::string_view program, std::string_view path);

  // Ends with a null pointer. Valid until the next assign().
  const char* const* data() const { return pointers_.data(); }
  std::span<const char* const> paths() const {
    return std::span(pointers_).first(pointers_.size() - 1);
  }

 private:
  void add(std::string_view directory, std::string_view program);

  std::string text_;  // each path with its null byte
  std::vector<std::size_t> offsets_;
  std::vector<const char*> pointers_ = {nullptr};
};

// PATH of an environment that ends with a null pointer; where it is unset, what Docker gives.
std::string_view path_of(std::span<const char* const> environment);

}  // namespace pid1::system
