#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/event.h"
#include "services/spec.h"
#include "supervisor/system/accounts.h"
#include "supervisor/system/system.h"

namespace pid1::supervisor {

// Why a service could not be started, in words and for the core.
struct LaunchError {
  SpawnFault fault = SpawnFault::service;
  int code = 126;
  std::string message;  // without the service's name
};

// In words of our own.
LaunchError explain(const system::SpawnError& error, const system::SpawnRequest& request);

// The terminal of a service that has one (Input::terminal), and where in pid1's sessions it is so.
struct OwnedTerminal {
  int fd = 0;
  system::Session session = system::Session::own;
};

// What every process gets beside what its spec says.
struct LaunchManner {
  system::Session session = system::Session::own;
  int terminal = -1;  // as SpawnRequest has it
  OwnedTerminal owned_terminal = {};
  std::array<int, 3> standard = {system::default_descriptor, system::default_descriptor,
                                 system::default_descriptor};
  // Of descriptors, where the spec has none: pid1's own may be another. None: as pid1's is.
  std::optional<system::ResourceLimit> descriptor_limit = {};
  bool keeps_descriptors = false;
  bool runs_scripts = false;
  // Sockets that were passed to the process with this pid (sd_listen_fds(3)) are passed on, with
  // LISTEN_PID rewritten; 0: none.
  std::int32_t sockets_for = 0;
  LaunchError (*explain)(const system::SpawnError&,
                         const system::SpawnRequest&) = supervisor::explain;
};

// What this one process gets beside what its spec says. Borrowed until launch() returns.
struct LaunchExtras {
  // They win over what pid1 was given and what comes with the user; the spec's own win over them.
  std::span<const EnvironmentChange> environment = {};
  std::string_view pid_variable = {};  // is set to the process's own pid; empty: none
  Input input = Input::nothing;        // nothing: as the manner has it
  // Instead of the manner's and the input's, as SpawnRequest has them.
  std::optional<int> stdin_fd = {};
  std::optional<int> stdout_fd = {};
  std::optional<int> stderr_fd = {};
  std::optional<system::Session> session = {};
  system::PassedDescriptor passed = {};
  int cgroup = -1;
};

// Turns what a service is to be (ProcessSpec) into a process. User and group are looked up at each
// start, because a service that runs before may have made them.
class Launcher {
 public:
  // `environment` is pid1's own, ends with a null pointer, and outlives this object; so does
  // `system`.
  Launcher(system::System& system, const char* const* environment, const LaunchManner& manner = {});

  // The process's id, or what was wrong.
  std::variant<std::int32_t, LaunchError> launch(const ProcessSpec& spec,
                                                 const LaunchExtras& extras = {});

 private:
  void fill_arguments(const ProcessSpec& spec);
  void fill_limits(const ProcessSpec& spec);
  void fill_environment(const ProcessSpec& spec, const LaunchExtras& extras,
                        const system::Account* account);
  void change_environment(std::span<const EnvironmentChange> changes);
  system::SpawnRequest request_for(const ProcessSpec& spec, const LaunchExtras& extras,
                                   const system::Account* account) const;
  void give_input(Input input, system::SpawnRequest& request) const;
  void set_variable(std::string_view name, std::string_view value);
  void set_or_unset(std::string_view name, std::string_view value);
  void unset_variable(std::string_view name);
  void set_to_own_pid(std::string_view name);
  void pass_sockets_on();

  system::System& system_;
  LaunchManner manner_;
  std::vector<const char*> inherited_;

  // Reused from start to start.
  std::vector<const char*> arguments_;
  std::vector<const char*> variables_;
  std::vector<system::ResourceLimit> limits_;
  std::vector<char*> pid_texts_;
  std::deque<std::string> texts_;  // a deque: variables_ points into its strings while it grows
  std::size_t texts_used_ = 0;
};

}  // namespace pid1::supervisor
