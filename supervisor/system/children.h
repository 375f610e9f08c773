#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace pid1::system {

// The numbers of this process's children, its own and adopted ones, in no order. Nobody else gets
// such a number before we have reaped the child. One that is born or adopted meanwhile may be
// missing, and so may a neighbour of one that ends (proc_pid_task_children(5)).

// As /proc lists them, which has to be that of this PID namespace, the dead that we have not reaped
// among them: takes microseconds. Nothing where it doesn't list them (CONFIG_PROC_CHILDREN).
std::optional<std::vector<std::int32_t>> list_children();

// The living ones, without a /proc: the kernel is asked about each number up to the newest that it
// has given out, and up to 65,536 at least. Takes some ten milliseconds.
std::vector<std::int32_t> find_children_by_number();

}  // namespace pid1::system
