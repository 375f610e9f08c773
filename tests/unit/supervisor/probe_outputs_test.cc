#include "supervisor/probe_outputs.h"

#include <gtest/gtest.h>

#include <string>

namespace pid1::supervisor {
namespace {

using namespace std::chrono_literals;

std::string output_of(std::string_view bytes) {
  ProbeOutputs outputs;
  outputs.add({}, bytes);
  return outputs[0].output;
}

TEST(ProbeOutputs, KeepWhatAProbeCameTo) {
  ProbeOutputs outputs;
  EXPECT_EQ(outputs.size(), 0u);
  ProbeRecord record;
  record.began = std::chrono::system_clock::time_point(1s);
  record.duration = 20ms;
  record.result = ProbeRecord::Result::success;
  record.exit_code = 0;
  outputs.add(record, "all is well");
  ASSERT_EQ(outputs.size(), 1u);
  record.output = "all is well";
  EXPECT_EQ(outputs[0], record);
}

TEST(ProbeOutputs, KeepTheLastFive) {
  ProbeOutputs outputs;
  for (int i = 1; i <= 12; ++i) outputs.add({}, std::to_string(i));
  ASSERT_EQ(outputs.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(outputs[i].output, std::to_string(i + 8));
}

TEST(ProbeOutputs, StartAgainOnceTheyAreCleared) {
  ProbeOutputs outputs;
  for (int i = 1; i <= 7; ++i) outputs.add({}, std::to_string(i));
  outputs.clear();
  EXPECT_EQ(outputs.size(), 0u);
  outputs.add({}, "new");
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].output, "new");
}

TEST(ProbeOutputs, MakeAnOutputHarmless) {
  EXPECT_EQ(output_of("a\tb\nc\r\n\x1b[2J\xff\0\xc3\xbc"), "a\tb\nc?\n?[2J?");
  EXPECT_EQ(output_of(std::string_view("\0\xc3\xbc", 3)), "?\xc3\xbc");
  EXPECT_EQ(output_of("done\n\n"), "done");
  EXPECT_EQ(output_of("\n"), "");
}

TEST(ProbeOutputs, CutAnOutputBetweenCharacters) {
  const std::string filling(ProbeOutputs::max_output - 1, 'x');
  EXPECT_EQ(output_of(filling + "\xc3\xbc"), filling);
  EXPECT_EQ(output_of(filling + "yz"), filling + "y");
}

}  // namespace
}  // namespace pid1::supervisor
