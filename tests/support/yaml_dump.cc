#include "tests/support/yaml_dump.h"

#include <functional>

namespace pid1::testing {

namespace {

using config::Mark;
using config::Node;

using ShowMark = std::function<std::string(const Mark& mark, const Mark& alias)>;

std::string dump_scalar(const Node& node) {
  switch (node.style) {
    case Node::Style::plain: return node.text;
    case Node::Style::quoted: return '"' + node.text + '"';
    case Node::Style::block: return '|' + node.text + '|';
  }
  return "";
}

std::string dump(const Node& node, const ShowMark& show) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null: out = "null"; break;
    case Node::Kind::scalar: out = dump_scalar(node); break;
    case Node::Kind::sequence:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + dump(item, show);
      out = '[' + out + ']';
      break;
    case Node::Kind::mapping:
      for (const Node::Entry& entry : node.entries) {
        if (!out.empty()) out += ", ";
        out += entry.key + show(entry.key_mark, {}) + ": " + dump(entry.value, show);
      }
      out = '{' + out + '}';
      break;
  }
  return out + show(node.mark, node.alias);
}

std::string place(const Mark& mark) {
  return std::to_string(mark.line) + ':' + std::to_string(mark.column);
}

}  // namespace

std::string dump(const Node& node) {
  return dump(node, [](const Mark&, const Mark&) { return std::string(); });
}

std::string dump_with_marks(const Node& node) {
  return dump(node, [](const Mark& mark, const Mark& alias) {
    return '@' + place(mark) + (alias.line > 0 ? '^' + place(alias) : "");
  });
}

}  // namespace pid1::testing
