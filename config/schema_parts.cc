#include "config/schema.h"
#include "config/schema_forms.h"

// The top level, and the mappings inside a service.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

constexpr std::string_view kServiceName = "^[a-zA-Z0-9._-]+$";

constexpr Forms kService{{keys_of(sections::service)}};
constexpr Forms kServices{{named(kService)}};
constexpr Forms kContainer{{keys_of(sections::container)}};
constexpr Forms kInclude{{kAnyText, keys_of(sections::include)}};
constexpr Forms kIncludes{{kNull, list_of(kInclude)}};
constexpr Forms kProjectName{{text_like("^[a-z0-9][a-z0-9_-]*$")}};

constexpr Key kRootKeys[] = {
    {.name = "services",
     .forms = &kServices,
     .doc = "The services by name; a name consists of letters, digits, `.`, `_` and `-`."},
    {.name = "name",
     .forms = &kProjectName,
     .doc = "A name for the whole: lower-case letters, digits, `-` and `_`."},
    {.name = "include",
     .forms = &kIncludes,
     .doc = "Further files whose services are added. A service may be defined only once."},
    {.name = "pid1", .forms = &kContainer, .doc = "What concerns the container as a whole."},
    {.name = "secrets", .support = planned, .doc = "Secrets that services may be given."},
    {.name = "configs", .support = planned, .doc = "Files that services may be given."},
    {.name = "version", .support = ignored, .doc = "Compose's old format version."},
    {.name = "models", .support = refused, .doc = "is set on the container, not inside it"},
    {.name = "networks", .support = refused, .doc = "is set on the container, not inside it"},
    {.name = "volumes", .support = refused, .doc = "is set on the container, not inside it"},
};

constexpr Key kIncludeKeys[] = {
    {.name = "path", .forms = &kText, .doc = "The file, relative to the one that includes it."},
    {.name = "project_directory", .support = planned, .doc = "What its paths are relative to."},
    {.name = "env_file", .support = planned, .doc = "Variables for its interpolation."},
};

constexpr Forms kSignalRule{{kAnyText, named(kSignal)}};
constexpr Forms kSignalRules{{kNull, named(kSignalRule)}};

constexpr Forms kOwnLog{{keys_of(sections::container_log)}};

constexpr Key kContainerKeys[] = {
    {.name = "stop_grace_period",
     .forms = &kDuration,
     .fallback =
         "9s, or a second more than the longest chain of the services' own `stop_grace_period`",
     .doc = "How long the whole shutdown may take. Keep it under the engine's (`docker stop -t`)."},
    {.name = "exit_code_from",
     .forms = &kText,
     .doc = "The container ends when this service does, and with its exit code."},
    {.name = "signals",
     .forms = &kSignalRules,
     .fallback = "TERM, INT, QUIT, PWR and RTMIN+3 shut down; HUP, USR1, USR2, ALRM and the "
                 "other real-time ones are forwarded",
     .doc = "What pid1 does with a signal that it receives: `shutdown`, `forward`, `ignore`, "
            "`reload` (of all services that have a `reload`), `reopen` (of the log files, for who "
            "has moved them away), the name of the signal that services get instead, or a mapping "
            "from services to signals."},
    {.name = "log",
     .forms = &kOwnLog,
     .doc = "How pid1's own messages go, and the default for the services' output."},
    {.name = "log_memory",
     .forms = &kBytes,
     .fallback = "8m",
     .doc = "How much of the services' last lines is remembered, at most 64k of each; 0 for none."},
    {.name = "syslog",
     .forms = &kText,
     .doc = "A path on which pid1 takes messages of syslog, such as /dev/log; each goes where the "
            "output of the service goes whose process has sent it."},
};

constexpr Forms kFormat{{one_of("raw")}};
constexpr Key kEnvFileKeys[] = {
    {.name = "path", .forms = &kText, .doc = "The file."},
    {.name = "required",
     .forms = &kBoolean,
     .fallback = "true",
     .doc = "Whether it is an error if the file doesn't exist."},
    {.name = "format",
     .forms = &kFormat,
     .doc = "`raw` takes each `NAME=VALUE` line as it stands, without quotes or variables."},
};

