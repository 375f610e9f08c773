#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <new>

#include "supervisor/output/asio_loop.h"
#include "supervisor/output/console_sink.h"
#include "supervisor/output/router.h"
#include "supervisor/system/pipe.h"

namespace {
std::size_t allocations = 0;
}

// Every allocation of this program comes through here ([new.delete.single]). Inlined, they would
// look like a new that is undone by free.
// NOLINTBEGIN(cppcoreguidelines-no-malloc): what operator new itself is made of
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace pid1::output {
namespace {

constexpr std::size_t kServices = 10;
constexpr FormatKind kKinds[] = {FormatKind::prefix, FormatKind::json, FormatKind::raw};

class SteadyState : public ::testing::TestWithParam<FormatKind> {
 protected:
  SteadyState() {
    for (std::size_t i = 0; i < kServices; ++i) {
      auto pipe = system::make_pipe(1u << 20);
      const Route route = router_.add({.service = "service",
                                       .formats = {{{.kind = GetParam()}, {.kind = GetParam()}}},
                                       .sinks = {&sink_, &sink_}});
      EXPECT_EQ(router_.connect(route, Stream::out, std::move(pipe->reading)), 0);
      services_[i] = std::move(pipe->writing);
    }
  }

  void say(const system::UniqueFd& service, std::size_t length) const {
    EXPECT_EQ(write(service.get(), text_.data() + text_.size() - length, length),
              static_cast<ssize_t>(length));
  }

  // Each service says something that ends with a line and something that doesn't; a reader takes
  // what comes.
  void live() {
    for (const system::UniqueFd& service : services_) {
      say(service, 300'000);
      say(service, 150);
      EXPECT_EQ(write(service.get(), text_.data(), 70), 70);
    }
    for (std::size_t idle = 0; idle < 2;) {
      idle = context_.poll() > 0 ? 0 : idle + 1;
      while (read(reader_.get(), buffer_.data(), buffer_.size()) > 0) idle = 0;
    }
  }

  std::string text_ = [] {
    std::string text;
    while (text.size() < 300'000) text += std::string(79, 'x') + "\n";
    return text;
  }();
  std::vector<char> buffer_ = std::vector<char>(1u << 20);
  system::Pipe console_ = std::move(*system::make_pipe(1u << 16));
  system::UniqueFd reader_ = std::move(console_.reading);
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  AsioLoop loop_{context_};
  ConsoleSink sink_{loop_, console_.writing.get(), 1u << 20,
                    [](std::uint64_t, std::string&) { ADD_FAILURE() << "lines were lost"; }};
  Router router_{loop_, {.routes = kServices}};
  std::array<system::UniqueFd, kServices> services_;
};

TEST_P(SteadyState, OfServicesThatWriteAllocatesNothing) {
  for (int i = 0; i < 20; ++i) live();
  EXPECT_GT(allocations, 0u) << "nothing is counted";
  const std::size_t before = allocations;
  for (int i = 0; i < 20; ++i) live();
  EXPECT_EQ(allocations - before, 0u);
}

INSTANTIATE_TEST_SUITE_P(Formats, SteadyState, ::testing::ValuesIn(kKinds));

}  // namespace
}  // namespace pid1::output
