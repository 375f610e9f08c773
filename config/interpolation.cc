#include "config/interpolation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pid1::config {

namespace {

// Deeper defaults within defaults are nobody's intention; each level is a level of recursion.
constexpr int kMaxDepth = 32;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

std::string_view take_name(std::string_view text) {
  if (text.empty() || !is_name_start(text.front())) return {};
  const auto end = std::ranges::find_if_not(text, is_name_part);
  return {text.begin(), end};
}

// From behind a "${" to its "}". Braces between them come in pairs, as Compose has it; npos where
// it isn't closed.
std::size_t find_close(std::string_view text) {
  std::size_t open = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++open;
    if (text[i] == '}' && --open == 0) return i;
  }
  return std::string_view::npos;
}

// What stands between the braces of ${NAME:-word}.
struct Reference {
  std::string_view name;
  char operation = '\0';        // one of - + ?, or none
  bool empty_is_unset = false;  // the operation has a colon before it
  std::string_view word;
};

// False where that is none of the forms.
bool read_reference(std::string_view body, Reference& reference) {
  reference.name = take_name(body);
  body.remove_prefix(reference.name.size());
  if (reference.name.empty() || body.empty()) return !reference.name.empty();
  reference.empty_is_unset = body.front() == ':';
  if (reference.empty_is_unset) body.remove_prefix(1);
  if (body.empty() || std::string_view("-+?").find(body.front()) == std::string_view::npos) {
    return false;
  }
  reference.operation = body.front();
  reference.word = body.substr(1);
  return true;
}

class Interpolation {
 public:
  explicit Interpolation(const Lookup& lookup) : lookup_(lookup) {}

  // False once something is wrong.
  bool append(std::string_view text, int depth) {
    while (!text.empty()) {
      const std::size_t dollar = std::min(text.find('$'), text.size());
      out_.text += text.substr(0, dollar);
      text.remove_prefix(dollar);
      if (!text.empty() && !append_reference(text, depth)) return false;
    }
    return true;
  }

  Scalar<Interpolated> take() {
    if (error_) return std::move(*error_);
    return std::move(out_);
  }

 private:
  // Takes what begins with a $ off `text`.
  bool append_reference(std::string_view& text, int depth) {
    text.remove_prefix(1);
    if (text.starts_with('{')) return append_braced(text, depth);
    const std::string_view name = take_name(text);
    if (name.empty()) {
      out_.text += '$';
      if (text.starts_with('$')) text.remove_prefix(1);
      return true;
    }
    text.remove_prefix(name.size());
    append_value(name, lookup_(name));
    return true;
  }

  bool append_braced(std::string_view& text, int depth) {
    text.remove_prefix(1);
    const std::size_t close = find_close(text);
    if (close == std::string_view::npos) {
      return fail("a '${' that is never closed", "close it with }, or write $$ for a literal $");
    }
    Reference reference;
    if (!read_reference(text.substr(0, close), reference)) {
      return fail("expected a variable as ${NAME} or with one of :- - :+ + :? ? behind its name",
                  "write $$ for a literal $");
    }
    text.remove_prefix(close + 1);
    if (depth == kMaxDepth) return fail("variables are nested too deeply", "");
    return apply(reference, depth);
  }

  bool apply(const Reference& reference, int depth) {
    const std::optional<std::string> value = lookup_(reference.name);
    const bool is_set = value && !(reference.empty_is_unset && value->empty());
    switch (reference.operation) {
      case '-':
        if (!is_set) return append(reference.word, depth + 1);
        break;
      case '+': return !is_set || append(reference.word, depth + 1);
      case '?':
        if (!is_set) return fail_required(reference);
        break;
      default: break;
    }
    append_value(reference.name, value);
    return true;
  }

  void append_value(std::string_view name, const std::optional<std::string>& value) {
    if (value) {
      out_.text += *value;
      out_.has_values = true;
    } else if (std::ranges::find(out_.unset, name) == out_.unset.end()) {
      out_.unset.emplace_back(name);
    }
  }

  // The word is shown as it is written, so that no variable's value gets into a message.
  bool fail_required(const Reference& reference) {
    std::string message =
        "required variable " + std::string(reference.name) + " is missing a value";
    if (!reference.word.empty()) message += ": " + std::string(reference.word);
    return fail(std::move(message), "");
  }

  bool fail(std::string message, std::string hint) {
    error_ = ScalarError{std::move(message), std::move(hint)};
    return false;
  }

  const Lookup& lookup_;
  Interpolated out_;
  std::optional<ScalarError> error_;
};

}  // namespace

Scalar<Interpolated> interpolate(std::string_view text, const Lookup& lookup) {
  Interpolation interpolation(lookup);
  interpolation.append(text, 0);
  return interpolation.take();
}

}  // namespace pid1::config
