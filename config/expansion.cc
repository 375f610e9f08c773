#include "config/expansion.h"

#include <utility>

namespace pid1::config {

void Expansion::expand(Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return;
    case Node::Kind::scalar: return expand_scalar(node);
    case Node::Kind::sequence:
      for (Node& item : node.items) expand(item);
      return;
    case Node::Kind::mapping:
      for (Node::Entry& entry : node.entries) expand(entry.value);
      return;
  }
}

void Expansion::expand_scalar(Node& scalar) {
  if (scalar.text.find('\0') != std::string::npos) {
    diagnostics_.error(scalar.mark, "a value can't hold a NUL byte");
    scalar.failed = true;
    return;
  }
  if (scalar.text.find('$') == std::string::npos) return;
  Scalar<Interpolated> result = interpolate(scalar.text, lookup_);
  if (auto* error = std::get_if<ScalarError>(&result)) {
    diagnostics_.error(scalar.mark, std::move(error->message), std::move(error->hint));
    scalar.failed = true;
    return;
  }
  auto& filled = std::get<Interpolated>(result);
  for (const std::string& name : filled.unset) {
    if (!warned_.insert(name).second) continue;
    diagnostics_.warning(scalar.mark,
                         "the variable `" + name + "` is not set, it stands for nothing",
                         "write ${" + name + ":-} if that is meant, or $$ for a dollar sign");
  }
  scalar.text = std::move(filled.text);
  scalar.expanded = filled.has_values;
}

}  // namespace pid1::config
