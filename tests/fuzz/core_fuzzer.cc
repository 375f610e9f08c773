// The bytes are a plan and what happens to it (tests/model/script.h).

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/model/script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto problem = pid1::model::play({data, size});
  if (!problem) return 0;
  std::fputs(problem->c_str(), stderr);
  std::abort();
}
