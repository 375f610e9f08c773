#pragma once

#include <string>

namespace pid1::config {

// The table of schema.h as a page in Markdown.
std::string write_reference();

}  // namespace pid1::config
