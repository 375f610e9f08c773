#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "supervisor/system/system.h"

namespace pid1::system {

// Users and groups from files in the format of passwd(5) and group(5). Only from them: a static
// glibc can't load NSS modules, and a container has no use for them.
struct AccountFiles {
  std::string passwd = "/etc/passwd";
  std::string group = "/etc/group";
};

struct Account {
  Credentials credentials;
  std::string name;        // USER and LOGNAME; empty: the number has no entry
  std::string home = "/";  // HOME
  std::string shell;       // SHELL; empty: the number has no entry
};

struct AccountError {
  enum class Kind {
    unknown_user,
    unknown_group,
    bad_number,       // 0–4294967294 are ids; 4294967295 means "none" to the kernel
    unreadable_file,  // `what` is its path
  };
  Kind kind = Kind::unknown_user;
  std::string what;  // the name, number or path, as given
  int error = 0;     // errno, for unreadable_file
};

using AccountResult = std::variant<Account, AccountError>;

// Who `user` is. Digits are a number, never a name; a number needs no entry, and no file. The
// group is `group`, else that of the user's entry, else pid1's own. Supplementary groups are those
// that /etc/group lists the user in, unless `group` was given, then `group_add`, which may be
// numbers too. The main group is among them, as initgroups(3) has it.
AccountResult find_account(const std::string& user, const std::optional<std::string>& group,
                           std::span<const std::string> group_add, const AccountFiles& files = {});

// pid1's own ids with more groups: for a service that names no user, but `group_add`.
AccountResult own_account(std::span<const std::string> group_add, const AccountFiles& files = {});

// Whether descriptors or memory were lacking: nobody's fault, and worth another try.
bool is_resource_failure(const AccountError& error);

// "user app is unknown: /etc/passwd has no such entry". One line, control characters escaped.
std::string describe(const AccountError& error, const AccountFiles& files = {});

}  // namespace pid1::system
