#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace pid1::system {

enum class IfMissing { create, fail };

// Replaces the content of a regular file: /dev/termination-log and its like. Follows no symbolic
// link in the last place. A child of ours writes, so that a filesystem that hangs takes at most
// `patience`; a child that was given up on is left to be reaped like an orphan. 0 or errno:
// ETIMEDOUT for that, EINVAL for what isn't a regular file, EAGAIN where no child could be made.
int write_small_file(const char* path, std::string_view text,
                     IfMissing if_missing = IfMissing::create,
                     std::chrono::milliseconds patience = std::chrono::seconds(1));

// What a file holds, at most so many bytes of it; empty where it can't be read at once.
std::string read_small_file(const char* path, std::size_t most);

// Whether a name exists, whatever it names; a symbolic link isn't followed.
bool exists(const char* path);

}  // namespace pid1::system
