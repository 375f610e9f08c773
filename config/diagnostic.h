#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::config {

// A text that diagnostics point into: a YAML file, an env file. Immutable once read.
struct Source {
  std::string name;  // as the person gave it: the path that `file:line:col` prints
  std::string text;
};
using SourcePtr = std::shared_ptr<const Source>;

// A place in a Source. Lines and columns are 1-based, columns count bytes (behind a byte order
// mark); line 0 means "the whole file". A null source is a place outside any file (a flag, an
// environment variable).
struct Mark {
  SourcePtr source;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

enum class Severity { warning, error };

// What is wrong, where, and what to do about it. `message` is one line without a full stop; `hint`
// may be empty.
struct Diagnostic {
  Severity severity = Severity::error;
  Mark mark;
  std::string message;
  std::string hint;
};

// Collects every diagnostic of a load, so that a person sees all of them at once.
class Diagnostics {
 public:
  void error(Mark mark, std::string message, std::string hint = {});
  void warning(Mark mark, std::string message, std::string hint = {});

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return list_; }

 private:
  std::vector<Diagnostic> list_;
  std::size_t errors_ = 0;
};

// `file:line:col: error: message`, the offending line, a caret under the column and a `hint:` line,
// each ended by a newline. Control characters in any part are made harmless (shown as \xNN), and a
// long line is cut around the caret.
std::string render(const Diagnostic& diagnostic);

// All of them in the order of file (as first heard of), line and column, errors and warnings
// together; the same said twice of one place is shown once.
std::string render(const Diagnostics& diagnostics);

// `text` with control characters, invalid UTF-8 and the code points that separate lines or turn the
// direction of writing shown as \xNN, for messages and logs: what a configuration or a service says
// must not be able to forge a line or move a terminal's cursor.
std::string printable(std::string_view text);

// `text` for a message: printable, in double quotes, cut where it is long.
std::string in_quotes(std::string_view text);

}  // namespace pid1::config
