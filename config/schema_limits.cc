#include "config/schema.h"
#include "config/schema_forms.h"

// Mappings inside a service that say how much it may use.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

constexpr Forms kLimitValue{{whole(-1, INT64_MAX), keys_of(sections::limit)}};
constexpr Key limit(std::string_view name, std::string_view doc) {
  return {.name = name, .forms = &kLimitValue, .doc = doc};
}

// setrlimit(2).
constexpr Key kUlimitKeys[] = {
    limit("as", "Address space, in bytes."),
    limit("core", "Size of a core file, in bytes."),
    limit("cpu", "Processor time, in seconds."),
    limit("data", "Data segment, in bytes."),
    limit("fsize", "Size of a file, in bytes."),
    limit("locks", "File locks; of no effect since Linux 2.6."),
    limit("memlock", "Locked memory, in bytes."),
    limit("msgqueue", "POSIX message queues of the user, in bytes."),
    limit("nice", "How far nice may be lowered: to 20 less this."),
    limit("nofile", "Open files."),
    limit("nproc", "Processes and threads of the user."),
    limit("rss", "Resident memory; of no effect since Linux 2.6."),
    limit("rtprio", "Real-time priority."),
    limit("rttime", "Real-time processor time without a pause, in microseconds."),
    limit("sigpending", "Queued signals of the user."),
    limit("stack", "Stack, in bytes."),
};

constexpr Forms kLimit{{whole(-1, INT64_MAX)}};
constexpr Key kLimitKeys[] = {
    {.name = "soft", .forms = &kLimit, .doc = "What holds; -1 is unlimited. Needed."},
    {.name = "hard", .forms = &kLimit, .doc = "What it may be raised to; -1 is unlimited. Needed."},
};

constexpr Forms kResourceLimits{{kNull, keys_of(sections::resource_limits)}};
constexpr Forms kReservations{{kNull, keys_of(sections::resource_reservations)}};
constexpr Key kResourcesKeys[] = {
    {.name = "limits", .forms = &kResourceLimits, .doc = "What it may not exceed."},
    {.name = "reservations", .forms = &kReservations, .doc = "What it is to have."},
};

constexpr Key kResourceLimitsKeys[] = {
    {.name = "cpus", .forms = &kProcessors, .doc = "The same as `cpus`."},
    {.name = "memory", .forms = &kBytes, .doc = "The same as `mem_limit`."},
    {.name = "pids", .forms = &kProcesses, .doc = "The same as `pids_limit`."},
};

constexpr Key kReservationsKeys[] = {
    {.name = "memory", .forms = &kBytes, .doc = "The same as `mem_reservation`."},
    {.name = "cpus", .support = ignored, .doc = "For a cluster."},
    {.name = "generic_resources", .support = ignored, .doc = "For a cluster."},
    {.name = "devices", .support = refused, .doc = "is set on the container, not inside it"},
};

}  // namespace

constinit const Section sections::ulimits{
    .title = "ulimits",
    .doc =
        "Resource limits (setrlimit(2)), each a number for both, or `soft` and `hard`; -1 is "
        "unlimited.",
    .keys = kUlimitKeys,
};
constinit const Section sections::limit{
    .title = "A limit", .doc = "The long form of a limit of `ulimits`.", .keys = kLimitKeys};
constinit const Section sections::resources{
    .title = "deploy.resources",
    .doc = "Compose's long form of limits in a cgroup.",
    .keys = kResourcesKeys,
};
constinit const Section sections::resource_limits{
    .title = "deploy.resources.limits", .doc = "Limits.", .keys = kResourceLimitsKeys};
constinit const Section sections::resource_reservations{
    .title = "deploy.resources.reservations",
    .doc = "What is kept for the service.",
    .keys = kReservationsKeys,
};

}  // namespace pid1::config
