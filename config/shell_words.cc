#include "config/shell_words.h"

#include <optional>
#include <utility>

namespace pid1::config {

namespace {

// A longer command is easier to find in the file than in a hint.
constexpr std::size_t kLongestHint = 100;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool needs_shell(char c) { return std::string_view(";&|<>()").find(c) != std::string_view::npos; }

// As a YAML scalar in double quotes, whose $ isn't taken for a variable's.
std::string quote_for_yaml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '$') out += '$';
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  return out + '"';
}

ScalarError explain_operator(char c, std::string_view text) {
  const std::string script = text.size() <= kLongestHint ? quote_for_yaml(text) : "\"…\"";
  return {std::string("expected words alone: no shell runs that would know what ") + c + " means",
          "quote it if it is a part of a word, or have a shell run it: [sh, -c, " + script + "]"};
}

ScalarError explain_open(char c) {
  if (c == '\\') return {"a backslash with nothing behind it", "write it twice for a backslash"};
  return {std::string("a ") + c + " that is never closed",
          "close it, or put a backslash before it; a list needs no quotes: [echo, \"it's\"]"};
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Scalar<std::vector<std::string>> split() {
    for (const char c : text_) {
      if (!take(c)) return explain_operator(c, text_);
    }
    if (escaped_) return explain_open('\\');
    if (quote_ != '\0') return explain_open(quote_);
    end_word();
    return std::move(words_);
  }

 private:
  // False where `c` is for a shell.
  bool take(char c) {
    if (escaped_) {
      // As Compose reads it, not as a shell does.
      append(c == 't' ? '\t' : c == 'n' ? '\n' : c);
      escaped_ = false;
    } else if (c == '\\' && quote_ != '\'') {
      escaped_ = true;
    } else if (quote_ != '\0') {
      take_quoted(c);
    } else if (is_space(c)) {
      end_word();
    } else if (needs_shell(c)) {
      return false;
    } else {
      take_plain(c);
    }
    return true;
  }

  void take_quoted(char c) {
    const bool closes = c == quote_;
    if (closes) quote_ = '\0';
    // What stands between backquotes is a word with them: it isn't run.
    if (!closes || c == '`') append(c);
  }

  void take_plain(char c) {
    const bool opens = c == '"' || c == '\'' || c == '`';
    if (opens) quote_ = c;
    // Quotes make a word, be it an empty one.
    if (!word_) word_.emplace();
    if (!opens || c == '`') append(c);
  }

  void append(char c) {
    if (!word_) word_.emplace();
    *word_ += c;
  }

  void end_word() {
    if (word_) words_.push_back(std::move(*word_));
    word_.reset();
  }

  std::string_view text_;
  std::vector<std::string> words_;
  std::optional<std::string> word_;
  char quote_ = '\0';
  bool escaped_ = false;
};

}  // namespace

Scalar<std::vector<std::string>> split_shell_words(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace pid1::config
