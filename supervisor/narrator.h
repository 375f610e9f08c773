#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/command.h"
#include "services/plan.h"
#include "supervisor/log.h"

namespace pid1::supervisor {

// Who speaks: the supervisor of services tells how they fare; the init of one program keeps to
// itself unless it is asked.
enum class Voice { supervisor, one_program };

// What a fact is worth, and how it reads to a person.
LogLevel level_of(const Announce& announce, Voice voice);
std::string narrate(const Announce& announce, const Plan& plan, Voice voice);

// Whose end it is all about: "the services", "the program".
std::string_view subject_of(Voice voice);

// "exited with code 3", "was killed by SIGSEGV (core dumped)", "could not be started".
std::string describe(const std::optional<ExitStatus>& status);
// What is said behind the end of a process that the kernel killed for want of memory.
inline constexpr std::string_view kOutOfMemory = " (out of memory)";

// For people: "850us", "12ms", "3.2s", "2m5s".
std::string brief(Duration duration);

}  // namespace pid1::supervisor
