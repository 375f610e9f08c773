#include "config/schema.h"
#include "config/schema_forms.h"

// Where output goes: a service's `logging`, and `pid1.log`.
namespace pid1::config {

namespace {

using namespace forms;

constexpr Forms kDriver{{text_like("^(stdout|file|syslog|none|inherit)$")}};
constexpr Forms kOptions{{keys_of(sections::logging_options)}};
constexpr Forms kLogFormat{{one_of("prefix|json|raw")}};
constexpr Forms kLogMode{{one_of("blocking|non-blocking")}};
constexpr Forms kFiles{{whole(1, 1000)}};
constexpr Forms kLevel{{one_of("debug|info|warning|error")}};

constexpr std::string_view kDriverDoc =
    "`stdout`: pid1's own standard output and error; `file`; `syslog`; `none`: nowhere, the last "
    "lines are remembered all the same; `inherit`: pid1's own descriptors, which pid1 then sees "
    "nothing of.";

constexpr Key kLoggingKeys[] = {
    {.name = "driver",
     .forms = &kDriver,
     .fallback = "`inherit` with `tty` or `stdin_open`, else that of `pid1.log`",
     .doc = kDriverDoc,
     .merge = Merge::replace},
    {.name = "options", .forms = &kOptions, .doc = "How."},
};

constexpr auto kSharedOptions = std::to_array<Key>({
    {.name = "format",
     .forms = &kLogFormat,
     .fallback =
         "on the console `prefix` where there are several services, in a file where several "
         "write to it; else `raw`",
     .doc = "What a line looks like: behind the service's name, as an object of JSON, or as the "
            "service wrote it."},
    {.name = "timestamps",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "With `format: prefix`: the time before each line. JSON has it in any case."},
    {.name = "mode",
     .forms = &kLogMode,
     .fallback = "blocking",
     .doc = "What happens when where the lines go is slower than the service: it waits, or its "
            "oldest lines are lost, and counted."},
    {.name = "max-buffer-size",
     .forms = &kBytes,
     .fallback = "1m",
     .doc = "With `mode: non-blocking`: so many bytes wait; 64k or more."},
    {.name = "path",
     .forms = &kText,
     .doc = "Of the file, relative to the configuration. Several services may share one."},
    {.name = "max-size",
     .forms = &kBytes,
     .fallback = "no limit",
     .doc = "A file that would be larger is renamed to `path.1`, that to `path.2`, and so on."},
    {.name = "max-file",
     .forms = &kFiles,
     .fallback = "1",
     .doc = "How many files there are in all; needs `max-size`."},
    {.name = "compress",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "Whether full files are compressed (gzip), by a process of low priority."},
    {.name = "syslog-address",
     .forms = &kText,
     .fallback = "unix:///dev/log",
     .doc = "`unix:///PATH`, `udp://HOST[:PORT]` or `tcp://HOST[:PORT]`; names are looked up in "
            "/etc/hosts only."},
});

constexpr auto kServiceOptions = std::to_array<Key>({
    {.name = "tag", .forms = &kText, .doc = "Shown in place of the service's name."},
    {.name = "labels",
     .forms = &kText,
     .doc = "The names of those labels of the service, with commas between, that JSON shows."},
});

constexpr auto kOwnKeys = std::to_array<Key>({
    {.name = "level",
     .forms = &kLevel,
     .fallback = "warning",
     .doc = "How much pid1 says. `--log-level`, `-v` and PID1_LOG_LEVEL win over it."},
    {.name = "driver", .forms = &kDriver, .fallback = "stdout", .doc = kDriverDoc},
});

constexpr auto kLoggingOptionsKeys = join(kSharedOptions, kServiceOptions);
constexpr auto kContainerLogKeys = join(kOwnKeys, kSharedOptions);

}  // namespace

constinit const Section sections::logging{
    .title = "logging", .doc = "Where a service's output goes.", .keys = kLoggingKeys};
constinit const Section sections::logging_options{
    .title = "logging.options",
    .doc = "Named as Docker does. One that the driver has no use for is an error.",
    .keys = kLoggingOptionsKeys,
};
constinit const Section sections::container_log{
    .title = "pid1.log",
    .doc =
        "Where pid1's own messages go, and the default for all services: `format`, `timestamps` "
        "and `mode` for whatever leaves them open, and the driver with its options for services "
        "that name none.",
    .keys = kContainerLogKeys,
};

}  // namespace pid1::config
