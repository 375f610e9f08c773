#include "config/yaml_text.h"

#include <algorithm>
#include <string>

#include "config/utf8.h"

namespace pid1::config {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

// Why a code point can't be here; empty where it can.
std::string_view find_fault(char32_t c, bool newline_follows) {
  if (c == '\t' || c == '\n') return "";
  if (c == '\r') return newline_follows ? "" : "a carriage return without a newline";
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return "a control character";
  if (c == 0xFEFF) return "a byte order mark inside the text";
  return "";
}

std::string_view hint_for(char32_t c) {
  if (c == '\r') return "end each line with a newline";
  if (c == 0xFEFF) return "remove the three bytes EF BB BF";
  return "in double quotes it can be written as an escape, such as \"\\e\" or \"\\x07\"";
}

bool is_encoded_otherwise(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         text.starts_with(std::string_view("\0", 1)) || (text.size() > 1 && text[1] == '\0');
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  return std::min(text.find('\n', offset), text.size());
}

std::size_t line_start(std::string_view text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? kNone : text.rfind('\n', offset - 1);
  return newline == kNone ? 0 : newline + 1;
}

// A comment begins at a line's beginning or after a space.
bool begins_comment(std::string_view text, std::size_t offset) {
  return text[offset] == '#' && (offset == 0 || is_space(text[offset - 1]));
}

// A quote opens a scalar only where a node can begin.
bool can_open(std::string_view text, std::size_t offset) {
  if (text[offset] != '"' && text[offset] != '\'') return false;
  return offset == 0 || is_space(text[offset - 1]) ||
         std::string_view("[{,:").find(text[offset - 1]) != kNone;
}

// A '?' that makes a key of what follows it, with anchors and tags between at the most: nothing but
// dashes stands before it on its line.
bool follows_question_mark(std::string_view text, std::size_t content) {
  std::size_t at = content;
  do {
    if (at == 0) return false;
    at = find_before(text, at);
    while (at > 0 && !is_space(text[at - 1])) --at;
  } while (text[at] == '&' || text[at] == '!');
  if (text[at] != '?' || !is_space(text[at + 1])) return false;
  const std::size_t start = line_start(text, at);
  return text.substr(start, at - start).find_first_not_of(" -") == kNone;
}

}  // namespace

bool check_characters(const SourcePtr& source, Diagnostics& diagnostics) {
  std::string_view text = source->text;
  if (is_encoded_otherwise(text)) {
    diagnostics.error({source, 1, 1}, "the file isn't UTF-8 (it looks like UTF-16 or UTF-32)",
                      "save it as UTF-8");
    return false;
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x7F) {
      ++at;
      continue;
    }
    const std::optional<CodePoint> c = decode_utf8(text.substr(at));
    if (!c) {
      diagnostics.error(mark_at(source, at), "a byte that isn't UTF-8", "save the file as UTF-8");
      return false;
    }
    const bool newline_follows = text.substr(at + c->length).starts_with('\n');
    const std::string_view fault = find_fault(c->value, newline_follows);
    if (!fault.empty()) {
      diagnostics.error(mark_at(source, at), std::string(fault), std::string(hint_for(c->value)));
      return false;
    }
    at += c->length;
  }
  return true;
}

bool check_directives(const SourcePtr& source, std::string_view text, Diagnostics& diagnostics) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = line_end(text, start);
    const std::string_view line = text.substr(start, end - start);
    const std::size_t content = line.find_first_not_of(" \t\r");
    const bool is_directive = line.starts_with('%');
    if (!is_directive && content != kNone && line[content] != '#') break;
    if (is_directive && !line.starts_with("%YAML ") && !line.starts_with("%TAG ")) {
      diagnostics.error(mark_at(source, start), "an unknown directive",
                        "a line that begins with % is for YAML itself: leave it out");
      return false;
    }
    start = end + 1;
  }
  return true;
}

