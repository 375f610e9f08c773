#include "config/schema.h"
#include "config/schema_forms.h"

// Mappings inside a service that say how it is watched, and what runs around it.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

constexpr Forms kHttp{{keys_of(sections::http_check)}};
constexpr Forms kTcp{{keys_of(sections::tcp_check)}};
constexpr Forms kRetries{{whole(1, kUnlimited)}};

constexpr Key kHealthcheckKeys[] = {
    {.name = "test",
     .forms = &kTextOrTexts,
     .doc = "A command: a list that begins with `CMD`, or a string, or a list of `CMD-SHELL` and a "
            "string, for `/bin/sh -c`. Exit code 0 is success. It runs as the service does: its "
            "user, environment, directory and limits. `[NONE]` is no check.",
     .merge = Merge::replace},
    {.name = "http", .forms = &kHttp, .doc = "An HTTP request instead; needs no program."},
    {.name = "tcp", .forms = &kTcp, .doc = "A TCP connection instead; needs no program."},
    {.name = "interval",
     .forms = &kDuration,
     .fallback = "30s",
     .doc = "From a start to the first check, and from the end of one to the next."},
    {.name = "timeout",
     .forms = &kDuration,
     .fallback = "30s",
     .doc = "A check that takes longer is killed, and has failed."},
    {.name = "retries",
     .forms = &kRetries,
     .fallback = "3",
     .doc = "So many failures in a row mean unhealthy."},
    {.name = "start_period",
     .forms = &kDuration,
     .fallback = "0s",
     .doc = "Failures in this time after a start don't count, until the first success."},
    {.name = "start_interval",
     .forms = &kDuration,
     .fallback = "5s",
     .doc = "Instead of `interval` within `start_period`."},
    {.name = "disable",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "No check, whatever the rest says."},
};

constexpr Forms kUrl{{text_like("^http(\\+unix)?://")}};
constexpr Forms kHeaders{{kNull, named(kText)}};
constexpr Key kHttpKeys[] = {
    {.name = "url",
     .forms = &kUrl,
     .doc = "`http://host:port/path?query` with a name, an IPv4 address or an IPv6 address in "
            "brackets; of a Unix socket `http+unix://%2Frun%2Fapp.sock/path`, its path with each "
            "`/` as `%2F`."},
    {.name = "headers", .forms = &kHeaders, .doc = "Header fields to send along."},
};

constexpr Forms kPort{{whole(1, 65'535)}};
constexpr Key kTcpKeys[] = {
    {.name = "host", .forms = &kText, .fallback = "127.0.0.1", .doc = "A name or an address."},
    {.name = "port", .forms = &kPort, .doc = "The port; needed."},
};

// Up to what select(2) can wait for, as programs that are told a number may.
constexpr Forms kReadyFd{{whole(3, 1023)}};
constexpr Key kReadinessKeys[] = {
    {.name = "notify",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "It sends `READY=1` to the socket that `NOTIFY_SOCKET` names (sd_notify(3))."},
    {.name = "fd", .forms = &kReadyFd, .doc = "It writes a newline to this descriptor (s6)."},
    {.name = "log",
     .forms = &kText,
     .doc = "A line of its output matches, anywhere in it: a regular expression of "
            "[RE2](https://github.com/google/re2/wiki/Syntax)."},
    {.name = "timeout",
     .forms = &kDuration,
     .fallback = "without limit",
     .doc = "Not being ready so long after the start is a start that failed."},
};

constexpr Key kReloadKeys[] = {
    {.name = "signal", .forms = &kSignal, .doc = "What the service is sent; needed."},
};

constexpr Forms kUser{{text_like("^[^:]+(:[^:]+)?$")}};
constexpr Key kHookKeys[] = {
    {.name = "command",
     .forms = &kTextOrList,
     .doc = "The program and its arguments, as a service's `command`; needed.",
     .merge = Merge::replace},
    {.name = "user", .forms = &kUser, .fallback = "the service's", .doc = "As whom it runs."},
    {.name = "working_dir",
     .forms = &kText,
     .fallback = "the service's",
     .doc = "The directory it starts in: an absolute path."},
    {.name = "environment",
     .forms = &kNamedTexts,
     .doc = "Variables, over the service's.",
     .merge = Merge::by_name},
    {.name = "privileged", .support = refused, .doc = "is set on the container, not inside it"},
};

}  // namespace

constinit const Section sections::healthcheck{
    .title = "healthcheck",
    .doc = "How to find out whether the service works: by one of `test`, `http` and `tcp`.",
    .keys = kHealthcheckKeys,
    .alternatives = "test|http|tcp",
};
constinit const Section sections::http_check{
    .title = "healthcheck.http",
    .doc = "An answer of 200–399 is a success; a redirection is not followed.",
    .keys = kHttpKeys,
};
constinit const Section sections::tcp_check{
    .title = "healthcheck.tcp", .doc = "A connection is a success.", .keys = kTcpKeys};
constinit const Section sections::readiness{
    .title = "readiness",
    .doc = "`notify`, `none`, or one of `notify`, `fd` and `log` with a `timeout`.",
    .keys = kReadinessKeys,
    .alternatives = "notify|fd|log",
};
constinit const Section sections::reload{
    .title = "reload", .doc = "A command as a string or list, or:", .keys = kReloadKeys};
constinit const Section sections::hook{
    .title = "Hooks",
    .doc =
        "An item of `pre_start`, `post_start`, `pre_stop` and `post_stop`. It runs as the "
        "service does, but for what it says itself.",
    .keys = kHookKeys,
};

}  // namespace pid1::config
