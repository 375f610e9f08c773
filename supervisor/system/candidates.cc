#include "supervisor/system/candidates.h"

#include <algorithm>

namespace pid1::system {

void Candidates::assign(std::string_view program, std::string_view path) {
  text_.clear();
  offsets_.clear();
  if (program.find('/') != std::string_view::npos) {
    add("", program);
  } else if (!program.empty()) {
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find(':', begin), path.size());
      add(path.substr(begin, end - begin), program);
      begin = end + 1;
    }
  }
  // Only now: the text doesn't move any more.
  pointers_.clear();
  for (const std::size_t offset : offsets_) pointers_.push_back(text_.data() + offset);
  pointers_.push_back(nullptr);
}

void Candidates::add(std::string_view directory, std::string_view program) {
  offsets_.push_back(text_.size());
  if (!directory.empty()) text_.append(directory).push_back('/');
  text_.append(program).push_back('\0');
}

std::string_view path_of(std::span<const char* const> environment) {
  static constexpr std::string_view key = "PATH=";
  for (const char* const entry : environment) {
    if (entry == nullptr) break;
    const std::string_view text(entry);
    if (text.starts_with(key)) return text.substr(key.size());
  }
  return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

}  // namespace pid1::system
