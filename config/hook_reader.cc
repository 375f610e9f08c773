#include "config/hook_reader.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/account_reader.h"
#include "config/command.h"
#include "config/environment.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

ProcessSpec read_hook(const Node& item, const ProcessSpec& process, const Lookup& environment,
                      Diagnostics& diagnostics) {
  const Fields fields(item, sections::hook, diagnostics);
  ProcessSpec hook = process;
  if (const Node* command = fields.find("command")) {
    hook.argv = read_command(*command, diagnostics);
  } else if (!fields.is_faulty("command")) {
    diagnostics.error(item.mark, "a hook needs the key `command`", "write which program it runs");
  }
  if (auto user = read_user(fields.find("user"), diagnostics)) hook.user = std::move(user);
  if (auto folder = read_working_dir(fields.find("working_dir"), diagnostics)) {
    hook.working_dir = std::move(folder);
  }
  hook.environment = override_environment(std::move(hook.environment), fields.find("environment"),
                                          environment, diagnostics);
  return hook;
}

}  // namespace

Hooks read_hooks(const Fields& service, const ProcessSpec& process, const Lookup& environment,
                 Diagnostics& diagnostics) {
  const auto read = [&](std::string_view key) {
    std::vector<ProcessSpec> hooks;
    if (const Node* list = service.find(key)) {
      for (const Node& item : list->items) {
        hooks.push_back(read_hook(item, process, environment, diagnostics));
      }
    }
    return hooks;
  };
  return {read("pre_start"), read("post_start"), read("pre_stop"), read("post_stop")};
}

Reload read_reload(const Fields& service, const ProcessSpec& process, Diagnostics& diagnostics) {
  Reload reload;
  const Node* value = service.find("reload");
  if (value == nullptr) return reload;
  if (!value->is_mapping()) {
    reload.command = process;
    reload.command->argv = read_command(*value, diagnostics);
    return reload;
  }
  const Fields fields(*value, sections::reload, diagnostics);
  const std::optional<int> signo = fields.signal("signal");
  if (!signo && fields.find("signal") == nullptr && !fields.is_faulty("signal")) {
    diagnostics.error(value->mark, "`reload` needs the key `signal`",
                      "write it, or a command as a string or list");
  }
  reload.signal = signo.value_or(reload.signal);
  return reload;
}

}  // namespace pid1::config
