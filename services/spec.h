#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "services/logging.h"

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

// What a dependent waits for: that the service was launched, that it is ready and healthy as far as
// it says so, or that it ended with success.
enum class Condition { started, healthy, completed };

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

// The resources of setrlimit(2).
enum class LimitedResource {
  address_space,
  core,
  cpu,
  data,
  fsize,
  locks,
  memlock,
  msgqueue,
  nice,
  nofile,
  nproc,
  rss,
  rtprio,
  rttime,
  sigpending,
  stack,
};

struct ResourceLimit {
  LimitedResource resource = LimitedResource::core;
  std::uint64_t soft = 0;  // the maximum stands for no limit (RLIM_INFINITY)
  std::uint64_t hard = 0;  // likewise; at least `soft`
  bool operator==(const ResourceLimit&) const = default;
};

// Bit n is the capability with the number n (capabilities(7)); all bits are set for ALL.
using CapabilitySet = std::uint64_t;

// What becomes of pid1's own privileges: its capabilities less `drop`, and of them `add`, which a
// user other than root gets in its ambient set.
struct Privileges {
  CapabilitySet add = 0;
  CapabilitySet drop = 0;
  bool no_new = false;  // PR_SET_NO_NEW_PRIVS
  bool operator==(const Privileges&) const = default;
};

// How a process is started: a service's main one, a hook, a probe.
struct ProcessSpec {
  std::vector<std::string> argv;  // never empty
  std::vector<EnvironmentChange> environment;
  std::optional<std::string> working_dir;
  std::optional<UserSpec> user;
  std::vector<std::string> group_add;
  std::optional<std::uint32_t> umask;
  std::vector<ResourceLimit> limits;  // one a resource
  std::optional<int> oom_score_adj;   // -1000–1000
  std::optional<int> nice;            // -20–19
  std::vector<std::uint32_t> cpus;    // may run on these only, ascending; empty: as pid1 itself
  Privileges privileges;
  bool operator==(const ProcessSpec&) const = default;
};

// Commands around a service's main process, one after the other, each in order.
enum class HookPoint {
  pre_start,   // before each start; one that fails is a start that failed
  post_start,  // once the main process runs; one that fails makes the service fail
  pre_stop,    // before the stop signal
  post_stop,   // after each end
};

std::string_view name_of(HookPoint point);

struct Hooks {
  std::vector<ProcessSpec> pre_start;
  std::vector<ProcessSpec> post_start;
  std::vector<ProcessSpec> pre_stop;
  std::vector<ProcessSpec> post_stop;

  const std::vector<ProcessSpec>& at(HookPoint point) const;
  bool operator==(const Hooks&) const = default;
};

// How a service says that it is ready.
struct Readiness {
  enum class Kind {
    none,    // it is as soon as it runs
    notify,  // READY=1 (sd_notify(3))
    fd,      // a newline on a descriptor (s6's notification-fd)
    log,     // a line of its output matches
  };
  Kind kind = Kind::none;
  int fd = 0;           // fd: 3 or higher
  std::string pattern;  // log: RE2 syntax, found anywhere in the line
  // From the start of the main process; then the start has failed. None: without limit.
  std::optional<Duration> timeout;
  bool operator==(const Readiness&) const = default;
};

struct HttpProbe {
  std::string host;         // a name or an address, without brackets; empty: `unix_socket`
  std::uint16_t port = 80;  // 1–65535
  std::string unix_socket;  // a path, or empty
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  bool operator==(const HttpProbe&) const = default;
};

struct TcpProbe {
  std::string host = "127.0.0.1";  // a name or an address, without brackets
  std::uint16_t port = 0;          // 1–65535
  bool operator==(const TcpProbe&) const = default;
};

// Docker's HEALTHCHECK: the first probe comes after one interval, the next ones an interval after
// the end of the one before. Failures within `start_period` don't count before the first success.
struct HealthCheck {
  std::variant<ProcessSpec, HttpProbe, TcpProbe> probe;
  Duration interval = std::chrono::seconds(30);
  Duration timeout = std::chrono::seconds(30);  // a probe that takes longer has failed
  std::uint32_t retries = 3;                    // failures in a row that make it unhealthy; from 1
  Duration start_period{};
  Duration start_interval = std::chrono::seconds(5);  // instead of `interval` in `start_period`
  bool operator==(const HealthCheck&) const = default;
};

// How a service is made to read its configuration again: by one of the two, or not at all.
struct Reload {
  int signal = 0;  // 0: none
  std::optional<ProcessSpec> command;
  bool operator==(const Reload&) const = default;
};

// One file of cgroup v2 and what is written to it, such as `memory.max`.
struct CgroupSetting {
  std::string file;
  std::string value;
  bool operator==(const CgroupSetting&) const = default;
};

// What becomes of a service's processes that left its group (daemons), when it stops.
enum class OrphanPolicy { kill, adopt };

// What a service reads from.
enum class Input {
  nothing,   // /dev/null
  own,       // pid1's standard input
  terminal,  // the same, and it is the service's controlling terminal
};

struct ServiceSpec {
  std::string name;
  std::uint32_t replica = 0;  // 1-based; 0: the only one
  ServiceType type = ServiceType::simple;
  ProcessSpec process;
  RestartPolicy restart;
  std::vector<int> success_exit_codes;  // besides 0; 128+n stands for signal n
  EndAction on_success = EndAction::ignore;
  EndAction on_failure = EndAction::shutdown;
  std::optional<EndAction> on_oom;  // where the kernel ran out of memory; none: as on_failure
  EndAction on_unhealthy = EndAction::ignore;
  StopPolicy stop;
  Hooks hooks;
  Readiness readiness;
  std::optional<HealthCheck> health;
  std::optional<Duration> watchdog;     // the longest silence once it is ready (WatchdogSec)
  std::optional<Duration> max_runtime;  // stopped after this long, which is a failure
  Reload reload;
  OrphanPolicy orphans = OrphanPolicy::kill;
  Input input = Input::nothing;
  Logging logging;
  std::vector<CgroupSetting> cgroup;
  std::vector<Dependency> depends_on;
  std::map<std::string, std::string> labels;
  bool operator==(const ServiceSpec&) const = default;
};

// Who of a service gets a signal: its main process, or all of its process group.
enum class SignalScope { process, group };

// What a signal that pid1 receives does.
struct SignalRule {
  enum class Kind {
    forward,
    shutdown,
    ignore,
    reload,
    reopen,  // log files are closed and opened again, for who has moved them away
  };
  Kind kind = Kind::ignore;
  int as = 0;  // forward: this signal instead; 0: the one that came
  // forward: only to these services, each with its signal; empty: to all
  std::vector<std::pair<std::string, int>> only;
  SignalScope scope = SignalScope::process;  // forward
  bool operator==(const SignalRule&) const = default;
};

// Indexed by signal number 1–64.
using SignalRules = std::array<SignalRule, 65>;

// Whether the services, or the container's life, have to do with it.
inline bool concerns_services(const SignalRule& rule) {
  return rule.kind != SignalRule::Kind::ignore && rule.kind != SignalRule::Kind::reopen;
}

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
  Logging log;         // of pid1's own messages
  std::optional<Verbosity> verbosity;                 // of those
  std::uint64_t log_memory = std::uint64_t{8} << 20;  // bytes of the last lines of all services
  std::string syslog;  // a path on which pid1 takes messages as syslogd does; empty: none
  // That somebody asks for the end before any service has run is no success: 128+n for signal n.
  bool must_start = false;
  bool operator==(const ContainerSpec&) const = default;
};

}  // namespace pid1
