#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

namespace pid1::test {

// A loop like the engine's.
class EventLoop : public boost::asio::io_context {
 public:
  EventLoop() : io_context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE) {}

  // Handles events until the condition holds. Only something broken reaches the deadline.
  void run_until(const std::function<bool()>& reached) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!reached()) {
      restart();
      run_one_until(deadline);
      if (std::chrono::steady_clock::now() < deadline) continue;
      ADD_FAILURE() << "what was awaited has not come";
      return;
    }
  }

  // Handles what is ready now. What isn't will not be awaited.
  void run_ready() {
    restart();
    poll();
  }
};

}  // namespace pid1::test
