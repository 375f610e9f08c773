// Runs a fuzz target over its corpus, without libFuzzer: what once went wrong stays mended,
// whatever the compiler.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace pid1 {
namespace {

std::vector<std::string> list_corpus() {
  std::vector<std::string> files;
  const char* const folder = std::getenv("CORPUS");
  if (folder == nullptr) return files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    files.push_back(file.path().string());
  }
  std::ranges::sort(files);
  return files;
}

TEST(Corpus, IsReplayedWithoutACrash) {
  const std::vector<std::string> files = list_corpus();
  ASSERT_FALSE(files.empty());
  for (const std::string& path : files) {
    SCOPED_TRACE(path);
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data, bytes.size()), 0);
    // Every beginning of it is an input too.
    for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 200); ++size) {
      EXPECT_EQ(LLVMFuzzerTestOneInput(data, size), 0);
    }
  }
}

}  // namespace
}  // namespace pid1
