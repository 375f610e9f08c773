#include "supervisor/ready_watch.h"

namespace pid1::supervisor {

ReadyWatch::ReadyWatch(boost::asio::io_context& loop, const Plan& plan, Log& log, Deliver deliver)
    : loop_(loop), plan_(plan), log_(log), deliver_(std::move(deliver)) {}

void ReadyWatch::watch(ServiceId service, Generation generation, system::UniqueFd end) {
  watched_.resize(plan_.size());
  auto& watched = watched_[index(service)];
  if (!watched) watched = std::make_unique<ReadyFd>(loop_);
  watched->watch(std::move(end), [this, service, generation](ReadyFd::Outcome outcome) {
    switch (outcome) {
      case ReadyFd::Outcome::ready: deliver_(Ready{service, generation}); return;
      case ReadyFd::Outcome::closed:
        log_.write(LogLevel::warning, plan_[service].name +
                                          ": closed the descriptor of its readiness without a "
                                          "newline");
        return;
    }
  });
}

void ReadyWatch::forget(ServiceId service) {
  if (!watched_.empty()) watched_[index(service)].reset();
}

}  // namespace pid1::supervisor