Mark mark_at(const SourcePtr& source, std::size_t offset) {
  std::string_view text = source->text;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  offset = std::min(offset, text.size());
  const auto line = std::ranges::count(text.substr(0, offset), '\n');
  const std::size_t column = offset - line_start(text, offset);
  return {source, static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
}

std::size_t skip_properties(std::string_view text, std::size_t offset) {
  while (offset < text.size()) {
    const char c = text[offset];
    if (is_space(c)) {
      ++offset;
    } else if (begins_comment(text, offset)) {
      offset = line_end(text, offset);
    } else if (c == '&' || c == '!') {
      while (offset < text.size() && !is_space(text[offset])) ++offset;
    } else {
      break;
    }
  }
  return offset;
}

std::size_t skip_quoted(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  for (++offset; offset < text.size(); ++offset) {
    if (quote == '"' && text[offset] == '\\') {
      ++offset;
    } else if (text[offset] == quote) {
      const bool doubled = quote == '\'' && text.substr(offset + 1).starts_with('\'');
      if (!doubled) return offset + 1;
      ++offset;
    }
  }
  return kNone;
}

bool is_written_as_key(std::string_view text, std::size_t content, std::string_view key) {
  const bool in_quotes = content < text.size() && (text[content] == '"' || text[content] == '\'');
  const std::size_t end = in_quotes ? skip_quoted(text, content) : content + key.size();
  const std::size_t next = text.find_first_not_of(" \t", std::min(end, text.size()));
  return (next != kNone && text[next] == ':') || follows_question_mark(text, content);
}

std::size_t find_before(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  while (offset > 0) {
    const std::size_t newline = text.rfind('\n', offset - 1);
    const std::size_t start = newline == kNone ? 0 : newline + 1;
    const std::string_view line = text.substr(start, offset - start);
    const std::size_t comment = line.starts_with('#') ? 0 : line.find(" #");
    const std::size_t last = line.substr(0, comment).find_last_not_of(" \t\r");
    if (last != kNone) return start + last;
    offset = start == 0 ? 0 : start - 1;
  }
  return 0;
}

std::size_t find_open_quote(std::string_view text, std::size_t from, std::size_t to) {
  to = std::min(to, text.size());
  for (std::size_t at = from; at < to;) {
    if (begins_comment(text, at)) {
      at = line_end(text, at);
    } else if (can_open(text, at)) {
      const std::size_t end = skip_quoted(text.substr(0, to), at);
      if (end == kNone) return at;
      at = end;
    } else {
      ++at;
    }
  }
  return kNone;
}

TabIndents::TabIndents(std::string_view text) : text_(text) {
  for (std::size_t tab = text.find('\t'); tab != kNone; tab = text.find('\t', tab + 1)) {
    const std::size_t start = line_start(text, tab);
    const std::size_t end = line_end(text, tab);
    const std::size_t content = std::min(text.find_first_not_of(" \t\r", start), end);
    // A line without content, a comment or a closing bracket stands where it likes.
    const bool counts = tab < content && content < end && text[content] != '#' &&
                        text[content] != ']' && text[content] != '}';
    if (counts) tabs_.push_back(tab);
    tab = end - (end == text.size() ? 1 : 0);
  }
}

std::size_t TabIndents::find_first() const {
  std::vector<Range> excused = excused_;
  std::ranges::sort(excused, {}, &Range::from);
  auto next = excused.begin();
  std::size_t end = 0;
  for (const std::size_t tab : tabs_) {
    for (; next != excused.end() && next->from <= tab; ++next) end = std::max(end, next->to);
    if (tab >= end) return tab;
  }
  return kNone;
}

void TabIndents::excuse_line_of(std::size_t offset) {
  const bool known =
      !excused_.empty() && excused_.back().from <= offset && offset < excused_.back().to;
  if (!known) excused_.push_back({line_start(text_, offset), line_end(text_, offset)});
}

void TabIndents::excuse_quoted(std::size_t offset) {
  // A tab before the quote itself, on its line, is indentation as ever.
  excused_.push_back({offset, skip_quoted(text_, offset)});
}

void TabIndents::excuse_block(std::size_t offset, int parent) {
  std::size_t line = line_end(text_, offset);
  while (line < text_.size()) {
    const std::size_t start = line + 1;
    const std::size_t end = line_end(text_, start);
    const std::size_t content = std::min(text_.find_first_not_of(' ', start), end);
    const bool blank = text_.find_first_not_of(" \t\r", start) >= end;
    if (!blank && static_cast<std::ptrdiff_t>(content - start) <= parent) break;
    line = end;
  }
  excused_.push_back({offset, line});
}

}  // namespace pid1::config
