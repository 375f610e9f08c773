#include "supervisor/output/asio_loop.h"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <new>

namespace pid1::output {
namespace {

// A read each, so about 2 MiB.
constexpr std::size_t kMostInATurn = 8;

class AsioAlarm final : public Alarm {
 public:
  AsioAlarm(boost::asio::io_context& context, std::function<void()> ring)
      : timer_(context), ring_(std::make_shared<std::function<void()>>(std::move(ring))) {}

  void set(Delay delay) override {
    const unsigned setting = ++*setting_;
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(delay));
    // A wait that was cancelled, or whose alarm has gone, may still complete with success.
    timer_.async_wait([setting, latest = std::weak_ptr(setting_),
                       ring = std::weak_ptr(ring_)](const boost::system::error_code& error) {
      const auto now = latest.lock();
      const auto call = ring.lock();
      if (!error && now != nullptr && *now == setting) (*call)();
    });
  }

  void cancel() override {
    ++*setting_;
    timer_.cancel();
  }

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<std::function<void()>> ring_;
  std::shared_ptr<unsigned> setting_ = std::make_shared<unsigned>(0);
};

// Memory of the one handler that waits at a time: Asio gives it back before it calls it. Asio's own
// cache lasts only as long as a call of run().
class HandlerMemory {
 public:
  void* take(std::size_t size) {
    if (taken_ || size > sizeof bytes_) return ::operator new(size);
    taken_ = true;
    return bytes_;
  }
  void give_back(void* memory) {
    if (memory == bytes_) {
      taken_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::byte bytes_[256];
  bool taken_ = false;
};

template <typename T>
struct HandlerAllocator {
  using value_type = T;

  explicit HandlerAllocator(HandlerMemory& of) : memory(&of) {}
  template <typename Other>
  explicit HandlerAllocator(const HandlerAllocator<Other>& other) : memory(other.memory) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory->take(count * sizeof(T))); }
  void deallocate(T* object, std::size_t) { memory->give_back(object); }

  HandlerMemory* memory;
};

}  // namespace

class AsioLoop::Watch {
 public:
  Watch(boost::asio::io_context& context, system::Poller& poller)
      : poller_(poller), descriptor_(context, poller.fd()) {
    await();
  }
  // The descriptor is the poller's.
  ~Watch() { descriptor_.release(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  void await() {
    descriptor_.async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        boost::asio::bind_allocator(HandlerAllocator<std::byte>(memory_),
                                    [this](const boost::system::error_code& error) {
                                      if (error) return;
                                      poller_.serve(kMostInATurn);
                                      await();
                                    }));
  }

  system::Poller& poller_;
  HandlerMemory memory_;
  boost::asio::posix::stream_descriptor descriptor_;
};

AsioLoop::AsioLoop(boost::asio::io_context& context)
    : context_(context), watch_(std::make_unique<Watch>(context, poller_)) {}
AsioLoop::~AsioLoop() = default;

std::unique_ptr<Alarm> AsioLoop::make_alarm(std::function<void()> ring) {
  return std::make_unique<AsioAlarm>(context_, std::move(ring));
}

}  // namespace pid1::output
