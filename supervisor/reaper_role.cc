#include "supervisor/reaper_role.h"

#include "supervisor/system/linux_system.h"

namespace pid1::supervisor {

void become_reaper(Log& log) {
  switch (system::become_reaper()) {
    case system::ReaperRole::init: return;
    case system::ReaperRole::subreaper:
      log.write(LogLevel::info, "not PID 1: reaping as a subreaper");
      return;
    case system::ReaperRole::none:
      log.write(LogLevel::warning,
                "not PID 1, and the kernel has no subreaper: orphans go to init");
      return;
  }
}

}  // namespace pid1::supervisor
