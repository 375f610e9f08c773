#pragma once

#include <cstdint>
#include <string>

namespace pid1::system {

// The environment that this process was given; ends with a null pointer.
const char* const* environment();

// This process's number in its own PID namespace.
std::int32_t process_id();

// This machine's name (gethostname(2)); empty where it has none.
std::string host_name();

// Whom this process runs as, effectively.
std::uint32_t user_id();

// To /, so that no other file system is held busy.
void leave_working_directory();

// A number that differs from run to run (getrandom(2); the clock where the kernel has no entropy
// yet).
std::uint64_t random_seed();

// Gives back to the kernel what free() has kept (malloc_trim(3)): for after a load.
void release_free_memory();

// Lets go of the program's own text and constants: what is still needed comes back from the page
// cache, page by page as it is touched, and what only the start needed does not.
void release_text();

// Has this process be sent `signo`, 1–64, when its parent ends, or nothing with 0
// (PR_SET_PDEATHSIG); a parent that has ended before isn't told. 0 or errno.
int set_parent_death_signal(int signo);

}  // namespace pid1::system
