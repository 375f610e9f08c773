#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pid1 {

// Values only: what a person wrote, resolved. docs/reference/config.md explains each.

using Duration = std::chrono::nanoseconds;

// A point of the monotonic clock, as events carry it. The epoch doesn't matter, only differences
// do.
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;

enum class ServiceType {
  simple,   // meant to run until it is stopped
  oneshot,  // meant to end by itself with success
};

// When an end is followed by a restart.
enum class RestartCondition { never, on_failure, always };

struct RestartPolicy {
  RestartCondition condition = RestartCondition::on_failure;
  std::uint32_t max_attempts = 5;  // restarts within `window`; 0: without limit
  Duration delay = std::chrono::milliseconds(100);
  Duration max_delay = std::chrono::minutes(1);
  Duration window = std::chrono::minutes(1);
  bool operator==(const RestartPolicy&) const = default;
};

// What follows an end that no restart follows.
enum class EndAction { ignore, restart, shutdown };

// What of a service's process group gets which signal at a stop.
enum class KillMode {
  process,  // stop signal and SIGKILL to the main process alone
  mixed,    // stop signal to the main process, SIGKILL to all of the group
  group,    // both to all of the group
};

struct StopPolicy {
  int signal = 15;
  Duration grace = std::chrono::seconds(10);
  bool grace_given = false;  // by the person, not by default (Plan::stop_budget)
  KillMode kill_mode = KillMode::mixed;
  bool operator==(const StopPolicy&) const = default;
};

// What a dependent waits for: that the service was launched, or that it ended with success.
enum class Condition { started, completed };

struct Dependency {
  std::string service;
  Condition condition = Condition::started;
  bool restart = false;  // follow explicit restarts of `service`
  bool required = true;
  bool operator==(const Dependency&) const = default;
};

// A change to the environment that pid1 was given: no value means that the name is removed.
struct EnvironmentChange {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const EnvironmentChange&) const = default;
};

// A user or group as written: digits are never looked up as names.
struct UserSpec {
  std::string user;                  // a name or a number, never empty
  std::optional<std::string> group;  // likewise
  bool operator==(const UserSpec&) const = default;
};

// How the main process is started.
struct ProcessSpec {
  std::vector<std::string> argv;  // never empty
  std::vector<EnvironmentChange> environment;
  std::optional<std::string> working_dir;
  std::optional<UserSpec> user;
  std::vector<std::string> group_add;
  std::optional<std::uint32_t> umask;
  bool operator==(const ProcessSpec&) const = default;
};

struct ServiceSpec {
  std::string name;
  ServiceType type = ServiceType::simple;
  ProcessSpec process;
  RestartPolicy restart;
  std::vector<int> success_exit_codes;  // besides 0; 128+n stands for signal n
  EndAction on_success = EndAction::ignore;
  EndAction on_failure = EndAction::shutdown;
  StopPolicy stop;
  std::vector<Dependency> depends_on;
  std::map<std::string, std::string> labels;
  bool operator==(const ServiceSpec&) const = default;
};

// Who of a service gets a signal: its main process, or all of its process group.
enum class SignalScope { process, group };

// What a signal that pid1 receives does.
struct SignalRule {
  enum class Kind { forward, shutdown, ignore };
  Kind kind = Kind::ignore;
  int as = 0;  // forward: this signal instead; 0: the one that came
  // forward: only to these services, each with its signal; empty: to all
  std::vector<std::pair<std::string, int>> only;
  SignalScope scope = SignalScope::process;  // forward
  bool operator==(const SignalRule&) const = default;
};

// Indexed by signal number 1–64.
using SignalRules = std::array<SignalRule, 65>;

// TERM, INT, QUIT, PWR and RTMIN+3 shut down; HUP, USR1, USR2, ALRM and the real-time signals are
// forwarded; the others are job control's, the terminal's or the kernel's own, and ignored.
SignalRules default_signal_rules();

// Whether people mean the container's end by it: the default rule is `shutdown`.
bool asks_for_end(int signo);

// What happens at the end to the processes that no service owns.
struct LeftoverPolicy {
  // Where the services ended by themselves: their own end is waited for first, however long it
  // takes, unless somebody asks for the container's.
  bool awaited = false;
  // Between SIGTERM and SIGKILL, as far as the budget of the shutdown allows. Zero: they get no
  // signal at all, pid1 just ends; but where they are awaited, they get the one that asks for the
  // end, and all the time that they take.
  Duration grace = std::chrono::seconds(1);
  bool operator==(const LeftoverPolicy&) const = default;
};

// What concerns the container as a whole.
struct ContainerSpec {
  std::string name;
  std::optional<Duration> stop_grace_period;  // the budget of the whole shutdown
  std::optional<std::string> exit_code_from;
  SignalRules signals = default_signal_rules();
  LeftoverPolicy leftovers;
  bool stays = false;  // goes on with nothing left to run, until somebody asks for its end
  // That somebody asks for the end before any service has run is no success: 128+n for signal n.
  bool must_start = false;
  bool operator==(const ContainerSpec&) const = default;
};

}  // namespace pid1
