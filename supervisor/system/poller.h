#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

enum class Interest : std::uint8_t {
  nothing,  // remains known, and costs nothing
  reading,
  writing,
};

// Told when a descriptor that it watches can be read or written, has been hung up, or has failed:
// to try is how to know which. May be called without a reason.
class Pollee {
 public:
  virtual ~Pollee() = default;
  virtual void ready() = 0;
};

// Many descriptors behind one, by epoll(7) and its level: who leaves something for later is called
// again. Sets O_NONBLOCK on none of them, so that it may watch descriptors whose description is
// shared with others, and needs no memory after a descriptor was added.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Readable while a descriptor is ready. -1: the system had none to give.
  int fd() const { return epoll_.get(); }

  // Adds a descriptor, or changes what is wanted of it. 0 or errno: EPERM for files, which are
  // always ready.
  int watch(int fd, Interest interest, Pollee& pollee) const;
  // Before the descriptor is closed. The pollee isn't called any more.
  void forget(int fd, const Pollee& pollee);

  // Calls the pollees of descriptors that are ready, in turn, at the most `most` calls; returns how
  // many there were.
  std::size_t serve(std::size_t most);

 private:
  static constexpr std::size_t kBatch = 16;

  UniqueFd epoll_;
  std::array<Pollee*, kBatch> called_ = {};  // those of the current batch
};

}  // namespace pid1::system
