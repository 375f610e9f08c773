#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "services/event.h"
#include "supervisor/ready_fd.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// Waits for the newline by which services say that they are ready (Readiness::Kind::fd). One
// descriptor a service, until it is ready, or a later process of it is watched.
class ReadyWatch {
 public:
  using Deliver = std::function<void(const Event&)>;
  using Closed = std::function<void(ServiceId)>;

  // `loop` outlives this object. `closed`: without a newline, which its process' end does too.
  ReadyWatch(boost::asio::io_context& loop, Deliver deliver, Closed closed);

  // `end`: of the pipe that the service writes to.
  void watch(ServiceId service, Generation generation, system::UniqueFd end);
  // Its process is gone.
  void forget(ServiceId service);

 private:
  boost::asio::io_context& loop_;
  Deliver deliver_;
  Closed closed_;
  std::vector<std::unique_ptr<ReadyFd>> watched_;  // by service; empty before the first
};

}  // namespace pid1::supervisor
