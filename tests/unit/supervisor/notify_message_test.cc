#include "supervisor/notify_message.h"

#include <gtest/gtest.h>

#include <string>

namespace pid1::supervisor {
namespace {

using State = NotifyMessage::State;
using Watchdog = NotifyMessage::Watchdog;
using namespace std::chrono_literals;

class NotifyMessageTest : public ::testing::Test {
 protected:
  NotifyMessage parse(std::string text) {
    text_ = std::move(text);
    const auto message = parse_notify_message(text_);
    EXPECT_TRUE(message) << text_;
    return message.value_or(NotifyMessage());
  }

  bool is_message(std::string text) { return parse_notify_message(text).has_value(); }

 private:
  std::string text_;
};

TEST_F(NotifyMessageTest, SaysNothingWhereItIsEmpty) {
  EXPECT_EQ(parse(""), NotifyMessage());
  EXPECT_EQ(parse("\n\n"), NotifyMessage());
}

TEST_F(NotifyMessageTest, TellsTheStateOfAService) {
  EXPECT_EQ(parse("READY=1").state, State::ready);
  EXPECT_EQ(parse("STOPPING=1\n").state, State::stopping);
  const NotifyMessage message = parse("RELOADING=1\nMONOTONIC_USEC=2500000");
  EXPECT_EQ(message.state, State::reloading);
  EXPECT_EQ(message.reload_began, Time(2500ms));
}

TEST_F(NotifyMessageTest, CountsTheLastOfSeveralValues) {
  EXPECT_EQ(parse("RELOADING=1\nREADY=1").state, State::ready);
  EXPECT_EQ(parse("READY=1\nSTOPPING=1").state, State::stopping);
  EXPECT_EQ(parse("STATUS=one\nSTATUS=two").status, "two");
}

TEST_F(NotifyMessageTest, TakesEachFieldOfOneDatagram) {
  const NotifyMessage message = parse(
      "READY=1\nSTATUS=Serving 3 of 4\nERRNO=2\nBUSERROR=org.freedesktop.DBus.Error.TimedOut\n"
      "MAINPID=4711\nWATCHDOG=1\nWATCHDOG_USEC=20000000\nEXTEND_TIMEOUT_USEC=5000000\nFDSTORE=1");
  EXPECT_EQ(message.state, State::ready);
  EXPECT_EQ(message.status, "Serving 3 of 4");
  EXPECT_EQ(message.error_number, 2);
  EXPECT_EQ(message.bus_error, "org.freedesktop.DBus.Error.TimedOut");
  EXPECT_EQ(message.main_pid, 4711);
  EXPECT_EQ(message.watchdog, Watchdog::alive);
  EXPECT_EQ(message.watchdog_limit, 20s);
  EXPECT_EQ(message.extension, 5s);
  EXPECT_TRUE(message.wants_storage);
  EXPECT_FALSE(message.barrier);
  EXPECT_EQ(message.malformed, "");
}

TEST_F(NotifyMessageTest, TakesOneNullByteAtTheEnd) {
  EXPECT_EQ(parse(std::string("READY=1\0", 8)).state, State::ready);
  EXPECT_FALSE(is_message(std::string("READY=1\0\0", 9)));
  EXPECT_FALSE(is_message(std::string("STATUS=a\0b\nREADY=1", 17)));
}

TEST_F(NotifyMessageTest, IsNothingButABarrierWhereItHoldsOne) {
  NotifyMessage barrier;
  barrier.barrier = true;
  EXPECT_EQ(parse("BARRIER=1"), barrier);
  EXPECT_EQ(parse("READY=1\nBARRIER=1\nMAINPID=x"), barrier);
}

TEST_F(NotifyMessageTest, LeavesOutAValueThatIsNone) {
  const NotifyMessage message = parse("MAINPID=x\nERRNO=\nREADY=1");
  EXPECT_EQ(message.malformed, "MAINPID=x");
  EXPECT_FALSE(message.main_pid);
  EXPECT_FALSE(message.error_number);
  EXPECT_EQ(message.state, State::ready);
}

TEST_F(NotifyMessageTest, RefusesNumbersOutOfTheirRange) {
  for (const std::string text :
       {"MAINPID=0", "MAINPID=-1", "MAINPID=2147483648", "MAINPID=+1", "MAINPID= 1", "MAINPID=1 ",
        "ERRNO=-1", "ERRNO=4096", "WATCHDOG_USEC=-1", "WATCHDOG_USEC=18446744073709551616",
        "EXTEND_TIMEOUT_USEC=1s", "MONOTONIC_USEC=0x10", "READY=0", "READY=", "READY=11",
        "STOPPING=yes", "WATCHDOG=2", "WATCHDOG=", "BARRIER=0"}) {
    NotifyMessage message = parse(text);
    EXPECT_EQ(message.malformed, text);
    message.malformed = {};
    EXPECT_EQ(message, NotifyMessage()) << text;
  }
}

TEST_F(NotifyMessageTest, KnowsNoLongerTimeThanForEver) {
  EXPECT_EQ(parse("WATCHDOG_USEC=18446744073709551615").watchdog_limit,
            Duration(9223372036854775000));
  EXPECT_EQ(parse("WATCHDOG_USEC=0").watchdog_limit, 0s);
}

TEST_F(NotifyMessageTest, PassesOverFieldsThatMeanNothing) {
  EXPECT_EQ(parse("NOTIFYACCESS=all\nEXIT_STATUS=7\nFDNAME=x\nX_OURS=1\n=\n=1\nREADY\nready=1"),
            NotifyMessage());
}

TEST_F(NotifyMessageTest, TellsWhatTriggersTheWatchdog) {
  EXPECT_EQ(parse("WATCHDOG=trigger").watchdog, Watchdog::trigger);
}

TEST_F(NotifyMessageTest, TellsApartAnEmptyStatusAndNone) {
  EXPECT_EQ(parse("STATUS=").status, "");
  EXPECT_EQ(parse("READY=1").status, std::nullopt);
}

TEST_F(NotifyMessageTest, MakesTextsHarmless) {
  EXPECT_EQ(parse("STATUS=\x1b[2Jgr\xc3\xbc\xc3\x9f\x65 \xff\rx = y\\").status,
            "?[2Jgr\xc3\xbc\xc3\x9f\x65 ??x = y\\");
  EXPECT_EQ(parse("BUSERROR=\a").bus_error, "?");
  EXPECT_EQ(parse("ERRNO=\x1b").malformed, "ERRNO=?");
}

TEST_F(NotifyMessageTest, CutsAStatusBetweenCharacters) {
  const std::string filling(NotifyMessage::max_status - 1, 'x');
  EXPECT_EQ(parse("STATUS=" + filling + "\xc3\xbc").status, filling);
  EXPECT_EQ(parse("STATUS=" + filling + "yz").status, filling + "y");
}

}  // namespace
}  // namespace pid1::supervisor
