#include "config/schema.h"
#include "config/schema_forms.h"

// Mappings inside keys of a service that don't work yet.
namespace pid1::config {

namespace {

using namespace forms;
using enum Support;

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

constinit const Section sections::mount{
    .title = "secrets and configs", .doc = "A name, or:", .keys = kMountKeys};
constinit const Section sections::schedule{
    .title = "schedule", .doc = "A cron expression, or:", .keys = kScheduleKeys};
constinit const Section sections::socket{
    .title = "sockets", .doc = "A socket that pid1 listens on.", .keys = kSocketKeys};

}  // namespace pid1::config
