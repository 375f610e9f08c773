#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.h"
#include "config/scalars.h"
#include "config/schema.h"
#include "services/spec.h"

namespace pid1::config {

// How a value is named in messages: in backticks, unless it came out of a variable and so may be a
// secret.
std::string quote(const Node& value);

// Values of nodes that have passed the check of their form; after an error each is nullopt.
std::optional<Duration> read_duration(const Node& value, Diagnostics& diagnostics);
std::optional<std::int64_t> read_bytes(const Node& value, Diagnostics& diagnostics);
std::optional<bool> read_boolean(const Node& value, Diagnostics& diagnostics);
std::optional<std::uint32_t> read_octal(const Node& value, Diagnostics& diagnostics);
std::optional<int> read_signal(const Node& value, Diagnostics& diagnostics);
std::optional<std::int64_t> read_integer(const Node& value, std::int64_t min, std::int64_t max,
                                         Diagnostics& diagnostics);

// A mapping seen through the table of its keys. What the table has against an entry (unknown, not
// supported, not of the right form) is reported once, at construction, and such an entry is as if
// it weren't there; of a list or mapping with such items, those alone. The rest is asked for by
// name. Borrows everything it is given.
class Fields {
 public:
  Fields(const Node& mapping, const Section& section, Diagnostics& diagnostics);

  // nullptr where the key isn't written, or is null.
  const Node* find(std::string_view key) const;
  Mark key_mark(std::string_view key) const;
  // Something is written under that key, or under what looks like a misspelling of it, that was
  // reported.
  bool is_faulty(std::string_view key) const;

  // nullopt where the key isn't written, and after an error.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<Duration> duration(std::string_view key) const;
  std::optional<Duration> positive_duration(std::string_view key) const;  // 0 is an error
  std::optional<std::int64_t> bytes(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;
  std::optional<std::uint32_t> octal(std::string_view key) const;
  std::optional<int> signal(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;

  // The value that stands beside the word that is written; the words are those of the table.
  template <typename T>
  std::optional<T> choice(std::string_view key,
                          std::initializer_list<std::pair<std::string_view, T>> values) const {
    const std::string_view word = chosen(key);
    for (const auto& [name, value] : values) {
      if (name == word) return value;
    }
    return std::nullopt;
  }

 private:
  struct Field {
    const Key* key;
    const Node::Entry* entry;
    bool faulty;
    std::unique_ptr<Node> rest;  // what is good of a value that is faulty
  };

  void check_alternatives(const Section& section);
  void report_unknown(const Node::Entry& entry, const Section& section);
  const Field* field(std::string_view key) const;
  const Form* form(std::string_view key, Form::Kind kind) const;
  std::string_view chosen(std::string_view key) const;  // "" where there is none

  Diagnostics& diagnostics_;
  std::vector<Field> fields_;
  std::vector<std::string_view> misspelt_;  // the keys that unknown ones are near to
};

}  // namespace pid1::config
