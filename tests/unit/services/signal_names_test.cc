#include "services/signal_names.h"

#include <gtest/gtest.h>

namespace pid1 {
namespace {

TEST(SignalNames, AreReadWithAndWithoutSigInAnyCase) {
  EXPECT_EQ(parse_signal("SIGTERM"), 15);
  EXPECT_EQ(parse_signal("TERM"), 15);
  EXPECT_EQ(parse_signal("sigquit"), 3);
  EXPECT_EQ(parse_signal("Usr1"), 10);
}

TEST(SignalNames, AreReadAsNumbersFrom1To64) {
  EXPECT_EQ(parse_signal("1"), 1);
  EXPECT_EQ(parse_signal("64"), 64);
  for (const char* text : {"0", "65", "015", "-1", "+1", "1 ", "99999999999999999999", ""}) {
    EXPECT_EQ(parse_signal(text), std::nullopt) << text;
  }
}

TEST(SignalNames, CountTheRealTimeOnesFromEitherEnd) {
  EXPECT_EQ(parse_signal("SIGRTMIN"), 34);
  EXPECT_EQ(parse_signal("RTMIN+3"), 37);
  EXPECT_EQ(parse_signal("RTMIN+30"), 64);
  EXPECT_EQ(parse_signal("SIGRTMAX"), 64);
  EXPECT_EQ(parse_signal("rtmax-30"), 34);
  for (const char* text : {"RTMIN+31", "RTMAX-31", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMIN+03"}) {
    EXPECT_EQ(parse_signal(text), std::nullopt) << text;
  }
}

TEST(SignalNames, RefuseWhatIsNoSignal) {
  for (const char* text : {"SIG", "SIGSIGTERM", "TERMINATE", " TERM", "SIG15"}) {
    EXPECT_EQ(parse_signal(text), std::nullopt) << text;
  }
}

TEST(SignalNames, AreWrittenSoThatTheyReadBackAsThemselves) {
  for (int signo = 1; signo <= kMaxSignal; ++signo) {
    EXPECT_EQ(parse_signal(signal_name(signo)), signo);
  }
  EXPECT_EQ(signal_name(29), "SIGIO");
  EXPECT_EQ(signal_name(37), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(33), "33");
}

}  // namespace
}  // namespace pid1