constexpr Forms kCondition{
    {one_of("service_started|service_healthy|service_completed_successfully")}};
constexpr Key kDependencyKeys[] = {
    {.name = "condition",
     .forms = &kCondition,
     .fallback = "service_started",
     .doc = "What to wait for: that it was started; that it is ready and healthy, as far as it "
            "has a `readiness` and a `healthcheck`; or that it ended with success."},
    {.name = "restart",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "Whether to restart when a person restarts the service depended on."},
    {.name = "required",
     .forms = &kBoolean,
     .fallback = "true",
     .doc = "Whether it is an error if that service isn't there, or off."},
};

constexpr Forms kRestartCondition{{one_of("no|none|on-failure|always|any|unless-stopped")}};
constexpr Key kRestartKeys[] = {
    {.name = "condition",
     .forms = &kRestartCondition,
     .fallback = "on-failure; under `deploy` any",
     .doc = "`none` is the same as `no`, `any` and `unless-stopped` the same as `always`."},
    {.name = "max_attempts",
     .forms = &kNumber,
     .fallback = "0: without limit",
     .doc = "More restarts than this within `window` are a final failure. The pauses before "
            "restarts are not counted into the window."},
    {.name = "delay",
     .forms = &kDuration,
     .fallback = "100ms",
     .doc = "The wait before a restart of a service that ran for less than a second; doubles each "
            "time."},
    {.name = "max_delay", .forms = &kDuration, .fallback = "1m", .doc = "What it doubles up to."},
    {.name = "window", .forms = &kDuration, .fallback = "1m", .doc = "See `max_attempts`."},
};

constexpr Forms kRestartPolicy{{keys_of(sections::restart)}};
constexpr Forms kResources{{kNull, keys_of(sections::resources)}};
constexpr Key kDeployKeys[] = {
    {.name = "replicas", .forms = &kCount, .doc = "The same as `scale`."},
    {.name = "restart_policy",
     .forms = &kRestartPolicy,
     .doc = "The same as the long form of `restart`."},
    {.name = "resources",
     .forms = &kResources,
     .doc = "Limits in a cgroup; what a service's own keys say too must be the same there."},
    {.name = "endpoint_mode", .support = ignored, .doc = "For a cluster."},
    {.name = "labels", .support = ignored, .doc = "For a cluster."},
    {.name = "mode", .support = ignored, .doc = "For a cluster."},
    {.name = "placement", .support = ignored, .doc = "For a cluster."},
    {.name = "rollback_config", .support = ignored, .doc = "For a cluster."},
    {.name = "update_config", .support = ignored, .doc = "For a cluster."},
};

constexpr Key kExtendsKeys[] = {
    {.name = "service", .forms = &kText, .doc = "The service to take over from."},
    {.name = "file",
     .forms = &kText,
     .fallback = "this one",
     .doc = "The file it is in, relative to the one that names it."},
};

}  // namespace

constinit const Section sections::root{
    .title = "Top level",
    .doc =
        "A file is a mapping with these keys. Keys that begin with `x-` are never read, here and "
        "in every mapping below.",
    .keys = kRootKeys,
};
constinit const Section sections::include{
    .title = "include", .doc = "An item of `include` is a path, or:", .keys = kIncludeKeys};
constinit const Section sections::container{
    .title = "pid1",
    .doc = "The block `pid1` at the top level, which Compose doesn't have.",
    .keys = kContainerKeys,
};
constinit const Section sections::env_file{
    .title = "env_file", .doc = "An item of `env_file` is a path, or:", .keys = kEnvFileKeys};
constinit const Section sections::dependency{
    .title = "depends_on",
    .doc = "What a name of `depends_on` is mapped to.",
    .keys = kDependencyKeys,
};
constinit const Section sections::restart{
    .title = "restart",
    .doc = "The long form of `restart`, and `deploy.restart_policy`.",
    .keys = kRestartKeys,
};
constinit const Section sections::deploy{
    .title = "deploy", .doc = "What isn't for a cluster alone.", .keys = kDeployKeys};
constinit const Section sections::extends{
    .title = "extends",
    .doc = "A service's name, or:",
    .keys = kExtendsKeys,
};

}  // namespace pid1::config
