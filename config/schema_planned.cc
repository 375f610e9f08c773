#include "config/schema.h"
#include "config/schema_forms.h"

// Mappings inside keys of a service that don't work yet.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

constexpr Forms kHttp{{keys_of(sections::http_check)}};
constexpr Forms kTcp{{keys_of(sections::tcp_check)}};
constexpr Forms kPort{{whole(1, 65'535)}};
constexpr Key kHealthcheckKeys[] = {
    {.name = "test",
     .support = planned,
     .forms = &kTextOrTexts,
     .doc = "A shell command, or a list that begins with NONE, CMD or CMD-SHELL.",
     .merge = Merge::replace},
    {.name = "http", .support = planned, .forms = &kHttp, .doc = "An HTTP request instead."},
    {.name = "tcp", .support = planned, .forms = &kTcp, .doc = "A TCP connection instead."},
    {.name = "interval",
     .support = planned,
     .forms = &kDuration,
     .fallback = "30s",
     .doc = "Between two checks."},
    {.name = "timeout",
     .support = planned,
     .forms = &kDuration,
     .fallback = "30s",
     .doc = "A check that takes longer has failed."},
    {.name = "retries",
     .support = planned,
     .forms = &kNumber,
     .fallback = "3",
     .doc = "So many failures in a row mean unhealthy."},
    {.name = "start_period",
     .support = planned,
     .forms = &kDuration,
     .fallback = "0s",
     .doc = "Failures in this time don't count."},
    {.name = "start_interval",
     .support = planned,
     .forms = &kDuration,
     .fallback = "5s",
     .doc = "Between two checks within `start_period`."},
    {.name = "disable",
     .support = planned,
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "No check."},
};

constexpr Key kHttpKeys[] = {
    {.name = "url", .support = planned, .forms = &kText, .doc = "What to get."},
    {.name = "headers", .support = planned, .forms = &kNamedTexts, .doc = "To send along."},
};

constexpr Key kTcpKeys[] = {
    {.name = "host", .support = planned, .forms = &kText, .fallback = "127.0.0.1", .doc = "Where."},
    {.name = "port", .support = planned, .forms = &kPort, .doc = "Where."},
};

constexpr Key kReadinessKeys[] = {
    {.name = "fd",
     .support = planned,
     .forms = &kNumber,
     .doc = "A line comes on this descriptor."},
    {.name = "log", .support = planned, .forms = &kText, .doc = "A line of its output matches."},
    {.name = "timeout", .support = planned, .forms = &kDuration, .doc = "Later is a failed start."},
};

constexpr Key kReloadKeys[] = {
    {.name = "signal", .support = planned, .forms = &kSignal, .doc = "What the service is sent."},
};

constexpr Key kHookKeys[] = {
    {.name = "command", .support = planned, .forms = &kTextOrTexts, .doc = "What runs."},
    {.name = "user", .support = planned, .forms = &kText, .doc = "As whom."},
    {.name = "working_dir", .support = planned, .forms = &kText, .doc = "Where."},
    {.name = "environment", .support = planned, .forms = &kNamedTexts, .doc = "Further variables."},
};

constexpr Forms kDriver{{one_of("stdout|file|syslog|none")}};
constexpr Forms kOptions{{keys_of(sections::logging_options)}};
constexpr Key kLoggingKeys[] = {
    {.name = "driver", .support = planned, .forms = &kDriver, .doc = "Where to."},
    {.name = "options", .support = planned, .forms = &kOptions, .doc = "How."},
};

constexpr Forms kLogFormat{{one_of("prefix|json|raw|inherit")}};
constexpr Forms kLogMode{{one_of("blocking|non-blocking")}};
constexpr Key kLoggingOptionsKeys[] = {
    {.name = "path", .support = planned, .forms = &kText, .doc = "The file."},
    {.name = "max-size", .support = planned, .forms = &kText, .doc = "A larger file is rotated."},
    {.name = "max-file", .support = planned, .forms = &kNumber, .doc = "How many files to keep."},
    {.name = "compress", .support = planned, .forms = &kBoolean, .doc = "The rotated ones."},
    {.name = "tag", .support = planned, .forms = &kText, .doc = "Instead of the service's name."},
    {.name = "format", .support = planned, .forms = &kLogFormat, .doc = "What a line looks like."},
    {.name = "mode",
     .support = planned,
     .forms = &kLogMode,
     .fallback = "blocking",
     .doc = "What happens when the reader is slow."},
    {.name = "max-buffer-size", .support = planned, .forms = &kText, .doc = "For non-blocking."},
};

constexpr Forms kLimitValue{{whole(-1, INT64_MAX), keys_of(sections::limit)}};
constexpr auto kUlimitKeys =
    keys_named({"core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile",
                "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"},
               planned, "See setrlimit(2).", &kLimitValue);

constexpr Forms kLimit{{whole(-1, INT64_MAX)}};
constexpr Key kLimitKeys[] = {
    {.name = "soft", .support = planned, .forms = &kLimit, .doc = "What holds; -1 is unlimited."},
    {.name = "hard", .support = planned, .forms = &kLimit, .doc = "What it may be raised to."},
};

constexpr Key kMountKeys[] = {
    {.name = "source", .support = planned, .forms = &kText, .doc = "Its name at the top level."},
    {.name = "target", .support = planned, .forms = &kText, .doc = "Where the service finds it."},
    {.name = "uid", .support = planned, .forms = &kText, .doc = "Its owner."},
    {.name = "gid", .support = planned, .forms = &kText, .doc = "Its group."},
    {.name = "mode", .support = planned, .forms = &kOctal, .fallback = "0444", .doc = "Its mode."},
};

constexpr Forms kConcurrency{{one_of("Allow|Forbid|Replace")}};
constexpr Key kScheduleKeys[] = {
    {.name = "cron",
     .support = planned,
     .forms = &kText,
     .doc = "Five fields, or @daily and such."},
    {.name = "time_zone", .support = planned, .forms = &kText, .doc = "Whose clock."},
    {.name = "concurrency_policy",
     .support = planned,
     .forms = &kConcurrency,
     .doc = "What if the last run isn't over."},
    {.name = "starting_deadline",
     .support = planned,
     .forms = &kDuration,
     .doc = "A run that is later than this is left out."},
};

constexpr Key kSocketKeys[] = {
    {.name = "listen", .support = planned, .forms = &kText, .doc = "An address or a path."},
    {.name = "name", .support = planned, .forms = &kText, .doc = "For LISTEN_FDNAMES."},
    {.name = "mode", .support = planned, .forms = &kOctal, .doc = "Of a path."},
};

}  // namespace

constinit const Section sections::healthcheck{
    .title = "healthcheck", .doc = "Whether a service works.", .keys = kHealthcheckKeys};
constinit const Section sections::http_check{
    .title = "healthcheck.http", .doc = "An answer of 200–399 is a success.", .keys = kHttpKeys};
constinit const Section sections::tcp_check{
    .title = "healthcheck.tcp", .doc = "A connection is a success.", .keys = kTcpKeys};
constinit const Section sections::readiness{
    .title = "readiness", .doc = "`notify` (sd_notify), or:", .keys = kReadinessKeys};
constinit const Section sections::reload{
    .title = "reload", .doc = "A command, or:", .keys = kReloadKeys};
constinit const Section sections::hook{
    .title = "Hooks",
    .doc = "An item of `pre_start`, `post_start`, `pre_stop` and `post_stop`.",
    .keys = kHookKeys};
constinit const Section sections::logging{
    .title = "logging", .doc = "A service's output.", .keys = kLoggingKeys};
constinit const Section sections::logging_options{
    .title = "logging.options", .doc = "Named as Docker does.", .keys = kLoggingOptionsKeys};
constinit const Section sections::ulimits{
    .title = "ulimits", .doc = "Each a number, or `soft` and `hard`.", .keys = kUlimitKeys};
constinit const Section sections::limit{
    .title = "A limit", .doc = "The long form of a limit.", .keys = kLimitKeys};
constinit const Section sections::mount{
    .title = "secrets and configs", .doc = "A name, or:", .keys = kMountKeys};
constinit const Section sections::schedule{
    .title = "schedule", .doc = "A cron expression, or:", .keys = kScheduleKeys};
constinit const Section sections::socket{
    .title = "sockets", .doc = "A socket that pid1 listens on.", .keys = kSocketKeys};

}  // namespace pid1::config
