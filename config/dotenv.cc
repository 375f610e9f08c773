#include "config/dotenv.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "config/env_text.h"
#include "config/utf8.h"

namespace pid1::config {

namespace {

constexpr std::size_t kMaxErrors = 20;
constexpr std::size_t kNone = std::string_view::npos;

// The names of one file with their values.
class Entries {
 public:
  void set(std::string_view name, std::string value) {
    const auto [place, is_new] = places_.try_emplace(std::string(name), list_.size());
    if (is_new) {
      list_.push_back({std::string(name), std::move(value)});
    } else {
      list_[place->second].value = std::move(value);
    }
  }

  std::optional<std::string> find(std::string_view name) const {
    const auto place = places_.find(std::string(name));
    if (place == places_.end()) return std::nullopt;
    return list_[place->second].value;
  }

  std::vector<EnvFileEntry> take() { return std::move(list_); }

 private:
  std::vector<EnvFileEntry> list_;
  std::unordered_map<std::string, std::size_t> places_;
};

// Reads statement after statement. Offsets are into the text behind a byte order mark.
class Reader {
 public:
  Reader(const SourcePtr& source, const Lookup& lookup, Diagnostics& diagnostics)
      // Its lines hold secrets: no diagnostic can show what isn't there.
      : place_(std::make_shared<Source>(Source{source->name, ""})),
        text_(source->text),
        outer_(lookup),
        lookup_([this](std::string_view name) { return look_up(name); }),
        diagnostics_(diagnostics) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  std::vector<EnvFileEntry> read(EnvFileFormat format) {
    while (errors_ < kMaxErrors && skip_to_statement()) {
      switch (format) {
        case EnvFileFormat::dotenv: read_statement(); break;
        case EnvFileFormat::raw: read_raw_line(); break;
      }
    }
    return entries_.take();
  }

