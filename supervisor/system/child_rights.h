#pragma once

#include "supervisor/system/child.h"

namespace pid1::system {

// Before the user changes: what needs rights of pid1's own. Both make plain system calls only, in a
// vforked child, and return what failed; error 0: nothing.
SpawnError take_limits(const ChildRights& rights);

// The user, and what is left of the rights then.
SpawnError change_identity(const ChildRights& rights);

}  // namespace pid1::system
