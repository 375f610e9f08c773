#pragma once

#include <optional>
#include <string>

#include "config/diagnostic.h"
#include "config/node.h"
#include "config/schema.h"

namespace pid1::config {

// Whether a value and, in lists and in mappings with free names, what is in it has one of the
// forms. Errors go to `diagnostics`. What a scalar says is not looked at, nor are the keys of
// sections. A value that failed before has no form, and no other error.
bool check_form(const Node& value, const Mark& key_mark, const Forms& forms,
                Diagnostics& diagnostics);

// The value without the items and entries, at any depth, that have none of the forms; nullopt where
// the value itself has none.
std::optional<Node> keep_fitting(const Node& value, const Forms& forms);

// "a string, a list of strings or a mapping"
std::string describe(const Forms& forms);

}  // namespace pid1::config
