#include "config/line_pattern.h"

#include <re2/re2.h>

#include <cstdint>
#include <utility>

namespace pid1::config {

namespace {

// What a compiled pattern may take, with what it learns while it matches.
constexpr std::int64_t kMostMemory = 1 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  return options;
}

}  // namespace

struct LinePattern::Compiled {
  explicit Compiled(std::string_view text)
      : expression(re2::StringPiece(text.data(), text.size()), options()) {}
  RE2 expression;
};

Scalar<LinePattern> LinePattern::parse(std::string_view text) {
  auto compiled = std::make_shared<const Compiled>(text);
  if (compiled->expression.ok()) return LinePattern(std::move(compiled));
  return ScalarError{"expected a regular expression in the syntax of RE2",
                     compiled->expression.error()};
}

bool LinePattern::is_found_in(std::string_view line) const {
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), compiled_->expression);
}

}  // namespace pid1::config
