#pragma once

#include <array>

#include "config/schema.h"
#include "config/schema_forms.h"

// The keys of a service that say what it may do, and how much it may use. Included by
// schema_service.cc alone.
namespace pid1::config::forms {

constexpr Forms kUlimits{{kNull, keys_of(sections::ulimits)}};
constexpr Forms kOomScore{{whole(-1000, 1000)}};
constexpr Forms kNice{{whole(-20, 19)}};
constexpr Forms kCpuList{{text_like("^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$")}};
constexpr Forms kSwap{{kSize, whole(-1, -1)}};
constexpr Forms kShares{{whole(2, 262'144)}};
constexpr Forms kPeriod{{whole(1000, 1'000'000)}};
constexpr Forms kQuota{{whole(-1, 1'000'000'000'000)}};

constexpr auto kLimitKeys = std::to_array<Key>({
    {.name = "stdin_open",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "It reads pid1's standard input; one service may. Else it reads /dev/null."},
    {.name = "tty",
     .forms = &kBoolean,
     .fallback = "false",
     .doc = "The same, and the terminal is its controlling terminal."},
    {.name = "cap_add",
     .forms = &kTexts,
     .doc = "Capabilities (capabilities(7)) to keep, out of pid1's own: also behind `cap_drop: "
            "[ALL]`, and for a `user` other than root. `ALL` is all."},
    {.name = "cap_drop", .forms = &kTexts, .doc = "Capabilities to drop; `ALL` is all."},
    {.name = "security_opt",
     .forms = &kTexts,
     .doc = "`no-new-privileges`: no program gains privileges by being executed (setuid files)."},
    {.name = "ulimits", .forms = &kUlimits, .fallback = "pid1's own", .doc = "Resource limits."},
    {.name = "oom_score_adj",
     .forms = &kOomScore,
     .fallback = "pid1's own",
     .doc = "How readily the kernel kills it when memory runs out; less than pid1's own needs a "
            "capability."},
    {.name = "nice",
     .forms = &kNice,
     .fallback = "pid1's own",
     .doc = "Scheduling priority; -20 is the most favoured."},
    {.name = "cpuset",
     .forms = &kCpuList,
     .fallback = "pid1's own",
     .doc = "The processors that it may run on, such as `0-3,6` (sched_setaffinity(2))."},
    {.name = "cpus",
     .forms = &kProcessors,
     .doc = "How many processors' time it may use, such as `1.5`. Needs a writable cgroup v2, as "
            "do all of the following."},
    {.name = "cpu_quota",
     .forms = &kQuota,
     .doc = "The same in another way: so many microseconds of each `cpu_period`; -1 is without "
            "limit."},
    {.name = "cpu_period",
     .forms = &kPeriod,
     .fallback = "100000",
     .doc = "In microseconds; see `cpu_quota`."},
    {.name = "cpu_shares",
     .forms = &kShares,
     .fallback = "1024",
     .doc = "Its share of the processors' time while others want it too (`cpu.weight`)."},
    {.name = "mem_limit",
     .forms = &kBytes,
     .doc = "How much memory it may use (`memory.max`); beyond that the kernel kills it."},
    {.name = "mem_reservation",
     .forms = &kBytes,
     .doc = "How much memory is left to it while others need some (`memory.low`)."},
    {.name = "memswap_limit",
     .forms = &kSwap,
     .doc = "Memory and swap together, at least `mem_limit`, which it needs; -1 is without limit."},
    {.name = "pids_limit",
     .forms = &kProcesses,
     .doc = "How many processes and threads it may have; -1 is without limit."},
});

}  // namespace pid1::config::forms
