#pragma once

#include "supervisor/system/system.h"

namespace pid1::system {

// This process's own. An id whose real, effective and saved one differ is given as one that nobody
// has (~0): a child that is to have any has to set it.
Credentials own_credentials();

// What a process has to set, to be `to` after it was `from`: only what differs, so that a pid1
// without privileges can start services as itself.
struct IdentityChange {
  bool groups = false;  // CAP_SETGID
  bool gid = false;     // CAP_SETGID
  bool uid = false;     // CAP_SETUID
};
IdentityChange identity_change(const Credentials& from, const Credentials& to);

}  // namespace pid1::system
