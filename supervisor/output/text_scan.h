#pragma once

#include <cstddef>
#include <string_view>

namespace pid1::output {

// How text begins, for those who copy runs of bytes and look only at what stops them.

// Printable ASCII: 0x20–0x7E.
std::size_t printable_run(std::string_view text);

// Printable ASCII that JSON has no escape for: neither " nor \.
std::size_t json_run(std::string_view text);

// A character beyond ASCII in UTF-8 that is none of the C1 controls: its length, 2–4 bytes. 0: the
// text begins with something else (Unicode 15, table 3-7).
std::size_t visible_character(std::string_view text);

}  // namespace pid1::output