 private:
  // Over blank lines and comments; false at the end of the file.
  bool skip_to_statement() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = line_end(at_);
      } else if (is_blank(text_[at_]) || text_[at_] == '\n') {
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  void read_statement() {
    skip_export();
    const std::size_t start = at_;
    const std::size_t separator = std::min(text_.find_first_of("=:\n", start), text_.size());
    const std::string_view name = trim(text_.substr(start, separator - start));
    at_ = separator;
    if (!check_name(name, start)) {
      at_ = line_end(at_);
    } else if (separator == line_end(separator)) {
      inherit(name);
    } else {
      ++at_;
      read_value(name);
    }
  }

  void read_raw_line() {
    const std::size_t start = at_;
    std::string_view line = text_.substr(start, line_end(start) - start);
    at_ = line_end(start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t separator = line.find('=');
    const std::string_view name = line.substr(0, separator);
    if (!check_name(name, start)) return;
    if (separator == kNone) {
      inherit(name);
    } else {
      set(name, std::string(line.substr(separator + 1)), start + separator + 1);
    }
  }

  void skip_export() {
    constexpr std::string_view word = "export";
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(word)) return;
    const std::size_t blanks =
        rest.size() - word.size() - trim_front(rest.substr(word.size())).size();
    if (blanks > 0) at_ += word.size() + blanks;
  }

  bool check_name(std::string_view name, std::size_t offset) {
    const auto odd = std::ranges::find_if_not(name, can_be_in_env_name);
    if (name.empty()) {
      report(offset, "expected a name before '='", "");
    } else if (odd != name.end() && is_blank(*odd)) {
      report(offset, "a name can't hold a space", "write NAME=value");
    } else if (odd != name.end()) {
      report(offset, "a name can hold letters, digits and _ . - [ ] only", "write NAME=value");
    }
    return !name.empty() && odd == name.end();
  }

  void inherit(std::string_view name) {
    if (std::optional<std::string> value = outer_(name)) entries_.set(name, std::move(*value));
  }

  void read_value(std::string_view name) {
    const std::size_t end = line_end(at_);
    const std::string_view rest = text_.substr(at_, end - at_);
    const std::string_view value = trim_front(rest);
    const std::size_t offset = at_ + rest.size() - value.size();
    if (value.starts_with('"') || value.starts_with('\'')) {
      at_ = offset;
      read_quoted_value(name);
      return;
    }
    // Before the blanks are gone: one of them is what makes a comment of a #.
    const std::string_view plain = trim(rest.substr(0, rest.find(" #")));
    at_ = end;
    expand(name, plain, offset);
  }

  void read_quoted_value(std::string_view name) {
    const std::size_t start = at_;
    const char quote = text_[start];
    const std::optional<QuotedValue> value = read_quoted(text_, start);
    if (!value) {
      report(start, "a quote that is never closed", "close it, or write the value without quotes");
      at_ = line_end(start);
      return;
    }
    at_ = line_end(value->end);
    if (!check_rest(value->end)) return;
    if (quote == '"') {
      expand(name, value->text, start);
    } else {
      set(name, value->text, start);
    }
  }

  // What stands between a closing quote and its line's end.
  bool check_rest(std::size_t offset) {
    const std::string_view rest = text_.substr(offset, line_end(offset) - offset);
    const std::string_view more = trim(rest);
    if (more.empty() || (is_blank(rest.front()) && more.front() == '#')) return true;
    if (!is_blank(rest.front())) {
      report(offset, "unexpected text behind the closing quote", "quote the value as a whole");
      return false;
    }
    diagnostics_.warning(mark(offset), "the text behind the closing quote is ignored",
                         "put a # before a comment");
    return true;
  }

  void expand(std::string_view name, std::string_view value, std::size_t offset) {
    Scalar<Interpolated> expanded = interpolate(value, lookup_);
    if (const auto* error = std::get_if<ScalarError>(&expanded)) {
      report(offset, error->message, error->hint);
      return;
    }
    auto& filled = std::get<Interpolated>(expanded);
    if (!filled.unset.empty()) warn_unset(name, offset);
    set(name, std::move(filled.text), offset);
  }

  void set(std::string_view name, std::string value, std::size_t offset) {
    if (value.find('\0') != kNone) {
      report(offset, "a NUL, which no environment variable can hold", "");
      return;
    }
    entries_.set(name, std::move(value));
  }

  std::optional<std::string> look_up(std::string_view name) const {
    std::optional<std::string> value = entries_.find(name);
    return value ? value : outer_(name);
  }

  // Without the variable's name: often enough it is the half of a password behind its $.
  void warn_unset(std::string_view name, std::size_t offset) {
    diagnostics_.warning(mark(offset),
                         "the value of `" + std::string(name) +
                             "` names a variable that is not set, it stands for nothing",
                         "write $$ for a dollar sign, or put the value in single quotes");
  }

  void report(std::size_t offset, std::string message, std::string hint) {
    ++errors_;
    diagnostics_.error(mark(offset), std::move(message), std::move(hint));
  }

  std::size_t line_end(std::size_t offset) const {
    return std::min(text_.find('\n', offset), text_.size());
  }

  // Counts on from the last place, for they come in order within a line's statement or two.
  Mark mark(std::size_t offset) {
    if (offset < marked_) marked_ = line_ = 0;
    line_ +=
        static_cast<std::size_t>(std::ranges::count(text_.substr(marked_, offset - marked_), '\n'));
    marked_ = offset;
    const std::size_t newline = offset == 0 ? kNone : text_.rfind('\n', offset - 1);
    const std::size_t column = newline == kNone ? offset : offset - newline - 1;
    return {place_, static_cast<std::uint32_t>(line_ + 1), static_cast<std::uint32_t>(column + 1)};
  }

  SourcePtr place_;
  std::string_view text_;
  const Lookup& outer_;
  Lookup lookup_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t errors_ = 0;
  std::size_t marked_ = 0;
  std::size_t line_ = 0;
  Entries entries_;
};

}  // namespace

std::vector<EnvFileEntry> parse_env_file(const SourcePtr& source, EnvFileFormat format,
                                         const Lookup& lookup, Diagnostics& diagnostics) {
  return Reader(source, lookup, diagnostics).read(format);
}

}  // namespace pid1::config
