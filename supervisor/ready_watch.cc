#include "supervisor/ready_watch.h"

namespace pid1::supervisor {

ReadyWatch::ReadyWatch(boost::asio::io_context& loop, const Plan& plan, Log& log, Deliver deliver)
    : loop_(loop), plan_(plan), log_(log), deliver_(std::move(deliver)) {}

void ReadyWatch::watch(ServiceId service, Generation generation, system::UniqueFd end) {
  watched_.resize(plan_.size());
  watched_[index(service)] = std::make_unique<ReadyFd>(
      loop_, std::move(end),
      ReadyFd::Handlers{
          .ready = [this, service, generation] { deliver_(Ready{service, generation}); },
          .closed =
              [this, service] {
                log_.write(LogLevel::warning,
                           plan_[service].name +
                               ": closed the descriptor of its readiness without a newline");
              },
      });
}

void ReadyWatch::forget(ServiceId service) {
  if (!watched_.empty()) watched_[index(service)].reset();
}

}  // namespace pid1::supervisor
