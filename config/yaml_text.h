#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"

namespace pid1::config {

// What a YAML text is made of, as far as it can be told without parsing it.

// Errors for bytes that aren't UTF-8, control characters, byte order marks inside the text and
// returns without a newline; the first of them only. True where there is none.
bool check_characters(const SourcePtr& source, Diagnostics& diagnostics);

// An error for a line that begins with % before the document and is neither %YAML nor %TAG:
// yaml-cpp skips it. True where there is none.
bool check_directives(const SourcePtr& source, std::string_view text, Diagnostics& diagnostics);

// The place of a byte of `source`; one behind the end is a place too.
Mark mark_at(const SourcePtr& source, std::size_t offset);

// From the beginning of a node (a tag or an anchor, if it has any) to its content.
std::size_t skip_properties(std::string_view text, std::size_t offset);

// From an opening quote to behind the closing one; npos where there is none.
std::size_t skip_quoted(std::string_view text, std::size_t offset);

// True where a ':' follows the key whose content begins at `content` and, unless it is in quotes,
// is `key`; or where a '?' before it makes one needless. yaml-cpp makes a key of anything in a
// block mapping.
bool is_written_as_key(std::string_view text, std::size_t content, std::string_view key);

// The last thing written before `offset`, across blank lines and comments; 0 where there is none.
std::size_t find_before(std::string_view text, std::size_t offset);

// Of the quotes that open between two places the first that isn't closed before the second; npos
// where there is none. `from` is the beginning of a node.
std::size_t find_open_quote(std::string_view text, std::size_t from, std::size_t to);

// The lines that are indented with a tab. Within quotes, block scalars and flow collections that is
// as good as a space; elsewhere yaml-cpp sees something else than the person. So all are noted
// first, and the parser excuses those that are in order.
class TabIndents {
 public:
  explicit TabIndents(std::string_view text);

  bool none() const { return tabs_.empty(); }
  // The offset of the first tab that wasn't excused; npos where there is none.
  std::size_t find_first() const;

  // The line that holds `offset`.
  void excuse_line_of(std::size_t offset);
  // The lines of the quoted scalar that begins there.
  void excuse_quoted(std::size_t offset);
  // The lines of the block scalar whose header is there, in a collection at column `parent`
  // (0-based, -1: none).
  void excuse_block(std::size_t offset, int parent);

 private:
  struct Range {
    std::size_t from;
    std::size_t to;
  };

  std::string_view text_;
  std::vector<std::size_t> tabs_;  // one of each line, ascending
  std::vector<Range> excused_;
};

}  // namespace pid1::config
