#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// Where and why yaml-cpp gave up.
struct ParseFailure {
  std::string message;              // yaml-cpp's own
  std::size_t offset = 0;           // in what was parsed; may be behind its end
  std::size_t last_event = 0;       // the offset of the last node that was read
  const Node* open_flow = nullptr;  // the innermost collection, if it is written with brackets
};

// Says it in a person's words, at the place that is to be mended: an opening quote or bracket
// rather than the end of the file. `text` is the text of `source` behind a byte order mark.
Diagnostic explain(const ParseFailure& failure, const SourcePtr& source, std::string_view text);

}  // namespace pid1::config
