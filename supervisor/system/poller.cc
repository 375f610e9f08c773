#include "supervisor/system/poller.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

namespace pid1::system {
namespace {

// A hang-up is told whatever is wanted; by its edge, it is told once and not for ever.
std::uint32_t events_of(Interest interest) {
  switch (interest) {
    case Interest::nothing: return EPOLLET;
    case Interest::reading: return EPOLLIN;
    case Interest::writing: return EPOLLOUT;
  }
  return 0;
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
Poller::~Poller() = default;

int Poller::watch(int fd, Interest interest, Pollee& pollee) const {
  struct epoll_event event = {.events = events_of(interest), .data = {.ptr = &pollee}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  if (errno != ENOENT) return errno;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

void Poller::forget(int fd, const Pollee& pollee) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  for (Pollee*& called : called_) {
    if (called == &pollee) called = nullptr;
  }
}

std::size_t Poller::serve(std::size_t most) {
  std::size_t served = 0;
  while (served < most) {
    std::array<struct epoll_event, kBatch> events;
    const auto room = static_cast<int>(std::min(most - served, kBatch));
    const int count = ::epoll_wait(epoll_.get(), events.data(), room, 0);
    if (count <= 0) break;
    for (int i = 0; i < count; ++i) {
      called_[static_cast<std::size_t>(i)] =
          static_cast<Pollee*>(events[static_cast<std::size_t>(i)].data.ptr);
    }
    for (int i = 0; i < count; ++i) {
      Pollee* const pollee = std::exchange(called_[static_cast<std::size_t>(i)], nullptr);
      if (pollee != nullptr) pollee->ready();
    }
    served += static_cast<std::size_t>(count);
  }
  return served;
}

}  // namespace pid1::system
