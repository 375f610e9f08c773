#pragma once

#include <string>
#include <string_view>

namespace pid1::output {

// Appends text as a terminal may have it: what isn't printable UTF-8 becomes \xNN (CR, NUL, escape,
// the C1 controls, DEL, broken sequences), so that no line can forge another, move the cursor or
// clear the screen. Tabs stay, and so do backslashes, which logs are full of. The result is valid
// UTF-8.
void append_harmless(std::string_view text, std::string& result);

}  // namespace pid1::output
