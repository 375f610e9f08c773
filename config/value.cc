#include "config/value.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "config/utf8.h"

namespace pid1::config {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string hex(char32_t value, std::size_t digits) {
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 0xF];
  return out;
}

// What readers of either format may stumble over, or a terminal.
bool needs_escape(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

// A string in double quotes, in the part of the syntax that JSON and YAML share.
std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::optional<CodePoint> next = decode_utf8(text);
    const std::size_t length = next ? next->length : 1;
    if (!next) {
      out += kReplacement;
    } else if (next->value == '"' || next->value == '\\') {
      out += '\\';
      out += text.front();
    } else if (next->value == '\n') {
      out += "\\n";
    } else if (next->value == '\t') {
      out += "\\t";
    } else if (needs_escape(next->value)) {
      out += "\\u" + hex(next->value, 4);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out + '"';
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A duration: digits and units, the last of which makes it no number.
bool is_duration(std::string_view text) {
  return is_digit(text.front()) && is_letter(text.back()) &&
         text.find_first_not_of("0123456789.hmsun") == std::string_view::npos;
}

// Nothing that any reader takes for a number, a truth value or null.
bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"true", "false", "yes",  "no",  "on", "off",
                                                       "y",    "n",     "null", "nan", "inf"};
  if (text.empty()) return false;
  if (is_duration(text)) return true;
  if (!(is_letter(text.front()) || text.front() == '/' || text.front() == '_')) {
    return false;
  }
  const bool letters = std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("_/.-+").find(c) != std::string_view::npos;
  });
  if (!letters) return false;
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c | (is_letter(c) ? 0x20 : 0));
  return std::ranges::find(kWords, lower) == kWords.end();
}

class JsonWriter {
 public:
  void write(const Value& value) {
    std::visit([this](const auto& data) { write_data(data); }, value.data);
  }
  std::string take() { return std::move(out_) + "\n"; }

 private:
  void write_data(std::nullptr_t) { out_ += "null"; }
  void write_data(bool value) { out_ += value ? "true" : "false"; }
  void write_data(std::int64_t value) { out_ += std::to_string(value); }
  void write_data(const std::string& value) { out_ += quote(value); }

  void write_data(const Value::List& list) {
    write_items('[', ']', list, [this](const Value& item) { write(item); });
  }

  void write_data(const Value::Mapping& mapping) {
    write_items('{', '}', mapping, [this](const auto& entry) {
      out_ += quote(entry.first) + ": ";
      write(entry.second);
    });
  }

  template <typename Items, typename Write>
  void write_items(char open, char close, const Items& items, Write write_item) {
    out_ += open;
    indent_ += 2;
    for (std::size_t i = 0; i < items.size(); ++i) {
      out_ += i > 0 ? ",\n" : "\n";
      out_.append(indent_, ' ');
      write_item(items[i]);
    }
    indent_ -= 2;
    if (!items.empty()) out_.append("\n").append(indent_, ' ');
    out_ += close;
  }

  std::string out_;
  std::size_t indent_ = 0;
};

class YamlWriter {
 public:
  void write_block(const Value& value) {
    if (const auto* mapping = std::get_if<Value::Mapping>(&value.data);
        mapping != nullptr && !mapping->empty()) {
      for (const auto& [key, below] : *mapping) {
        out_.append(indent_, ' ');
        out_ += is_plain(key) ? key : quote(key);
        out_ += ":";
        write_below(below);
      }
    } else if (const auto* list = std::get_if<Value::List>(&value.data);
               list != nullptr && !list->empty()) {
      for (const Value& item : *list) write_item(item);
    } else {
      out_ += write_scalar(value) + "\n";
    }
  }
  std::string take() { return std::move(out_); }

 private:
  static bool is_block(const Value& value) {
    const auto* mapping = std::get_if<Value::Mapping>(&value.data);
    const auto* list = std::get_if<Value::List>(&value.data);
    return (mapping != nullptr && !mapping->empty()) || (list != nullptr && !list->empty());
  }

  // The first entry of a mapping or list stands behind the dash.
  void write_item(const Value& item) {
    const std::size_t begin = out_.size() + indent_;
    if (is_block(item)) {
      indent_ += 2;
      write_block(item);
      indent_ -= 2;
    } else {
      out_.append(indent_ + 2, ' ');
      out_ += write_scalar(item) + "\n";
    }
    out_[begin] = '-';
  }

  void write_below(const Value& value) {
    out_ += is_block(value) ? "\n" : " ";
    indent_ += 2;
    write_block(value);
    indent_ -= 2;
  }

  static std::string write_scalar(const Value& value) {
    if (const auto* string = std::get_if<std::string>(&value.data)) {
      return is_plain(*string) ? *string : quote(*string);
    }
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
    if (std::holds_alternative<Value::List>(value.data)) return "[]";
    if (std::holds_alternative<Value::Mapping>(value.data)) return "{}";
    return "null";
  }

  std::string out_;
  std::size_t indent_ = 0;
};

}  // namespace

Value text(std::string_view text) { return {std::string(text)}; }

std::string write_json(const Value& value) {
  JsonWriter writer;
  writer.write(value);
  return writer.take();
}

std::string write_yaml(const Value& value) {
  YamlWriter writer;
  writer.write_block(value);
  return writer.take();
}

}  // namespace pid1::config
