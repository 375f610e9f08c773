#include "supervisor/system/accounts.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::TemporaryDirectory;
using testing::write_file;
using Kind = AccountError::Kind;
using Groups = std::vector<std::uint32_t>;

class Accounts : public ::testing::Test {
 protected:
  Accounts() {
    write_file(files_.passwd,
               "root:x:0:0:root:/root:/bin/bash\n"
               "# a comment, and a broken line follow\n"
               "broken:x\n"
               "+nis:x:0:0:::\n"
               "app:x:1000:1001::/home/app:/bin/zsh\n"
               "bare:x:1002:1002:::\n"
               "2000:x:77:78::/digits:/bin/sh\n");
    write_file(files_.group,
               "root:x:0:\n"
               "app:x:1001:\n"
               "video:x:44:bare,app\n"
               "www-data:x:33:app\n"
               "others:x:99:someapp,application\n"
               "1001:x:555:\n");
  }

  Account find(const std::string& user, const std::optional<std::string>& group = {},
               const std::vector<std::string>& group_add = {}) {
    const AccountResult result = find_account(user, group, group_add, files_);
    if (const auto* const error = std::get_if<AccountError>(&result)) {
      ADD_FAILURE() << describe(*error, files_);
      return {};
    }
    return std::get<Account>(result);
  }

  AccountError fail(const std::string& user, const std::optional<std::string>& group = {},
                    const std::vector<std::string>& group_add = {}) {
    const AccountResult result = find_account(user, group, group_add, files_);
    if (const auto* const error = std::get_if<AccountError>(&result)) return *error;
    ADD_FAILURE() << "it was found";
    return {};
  }

  const TemporaryDirectory directory_;
  const AccountFiles files_ = {.passwd = directory_ / "passwd", .group = directory_ / "group"};
};

TEST_F(Accounts, KnowAUserByNameWithItsGroupsAndFacts) {
  const Account account = find("app");
  EXPECT_EQ(account.credentials.uid, 1000u);
  EXPECT_EQ(account.credentials.gid, 1001u);
  EXPECT_EQ(account.credentials.groups, (Groups{1001, 44, 33}));
  EXPECT_EQ(account.name, "app");
  EXPECT_EQ(account.home, "/home/app");
  EXPECT_EQ(account.shell, "/bin/zsh");
}

TEST_F(Accounts, KnowAUserByNumberAsWell) {
  const Account account = find("1000");
  EXPECT_EQ(account.credentials.gid, 1001u);
  EXPECT_EQ(account.credentials.groups, (Groups{1001, 44, 33}));
  EXPECT_EQ(account.name, "app");
}

TEST_F(Accounts, GiveAnEntryWithoutHomeOrShellTheUsualOnes) {
  const Account account = find("bare");
  EXPECT_EQ(account.home, "/");
  EXPECT_EQ(account.shell, "/bin/sh");
}

TEST_F(Accounts, TakeAGroupThatIsGivenInsteadOfThoseOfTheUser) {
  const Account account = find("app", "www-data");
  EXPECT_EQ(account.credentials.gid, 33u);
  EXPECT_EQ(account.credentials.groups, (Groups{33}));
}

TEST_F(Accounts, AddGroupsByNameAndByNumberOnce) {
  EXPECT_EQ(find("app", {}, {"others", "7", "video"}).credentials.groups,
            (Groups{1001, 44, 33, 99, 7}));
  EXPECT_EQ(find("app", "www-data", {"video"}).credentials.groups, (Groups{33, 44}));
}

TEST_F(Accounts, NeverLookUpANumberAsAName) {
  const Account account = find("2000", "1001");
  EXPECT_EQ(account.credentials.uid, 2000u);
  EXPECT_EQ(account.credentials.gid, 1001u);
  EXPECT_EQ(account.name, "");
}

TEST_F(Accounts, LetANumberWithoutAnEntryKeepOurOwnGroup) {
  const Account account = find("4242");
  EXPECT_EQ(account.credentials.uid, 4242u);
  EXPECT_EQ(account.credentials.gid, getegid());
  EXPECT_EQ(account.credentials.groups, (Groups{getegid()}));
  EXPECT_EQ(account.name, "");
  EXPECT_EQ(account.home, "/");
  EXPECT_EQ(account.shell, "");
}

TEST_F(Accounts, SayWhichUserOrGroupIsUnknown) {
  EXPECT_EQ(describe(fail("ap"), files_),
            "user ap is unknown: " + files_.passwd + " has no such entry");
  EXPECT_EQ(describe(fail("app", "staff"), files_),
            "group staff is unknown: " + files_.group + " has no such entry");
  EXPECT_EQ(describe(fail("app", {}, {"video", "wheel\n"}), files_),
            "group wheel\\x0a is unknown: " + files_.group + " has no such entry");
  EXPECT_EQ(fail("broken").kind, Kind::unknown_user);
  EXPECT_EQ(fail("+nis").kind, Kind::unknown_user);
}

TEST_F(Accounts, RefuseNumbersThatAreNoIds) {
  EXPECT_EQ(find("4294967294").credentials.uid, 4294967294u);
  EXPECT_EQ(fail("4294967295").kind, Kind::bad_number);
  EXPECT_EQ(fail("99999999999").kind, Kind::bad_number);
  EXPECT_EQ(fail("1", "4294967295").kind, Kind::bad_number);
}

TEST_F(Accounts, NeedNoFilesForNumbers) {
  const AccountFiles none = {.passwd = directory_ / "none", .group = directory_ / "none"};
  const std::vector<std::string> group_add = {"6"};
  const Account account = std::get<Account>(find_account("5", "7", group_add, none));
  EXPECT_EQ(account.credentials.uid, 5u);
  EXPECT_EQ(account.credentials.groups, (Groups{7, 6}));
  EXPECT_EQ(std::get<AccountError>(find_account("app", {}, {}, none)).kind, Kind::unknown_user);
}

TEST_F(Accounts, SayWhichFileCannotBeRead) {
  const AccountFiles closed = {.passwd = files_.passwd + "/x", .group = files_.group};
  const AccountError error = std::get<AccountError>(find_account("app", {}, {}, closed));
  EXPECT_EQ(describe(error, closed), "cannot read " + closed.passwd + ": Not a directory");
  EXPECT_TRUE(std::holds_alternative<Account>(find_account("1000", {}, {}, closed)));
}

TEST_F(Accounts, DoNotWaitForAFifo) {
  const AccountFiles fifos = {.passwd = directory_ / "fifo", .group = files_.group};
  ASSERT_EQ(mkfifo(fifos.passwd.c_str(), 0600), 0);
  EXPECT_EQ(std::get<AccountError>(find_account("app", {}, {}, fifos)).kind, Kind::unknown_user);
}

TEST_F(Accounts, AreNotGuessedAtWhileThereIsNoDescriptorToReadThemWith) {
  testing::in_child([&] {
    const struct rlimit none = {3, 3};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    for (const char* const user : {"app", "1000"}) {
      const AccountError error = fail(user);
      EXPECT_EQ(error.error, EMFILE);
      EXPECT_TRUE(is_resource_failure(error));
    }
  });
  EXPECT_FALSE(is_resource_failure(fail("nobody-here")));
}

TEST_F(Accounts, AddGroupsToOurOwn) {
  const std::vector<std::string> group_add = {"video"};
  const Account account = std::get<Account>(own_account(group_add, files_));
  EXPECT_EQ(account.credentials.uid, geteuid());
  EXPECT_EQ(account.credentials.gid, getegid());
  EXPECT_EQ(account.credentials.groups.back(), 44u);
}

}  // namespace
}  // namespace pid1::system
