#pragma once

#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/service_draft.h"
#include "services/spec.h"

namespace pid1::config {

inline constexpr const char* kMainService = "main";

// The program of `pid1 --config FILE -- PROGRAM [ARGUMENT…]`.
struct MainProgram {
  std::vector<std::string> argv;  // never empty
  Input input = Input::own;
};

// Adds the program as the service `main`: it starts when all services that are on have started, are
// ready and healthy as far as they say so, or have completed where they are oneshots; it is never
// restarted, and its end is the container's. A service of that name in the file is an error, and so
// is one that depends on it.
void add_main_program(const MainProgram& program, std::vector<ServiceDraft>& drafts,
                      Diagnostics& diagnostics);

}  // namespace pid1::config
