#include <array>

#include "config/schema.h"
#include "config/schema_forms.h"
#include "config/schema_service_life.h"
#include "config/schema_service_limits.h"

// The keys of a service that pid1 has a meaning for, now or later.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

constexpr Forms kUser{{text_like("^[^:]+(:[^:]+)?$")}};
constexpr Forms kEnvFileItem{{kAnyText, keys_of(sections::env_file)}};
constexpr Forms kEnvFiles{{kNull, kAnyText, list_of(kEnvFileItem)}};
constexpr Forms kDependency{{keys_of(sections::dependency)}};
constexpr Forms kDependencies{{kNull, named(kDependency), list_of(kText)}};
constexpr Forms kType{{one_of("simple|oneshot")}};
constexpr Forms kRestart{
    {text_like("^(no|always|unless-stopped|on-failure(:[0-9]+)?)$"), keys_of(sections::restart)}};
constexpr Forms kKillMode{{one_of("process|mixed|group")}};
constexpr Forms kExitCode{{whole(0, 255)}};
constexpr Forms kExitCodes{{kNull, list_of(kExitCode)}};
constexpr Forms kProfile{{text_like("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")}};
constexpr Forms kProfiles{{kNull, list_of(kProfile)}};
constexpr Forms kDeploy{{keys_of(sections::deploy)}};
constexpr Forms kExtends{{kAnyText, keys_of(sections::extends)}};
constexpr Forms kLogging{{keys_of(sections::logging)}};
constexpr Forms kMount{{kAnyText, keys_of(sections::mount)}};
constexpr Forms kMounts{{list_of(kMount)}};
constexpr Forms kSocket{{keys_of(sections::socket)}};
constexpr Forms kSockets{{list_of(kSocket)}};
constexpr Forms kSchedule{{kAnyText, keys_of(sections::schedule)}};

constexpr auto kOwnKeys = std::to_array<Key>({
    {.name = "command",
     .forms = &kTextOrTexts,
     .doc = "The program and its arguments; needed unless `entrypoint` is given. A string is "
            "split like a shell's words, and no shell runs.",
     .merge = Merge::replace},
    {.name = "entrypoint",
     .forms = &kTextOrTexts,
     .doc = "Stands before `command`: what runs is `entrypoint` followed by `command`.",
     .merge = Merge::replace},
    {.name = "environment",
     .forms = &kNamedTexts,
     .doc = "Variables, as a mapping or as a list of `NAME=VALUE`. A name without a value is "
            "passed on from pid1's own environment, and unset where pid1 has none. Wins over "
            "`env_file`; what neither names comes from pid1's own environment.",
     .merge = Merge::by_name},
    {.name = "env_file",
     .forms = &kEnvFiles,
     .doc = "Files of `NAME=VALUE` lines; a later file wins over an earlier one. Paths are "
            "relative to the file that names them."},
    {.name = "working_dir",
     .forms = &kText,
     .fallback = "pid1's own",
     .doc = "The directory the program starts in: an absolute path."},
    {.name = "user",
     .forms = &kUser,
     .fallback = "pid1's own",
     .doc = "`user`, `uid`, `user:group`, `uid:gid` or mixed. Numbers are never looked up as "
            "names. Without a group, the user's own and supplementary groups hold."},
    {.name = "group_add", .forms = &kTexts, .doc = "Further groups, by name or number."},
    {.name = "umask",
     .forms = &kOctal,
     .fallback = "pid1's own",
     .doc = "The file mode creation mask, octal."},
    {.name = "depends_on",
     .forms = &kDependencies,
     .doc = "The services that come first: a list of names, or a mapping from names. What a "
            "service depends on is stopped after it.",
     .merge = Merge::by_name},
    {.name = "type",
     .forms = &kType,
     .fallback = "simple",
     .doc =
         "`simple` runs until it is stopped; `oneshot` is meant to end by itself, with success."},
    {.name = "restart",
     .forms = &kRestart,
     .fallback = "on-failure, at most 5 times within 1m",
     .doc = "When the service is started again after it ended by itself. `on-failure` without a "
            "number and `always` have no limit; `unless-stopped` is the same as `always`."},
    {.name = "stop_signal",
     .forms = &kSignal,
     .fallback = "SIGTERM",
     .doc = "What a stop begins with: a name, with or without SIG, or a number."},
    {.name = "stop_grace_period",
     .forms = &kDuration,
     .fallback = "10s",
     .doc = "How long a stop waits before SIGKILL."},
    {.name = "kill_mode",
     .forms = &kKillMode,
     .fallback = "mixed",
     .doc = "`process`: stop signal and SIGKILL to the main process alone; `mixed`: stop signal "
            "to the main process, SIGKILL to all of its group; `group`: both to all of the group."},
    {.name = "success_exit_codes",
     .forms = &kExitCodes,
     .fallback = "0",
     .doc = "Exit codes that count as success besides 0; 128+n stands for an end by signal n."},
    {.name = "on_success",
     .forms = &kEndAction,
     .fallback = "ignore",
     .doc = "What follows when the service ended with success and is not restarted: nothing, a "
            "start, or the shutdown of the container."},
    {.name = "on_failure",
     .forms = &kEndAction,
     .fallback = "shutdown",
     .doc = "What follows when the service failed and is not restarted; the container's exit code "
            "is then the service's."},
    {.name = "profiles",
     .forms = &kProfiles,
     .fallback = "always on",
     .doc = "The service runs only where one of these is on (environment variable "
            "`PID1_PROFILES`, names separated by commas; `*` is all)."},
    {.name = "scale",
     .forms = &kCount,
     .fallback = "one, under the service's own name",
     .doc = "How many instances run, named `worker-1`, `worker-2`, …; each finds its number in "
            "`PID1_REPLICA`. A dependency on the service is one on all of them."},
    {.name = "deploy", .forms = &kDeploy, .doc = "Compose's block for replicas and restarts."},
    {.name = "labels",
     .forms = &kNamedTexts,
     .doc = "Names and values shown in the status.",
     .merge = Merge::by_name},
    {.name = "extends",
     .forms = &kExtends,
     .doc = "Takes over another service's keys, of this file or another one."},
    {.name = "init",
     .support = accepted,
     .forms = &kBoolean,
     .doc = "Whether an init runs in the container: pid1 is it."},
});

