#include "supervisor/launcher.h"

#include <algorithm>
#include <cstring>

#include "supervisor/resource_number.h"
#include "supervisor/system/pipe.h"
#include "supervisor/system/spawn_error.h"

namespace pid1::supervisor {

namespace {

bool names(const char* variable, std::string_view name) {
  return std::strncmp(variable, name.data(), name.size()) == 0 && variable[name.size()] == '=';
}

// So that the user may open /dev/stdout by its name. Where it can't be done, that doesn't work.
void give_output_to(std::uint32_t uid, const LaunchExtras& extras) {
  if (extras.stdout_fd) system::give_pipe_to(*extras.stdout_fd, uid);
  if (extras.stderr_fd) system::give_pipe_to(*extras.stderr_fd, uid);
}

}  // namespace

LaunchError explain(const system::SpawnError& error, const system::SpawnRequest& request) {
  return {.code = system::exit_code_for(error), .message = system::describe(error, request)};
}

Launcher::Launcher(system::System& system, const char* const* environment,
                   const LaunchManner& manner)
    : system_(system), manner_(manner) {
  for (; *environment != nullptr; ++environment) inherited_.push_back(*environment);
}

std::variant<std::int32_t, LaunchError> Launcher::launch(const ProcessSpec& spec,
                                                         const LaunchExtras& extras) {
  std::optional<system::Account> account;
  if (spec.user || !spec.group_add.empty()) {
    auto found = spec.user ? system::find_account(spec.user->user, spec.user->group, spec.group_add)
                           : system::own_account(spec.group_add);
    if (const auto* error = std::get_if<system::AccountError>(&found)) {
      return LaunchError{
          system::is_resource_failure(*error) ? SpawnFault::system : SpawnFault::service, 126,
          system::describe(*error)};
    }
    account = std::get<system::Account>(std::move(found));
  }
  const system::Account* const user = account ? &*account : nullptr;
  if (user != nullptr) give_output_to(user->credentials.uid, extras);
  fill_arguments(spec);
  fill_limits(spec);
  fill_environment(spec, extras, user);

  const system::SpawnRequest request = request_for(spec, extras, user);
  const system::SpawnResult result = system_.spawn(request);
  if (const auto* pid = std::get_if<std::int32_t>(&result)) return *pid;
  const auto& error = std::get<system::SpawnError>(result);
  LaunchError told = manner_.explain(error, request);
  told.fault = system::is_resource_failure(error) ? SpawnFault::system : SpawnFault::service;
  return told;
}

system::SpawnRequest Launcher::request_for(const ProcessSpec& spec, const LaunchExtras& extras,
                                           const system::Account* account) const {
  system::SpawnRequest request{
      .argv = arguments_,
      .environment = variables_,
      .working_dir = spec.working_dir ? spec.working_dir->c_str() : nullptr,
      .credentials = account != nullptr ? &account->credentials : nullptr,
      .umask = spec.umask,
      .limits = limits_,
      .oom_score_adj = spec.oom_score_adj,
      .nice = spec.nice,
      .cpus = spec.cpus,
      .privileges = {.add = spec.privileges.add,
                     .drop = spec.privileges.drop,
                     .no_new = spec.privileges.no_new},
      .cgroup = extras.cgroup,
      .stdin_fd = manner_.standard[0],
      .stdout_fd = extras.stdout_fd.value_or(manner_.standard[1]),
      .stderr_fd = extras.stderr_fd.value_or(manner_.standard[2]),
      .passed = extras.passed,
      .session = manner_.session,
      .terminal = manner_.terminal,
      .keeps_descriptors = manner_.keeps_descriptors,
      .runs_scripts = manner_.runs_scripts,
      .pid_texts = pid_texts_,
  };
  give_input(extras.input, request);
  request.stdin_fd = extras.stdin_fd.value_or(request.stdin_fd);
  request.session = extras.session.value_or(request.session);
  return request;
}

void Launcher::give_input(Input input, system::SpawnRequest& request) const {
  switch (input) {
    case Input::nothing: return;
    case Input::own: request.stdin_fd = 0; return;
    case Input::terminal:
      request.stdin_fd = 0;
      request.terminal = manner_.owned_terminal.fd;
      request.session = manner_.owned_terminal.session;
      return;
  }
}

void Launcher::fill_arguments(const ProcessSpec& spec) {
  arguments_.clear();
  for (const std::string& argument : spec.argv) arguments_.push_back(argument.c_str());
  arguments_.push_back(nullptr);
}

void Launcher::fill_limits(const ProcessSpec& spec) {
  limits_.clear();
  const bool says_so = std::ranges::find(spec.limits, LimitedResource::nofile,
                                         &ResourceLimit::resource) != spec.limits.end();
  if (manner_.descriptor_limit && !says_so) limits_.push_back(*manner_.descriptor_limit);
  for (const ResourceLimit& limit : spec.limits) {
    limits_.push_back({resource_number(limit.resource), limit.soft, limit.hard});
  }
}

void Launcher::fill_environment(const ProcessSpec& spec, const LaunchExtras& extras,
                                const system::Account* account) {
  variables_ = inherited_;
  texts_used_ = 0;
  pid_texts_.clear();
  if (account != nullptr && spec.user) {
    set_variable("HOME", account->home);
    set_or_unset("USER", account->name);
    set_or_unset("LOGNAME", account->name);
    set_or_unset("SHELL", account->shell);
  }
  change_environment(extras.environment);
  if (!extras.pid_variable.empty()) set_to_own_pid(extras.pid_variable);
  change_environment(spec.environment);
  pass_sockets_on();
  variables_.push_back(nullptr);
}

void Launcher::change_environment(std::span<const EnvironmentChange> changes) {
  for (const EnvironmentChange& change : changes) {
    if (change.value) {
      set_variable(change.name, *change.value);
    } else {
      unset_variable(change.name);
    }
  }
}

void Launcher::set_variable(std::string_view name, std::string_view value) {
  if (texts_used_ == texts_.size()) texts_.emplace_back();
  std::string& text = texts_[texts_used_++];
  text.assign(name).append("=").append(value);
  unset_variable(name);
  variables_.push_back(text.c_str());
}

// What a number without an entry doesn't have must not be left over from pid1's own user.
void Launcher::set_or_unset(std::string_view name, std::string_view value) {
  value.empty() ? unset_variable(name) : set_variable(name, value);
}

void Launcher::unset_variable(std::string_view name) {
  std::erase_if(variables_, [name](const char* variable) { return names(variable, name); });
}

// Room for the pid, which the child writes.
void Launcher::set_to_own_pid(std::string_view name) {
  constexpr std::string_view kRoom = "           ";
  set_variable(name, kRoom);
  pid_texts_.push_back(texts_[texts_used_ - 1].data() + name.size() + 1);
}

// Where LISTEN_PID names us (sd_listen_fds(3)).
void Launcher::pass_sockets_on() {
  constexpr std::string_view kName = "LISTEN_PID";
  if (manner_.sockets_for == 0) return;
  const std::string ours = std::to_string(manner_.sockets_for);
  const auto found = std::ranges::find_if(
      variables_, [&](const char* variable) { return names(variable, kName); });
  if (found != variables_.end() && ours == *found + kName.size() + 1) set_to_own_pid(kName);
}

}  // namespace pid1::supervisor
