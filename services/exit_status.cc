#include "services/exit_status.h"

namespace pid1 {

int exit_code(const ExitStatus& status) {
  if (const auto* exited = std::get_if<Exited>(&status)) return exited->code;
  return 128 + std::get<Signaled>(status).signo;
}

}  // namespace pid1
