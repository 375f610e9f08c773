#include "config/processes.h"

#include <variant>

namespace pid1::config {

std::vector<ProcessSpec*> processes_of(ServiceSpec& service) {
  std::vector<ProcessSpec*> processes = {&service.process};
  Hooks& hooks = service.hooks;
  for (std::vector<ProcessSpec>* list :
       {&hooks.pre_start, &hooks.post_start, &hooks.pre_stop, &hooks.post_stop}) {
    for (ProcessSpec& hook : *list) processes.push_back(&hook);
  }
  if (service.health) {
    if (auto* probe = std::get_if<ProcessSpec>(&service.health->probe)) processes.push_back(probe);
  }
  if (service.reload.command) processes.push_back(&*service.reload.command);
  return processes;
}

}  // namespace pid1::config
