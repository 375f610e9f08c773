#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"

namespace pid1::config {

// One value of a YAML document, with the place it was written at. A tree: anchors and aliases are
// expanded by the reader, so what an alias brings is a copy whose `mark` is the anchored text's and
// whose `alias` is the place of the alias (line 0 where there is none).
struct Node {
  enum class Kind { null, scalar, sequence, mapping };
  // `plain` scalars may be numbers, booleans or null; a quoted or block one is always a string.
  enum class Style { plain, quoted, block };
  struct Entry;

  Kind kind = Kind::null;
  Style style = Style::plain;
  Mark mark;
  Mark alias;
  bool expanded = false;       // `text` holds variables' values: secrets, not to be printed
  bool failed = false;         // `text` isn't what was meant, which was reported
  std::string text;            // a scalar's value, as written for `null` kinds ("~", "null", "")
  std::vector<Node> items;     // a sequence's
  std::vector<Entry> entries;  // a mapping's, in the order written; keys are unique

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }

  // The value of `key` in a mapping, or nullptr.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
};

struct Node::Entry {
  std::string key;
  Mark key_mark;
  Node value;
  Style key_style = Style::plain;
};

// "a mapping", "a list", "a string", "null": for messages.
std::string_view describe(Node::Kind kind);

}  // namespace pid1::config
