#pragma once

#include <array>

#include "config/schema.h"
#include "config/schema_forms.h"

// The keys of a service that say how it is watched, and what runs around it. Included by
// schema_service.cc alone.
namespace pid1::config::forms {

constexpr Forms kEndAction{{one_of("ignore|restart|shutdown")}};
constexpr Forms kHealthcheck{{keys_of(sections::healthcheck)}};
constexpr Forms kReadiness{{one_of("notify|none"), keys_of(sections::readiness)}};
constexpr Forms kReload{{kAnyText, list_of(kText), keys_of(sections::reload)}};
constexpr Forms kHook{{keys_of(sections::hook)}};
constexpr Forms kHooks{{kNull, list_of(kHook)}};
constexpr Forms kOrphans{{one_of("kill|adopt")}};

constexpr auto kLifeKeys = std::to_array<Key>({
    {.name = "healthcheck",
     .forms = &kHealthcheck,
     .fallback = "none",
     .doc = "How to find out whether the service works. `service_healthy` waits for it."},
    {.name = "on_unhealthy",
     .forms = &kEndAction,
     .fallback = "ignore",
     .doc = "What follows when the service became unhealthy: nothing, a restart, or the shutdown "
            "of the container."},
    {.name = "readiness",
     .forms = &kReadiness,
     .fallback = "none: ready as soon as it runs",
     .doc = "How the service says that it is ready: `notify` (sd_notify(3)), a newline on a "
            "descriptor, or a line of its output. `service_healthy` waits for it."},
    {.name = "watchdog",
     .forms = &kDuration,
     .fallback = "none",
     .doc = "With `readiness: notify`: the longest time between two `WATCHDOG=1` once it is ready; "
            "a longer silence is a failure."},
    {.name = "max_runtime",
     .forms = &kDuration,
     .fallback = "without limit",
     .doc = "It is stopped after so long, which is a failure."},
    {.name = "on_oom",
     .forms = &kEndAction,
     .fallback = "as `on_failure`",
     .doc = "What follows when the kernel killed it for want of memory and it is not restarted."},
    {.name = "pre_start",
     .forms = &kHooks,
     .doc = "Commands before each start, one after the other; one that fails is a start that "
            "failed."},
    {.name = "post_start",
     .forms = &kHooks,
     .doc = "Commands once the program runs; one that fails makes the service fail."},
    {.name = "pre_stop",
     .forms = &kHooks,
     .doc = "Commands before the stop signal; their time is part of `stop_grace_period`."},
    {.name = "post_stop", .forms = &kHooks, .doc = "Commands after each end."},
    {.name = "reload",
     .forms = &kReload,
     .doc = "What makes the service read its configuration again: a command, or a signal. Asked "
            "for by `reload` in `pid1.signals`.",
     .merge = Merge::replace},
    {.name = "orphans",
     .forms = &kOrphans,
     .fallback = "kill",
     .doc = "What becomes of its processes that left its process group (daemons) when it stops: "
            "`kill` ends them, `adopt` lets them live until the container's end."},
});

}  // namespace pid1::config::forms
