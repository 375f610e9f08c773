#pragma once

namespace pid1::supervisor {

// Semantic Versioning 2.0; CHANGELOG.md has the history.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace pid1::supervisor
