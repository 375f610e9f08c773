#include "supervisor/system/accounts.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <vector>

#include "supervisor/system/resources.h"
#include "supervisor/system/text.h"

namespace pid1::system {
namespace {

using Kind = AccountError::Kind;

struct CloseFile {
  void operator()(FILE* file) const { ::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

File open_file(const std::string& path) {
  // O_NONBLOCK: were it a FIFO, opening it must not stop PID 1.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return File(fd < 0 ? nullptr : ::fdopen(fd, "r"));
}

// "+" and "-" begin what NIS once mixed in (nsswitch.conf(5), compat); no user of this file.
bool is_compatibility_entry(const char* name) { return *name == '+' || *name == '-'; }

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

void add_unless_there(std::vector<std::uint32_t>& groups, std::uint32_t group) {
  if (std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
}

// Puts one account together. Each step returns false after a failure, which error() tells.
class Lookup {
 public:
  explicit Lookup(const AccountFiles& files) : files_(files) {
    account_.credentials.gid = ::getegid();
  }

  bool take_user(const std::string& user) {
    return is_number(user) ? take_user_number(user) : take_user_name(user);
  }

  bool take_main_group(const std::string& group) {
    return resolve_group(group, account_.credentials.gid);
  }

  void add_main_group() { add_unless_there(account_.credentials.groups, account_.credentials.gid); }

  // Those that list the user; one without a name is in none.
  bool add_memberships() {
    if (account_.name.empty()) return true;
    const int error = for_each_group([&](const ::group& entry) {
      for (char* const* member = entry.gr_mem; *member != nullptr; ++member) {
        if (account_.name == *member) {
          add_unless_there(account_.credentials.groups, entry.gr_gid);
        }
      }
      return false;
    });
    return error == 0 || error == ENOENT || fail(Kind::unreadable_file, files_.group, error);
  }

  bool add_groups(std::span<const std::string> groups) {
    return std::ranges::all_of(groups, [&](const std::string& group) {
      std::uint32_t number = 0;
      if (!resolve_group(group, number)) return false;
      add_unless_there(account_.credentials.groups, number);
      return true;
    });
  }

  bool take_own() {
    Credentials& credentials = account_.credentials;
    if (!take_user_number(std::to_string(::geteuid()))) return false;
    credentials.gid = ::getegid();
    credentials.groups.resize(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    std::vector<std::uint32_t>& groups = credentials.groups;
    if (::getgroups(static_cast<int>(groups.size()), groups.data()) < 0) groups.clear();
    return true;
  }

  const Account& account() const { return account_; }
  const AccountError& error() const { return error_; }

 private:
  // Both call `take` with each entry until it returns true, and return 0 or errno.
  template <typename Take>
  int for_each_user(Take take) {
    const File file = open_file(files_.passwd);
    if (!file) return errno;
    while (const passwd* const entry = ::fgetpwent(file.get())) {
      if (!is_compatibility_entry(entry->pw_name) && take(*entry)) break;
    }
    return 0;
  }

  template <typename Take>
  int for_each_group(Take take) {
    const File file = open_file(files_.group);
    if (!file) return errno;
    while (const ::group* const entry = ::fgetgrent(file.get())) {
      if (!is_compatibility_entry(entry->gr_name) && take(*entry)) break;
    }
    return 0;
  }

  bool fail(Kind kind, const std::string& what, int error = 0) {
    error_ = {.kind = kind, .what = what, .error = error};
    return false;
  }

  bool to_id(const std::string& text, std::uint32_t& id) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return (error == std::errc() && id != ~0U) || fail(Kind::bad_number, text);
  }

  bool take_if(bool is_the_one, const passwd& entry) {
    if (!is_the_one) return false;
    account_.credentials.uid = entry.pw_uid;
    account_.credentials.gid = entry.pw_gid;
    account_.name = entry.pw_name;
    if (*entry.pw_dir != '\0') account_.home = entry.pw_dir;
    account_.shell = *entry.pw_shell != '\0' ? entry.pw_shell : "/bin/sh";  // passwd(5)
    return true;
  }

  bool take_user_number(const std::string& user) {
    std::uint32_t& uid = account_.credentials.uid;
    if (!to_id(user, uid)) return false;
    const int error =
        for_each_user([&](const passwd& entry) { return take_if(entry.pw_uid == uid, entry); });
    // A file that may not be read is as good as none; one that can't be read just now is not.
    return !lacks_resources(error) || fail(Kind::unreadable_file, files_.passwd, error);
  }

  bool take_user_name(const std::string& user) {
    const int error =
        for_each_user([&](const passwd& entry) { return take_if(user == entry.pw_name, entry); });
    if (error != 0 && error != ENOENT) return fail(Kind::unreadable_file, files_.passwd, error);
    return !account_.name.empty() || fail(Kind::unknown_user, user);
  }

  bool resolve_group(const std::string& group, std::uint32_t& number) {
    if (is_number(group)) return to_id(group, number);
    bool is_found = false;
    const int error = for_each_group([&](const ::group& entry) {
      is_found = group == entry.gr_name;
      if (is_found) number = entry.gr_gid;
      return is_found;
    });
    if (error != 0 && error != ENOENT) return fail(Kind::unreadable_file, files_.group, error);
    return is_found || fail(Kind::unknown_group, group);
  }

  const AccountFiles& files_;
  Account account_;
  AccountError error_ = {};
};

}  // namespace

AccountResult find_account(const std::string& user, const std::optional<std::string>& group,
                           std::span<const std::string> group_add, const AccountFiles& files) {
  Lookup lookup(files);
  if (!lookup.take_user(user)) return lookup.error();
  if (group && !lookup.take_main_group(*group)) return lookup.error();
  lookup.add_main_group();
  if (!group && !lookup.add_memberships()) return lookup.error();
  if (!lookup.add_groups(group_add)) return lookup.error();
  return lookup.account();
}

AccountResult own_account(std::span<const std::string> group_add, const AccountFiles& files) {
  Lookup lookup(files);
  if (!lookup.take_own() || !lookup.add_groups(group_add)) return lookup.error();
  return lookup.account();
}

bool is_resource_failure(const AccountError& error) {
  return error.kind == Kind::unreadable_file && lacks_resources(error.error);
}

std::string describe(const AccountError& error, const AccountFiles& files) {
  std::string what = printable(error.what);
  switch (error.kind) {
    case Kind::unknown_user:
      return "user " + what + " is unknown: " + files.passwd + " has no such entry";
    case Kind::unknown_group:
      return "group " + what + " is unknown: " + files.group + " has no such entry";
    case Kind::bad_number: return what + " is not a user or group number: expected 0 to 4294967294";
    case Kind::unreadable_file: return "cannot read " + what + ": " + error_text(error.error);
  }
  return what;
}

}  // namespace pid1::system
