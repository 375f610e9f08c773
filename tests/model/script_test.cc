#include "tests/model/script.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace pid1::model {
namespace {

// The same properties of plans of up to twelve services: RapidCheck looks for a small script that
// breaks one, and the long scripts go where it rarely gets.

RC_GTEST_PROP(AnyPlan, KeepsTheInvariantsAndEndsInTime, ()) {
  // A large plan alone takes two hundred.
  const auto bytes = *rc::gen::scale(20, rc::gen::arbitrary<std::vector<std::uint8_t>>());
  const auto problem = play(bytes);
  if (problem) RC_FAIL(*problem);
}

TEST(AnyPlan, KeepsTheInvariantsAndEndsInTimeWithLongScripts) {
  std::mt19937 random(20240229);  // the same in every run
  std::uniform_int_distribution<int> any_byte(0, 255);
  std::uniform_int_distribution<std::size_t> any_length(50, 1500);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> bytes(any_length(random));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(any_byte(random));
    const auto problem = play(bytes);
    ASSERT_FALSE(problem) << *problem;
  }
}

}  // namespace
}  // namespace pid1::model
