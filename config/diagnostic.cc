#include "config/diagnostic.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "config/utf8.h"

namespace pid1::config {

namespace {

// How much of a line is shown, in bytes, and how much of that stands before the caret at least.
constexpr std::size_t kShown = 120;
constexpr std::size_t kBefore = 80;
constexpr std::size_t kQuoted = 60;
constexpr std::string_view kCut = "...";

// What forges a line, moves a terminal's cursor or turns the direction of what follows.
bool is_harmful(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool separator = c == 0x2028 || c == 0x2029;
  const bool direction = c == 0x061C || c == 0x200E || c == 0x200F ||
                         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return control || separator || direction || c == 0xFEFF;
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
  }
}

// The line's text without its end.
std::string_view find_line(std::string_view text, std::uint32_t line) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::size_t back_to_boundary(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

// A tab stays one, so that the line looks as it does in the person's editor.
std::string show(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t tab = std::min(text.find('\t'), text.size());
    out += printable(text.substr(0, tab));
    if (tab < text.size()) out += '\t';
    text.remove_prefix(std::min(tab + 1, text.size()));
  }
  return out;
}

// As wide as `shown`, which is printable: a tab for a tab, a space for any other code point.
std::string blank(std::string_view shown) {
  std::string out;
  for (const char c : shown) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!continues) out += c == '\t' ? '\t' : ' ';
  }
  return out;
}

void append_excerpt(std::string& out, const Mark& mark) {
  const std::string_view line = find_line(mark.source->text, mark.line);
  if (line.empty()) return;
  const std::size_t column = std::max<std::size_t>(mark.column, 1) - 1;
  const std::size_t caret = back_to_boundary(line, std::min(column, line.size()));
  const bool fits = line.size() <= kShown;
  const std::size_t begin = fits || caret <= kBefore ? 0 : back_to_boundary(line, caret - kBefore);
  const std::size_t end =
      fits ? line.size() : back_to_boundary(line, std::min(begin + kShown, line.size()));

  std::string before(begin > 0 ? kCut : std::string_view());
  before += show(line.substr(begin, caret - begin));
  out += before;
  out += show(line.substr(caret, end - caret));
  if (end < line.size()) out += kCut;
  out += '\n';
  out += blank(before);
  out += "^\n";
}

void append(std::string& out, const Diagnostic& diagnostic) {
  const Mark& mark = diagnostic.mark;
  if (mark.source) {
    out += printable(mark.source->name);
    out += ':';
    if (mark.line > 0) {
      out += std::to_string(mark.line) + ':' + std::to_string(mark.column) + ':';
    }
    out += ' ';
  }
  out += diagnostic.severity == Severity::error ? "error: " : "warning: ";
  out += printable(diagnostic.message);
  out += '\n';
  if (mark.source && mark.line > 0) append_excerpt(out, mark);
  if (!diagnostic.hint.empty()) out += "hint: " + printable(diagnostic.hint) + '\n';
}

std::string_view source_name(const Diagnostic& diagnostic) {
  return diagnostic.mark.source ? std::string_view(diagnostic.mark.source->name) : "";
}

// Files in the order in which they first had something to say.
class FileOrder {
 public:
  std::size_t operator()(const Diagnostic& diagnostic) {
    const std::string_view name = source_name(diagnostic);
    const auto found = std::ranges::find(names_, name);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    names_.push_back(name);
    return names_.size() - 1;
  }

 private:
  std::vector<std::string_view> names_;
};

}  // namespace

void Diagnostics::error(Mark mark, std::string message, std::string hint) {
  list_.push_back({Severity::error, std::move(mark), std::move(message), std::move(hint)});
  ++errors_;
}

void Diagnostics::warning(Mark mark, std::string message, std::string hint) {
  list_.push_back({Severity::warning, std::move(mark), std::move(message), std::move(hint)});
}

std::string render(const Diagnostic& diagnostic) {
  std::string out;
  append(out, diagnostic);
  return out;
}

std::string render(const Diagnostics& diagnostics) {
  using Key = std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::string_view>;
  std::vector<std::pair<Key, const Diagnostic*>> sorted;
  sorted.reserve(diagnostics.all().size());
  FileOrder order;
  for (const Diagnostic& one : diagnostics.all()) {
    sorted.emplace_back(Key{order(one), one.mark.line, one.mark.column, one.message}, &one);
  }
  std::ranges::stable_sort(sorted, {}, &std::pair<Key, const Diagnostic*>::first);
  // What an anchor says wrong is found wrong at each of its aliases; saying it once is enough.
  const auto repeated = std::ranges::unique(sorted, [](const auto& a, const auto& b) {
    return a.first == b.first && a.second->severity == b.second->severity;
  });
  sorted.erase(repeated.begin(), repeated.end());

  std::string out;
  for (const auto& [key, diagnostic] : sorted) append(out, *diagnostic);
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::optional<CodePoint> c = decode_utf8(text);
    const std::size_t length = c ? c->length : 1;
    if (c && !is_harmful(c->value)) {
      out += text.substr(0, length);
    } else {
      append_escaped(out, text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  const bool fits = text.size() <= kQuoted;
  std::string out = "\"";
  out += printable(fits ? text : text.substr(0, back_to_boundary(text, kQuoted)));
  if (!fits) out += kCut;
  return out + '"';
}

}  // namespace pid1::config
