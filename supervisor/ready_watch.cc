#include "supervisor/ready_watch.h"

namespace pid1::supervisor {

ReadyWatch::ReadyWatch(boost::asio::io_context& loop, Deliver deliver, Closed closed)
    : loop_(loop), deliver_(std::move(deliver)), closed_(std::move(closed)) {}

void ReadyWatch::watch(ServiceId service, Generation generation, system::UniqueFd end) {
  if (watched_.size() <= index(service)) watched_.resize(index(service) + 1);
  auto& watched = watched_[index(service)];
  if (!watched) watched = std::make_unique<ReadyFd>(loop_);
  watched->watch(std::move(end), [this, service, generation](ReadyFd::Outcome outcome) {
    switch (outcome) {
      case ReadyFd::Outcome::ready: deliver_(Ready{service, generation}); return;
      case ReadyFd::Outcome::closed: closed_(service); return;
    }
  });
}

void ReadyWatch::forget(ServiceId service) {
  if (index(service) < watched_.size()) watched_[index(service)].reset();
}

}  // namespace pid1::supervisor
