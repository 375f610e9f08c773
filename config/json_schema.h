#pragma once

#include <string>

namespace pid1::config {

// The table of schema.h as JSON Schema (https://json-schema.org/draft/2020-12), for editors.
// Wherever the value of a scalar is limited, one that holds a variable is allowed too.
std::string write_json_schema();

}  // namespace pid1::config