constexpr auto kOutputKeys = std::to_array<Key>({
    {.name = "logging",
     .forms = &kLogging,
     .doc = "Where the service's output goes, and what a line looks like there.",
     .merge = Merge::by_driver},
    {.name = "attach",
     .forms = &kBoolean,
     .fallback = "true",
     .doc = "Whether what would go to the console is shown there."},
});

constexpr auto kLaterKeys = std::to_array<Key>({
    {.name = "secrets",
     .support = planned,
     .forms = &kMounts,
     .doc = "Secrets to give to the service."},
    {.name = "configs",
     .support = planned,
     .forms = &kMounts,
     .doc = "Files to give to the service."},
    {.name = "sockets",
     .support = planned,
     .forms = &kSockets,
     .doc = "Listening sockets to hand over."},
    {.name = "schedule",
     .support = planned,
     .forms = &kSchedule,
     .doc = "When to run, as cron has it."},
    {.name = "develop", .support = ignored, .doc = "Rules for development outside the container."},
});

constexpr auto kKeys =
    join(kOwnKeys, kLifeKeys, kLimitKeys, kOutputKeys, kLaterKeys,
         keys_named({"cpu_rt_period", "cpu_rt_runtime", "mem_swappiness", "oom_kill_disable"},
                    refused, "has no counterpart in cgroup v2", nullptr, "take it out"),
         keys_named({"cpu_count", "cpu_percent"}, refused, "is for containers of Windows", nullptr,
                    "write `cpus`, or `cpuset`"),
         keys_named({"blkio_config"}, refused, "is about devices, which are the container's"),
         keys_named({"annotations", "container_name", "expose", "label_file"}, ignored,
                    "Metadata for tools outside the container."),
         keys_named({"build", "image", "platform", "pull_policy", "pull_refresh_after"}, refused,
                    "is the image's: pid1 runs inside it"),
         keys_named({"cgroup",
                     "cgroup_parent",
                     "credential_spec",
                     "device_cgroup_rules",
                     "devices",
                     "dns",
                     "dns_opt",
                     "dns_search",
                     "domainname",
                     "external_links",
                     "extra_hosts",
                     "gpus",
                     "hostname",
                     "ipc",
                     "isolation",
                     "links",
                     "mac_address",
                     "models",
                     "network_mode",
                     "networks",
                     "pid",
                     "ports",
                     "privileged",
                     "provider",
                     "read_only",
                     "runtime",
                     "shm_size",
                     "storage_opt",
                     "sysctls",
                     "tmpfs",
                     "use_api_socket",
                     "userns_mode",
                     "uts",
                     "volumes",
                     "volumes_from"},
                    refused, "is set on the container, not inside it"));

}  // namespace

constinit const Section sections::service{
    .title = "A service",
    .doc = "What `services` holds under each service's name.",
    .keys = kKeys,
};

}  // namespace pid1::config
