#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "config/scalars.h"

namespace pid1::config {

// A regular expression in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), which
// takes time linear in the line and bounded memory, whatever the expression: a service's output
// can't hold up PID 1. Cheap to copy.
class LinePattern {
 public:
  // Why `text` is none is said in a few words, with the part that is wrong.
  static Scalar<LinePattern> parse(std::string_view text);

  // Whether it is found anywhere in the line. Bytes that aren't UTF-8 match nothing.
  bool is_found_in(std::string_view line) const;

 private:
  struct Compiled;
  explicit LinePattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pid1::config
