#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "config/line_pattern.h"
#include "services/plan.h"
#include "supervisor/output/asio_loop.h"
#include "supervisor/output/console_sink.h"
#include "supervisor/output/router.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// The output of services that pid1 reads itself, because a line of it says that they are ready
// (Readiness::Kind::log). It goes on to pid1's own output as it came, in whole lines. The others
// have pid1's own output, and nothing here costs them anything.
class ServiceOutput {
 public:
  using Ready = std::function<void(ServiceId)>;

  // `plan` outlives this object. `ready` is called from the loop, once for each process. Throws
  // where there are no descriptors for it.
  ServiceOutput(boost::asio::io_context& loop, const Plan& plan, Ready ready);

  static bool reads(const ServiceSpec& spec);

  // What becomes standard output and error of a process that is about to be.
  struct Ends {
    system::UniqueFd out;
    system::UniqueFd err;
  };
  // Nothing where there are no descriptors.
  std::optional<Ends> connect(ServiceId service);
  void started(ServiceId service, std::int32_t pid);
  // Reads what it has left.
  void process_ended(ServiceId service);

  // Whether something is still on its way.
  bool pending() const;

 private:
  struct Reading {
    output::Route route;
    config::LinePattern pattern;
    bool awaited = false;
  };

  Reading& reading_of(ServiceId service) { return *readings_[index(service)]; }

  output::AsioLoop loop_;
  output::ConsoleSink out_;
  output::ConsoleSink err_;
  output::Router router_;
  Ready ready_;
  std::vector<std::optional<Reading>> readings_;  // by service
};

}  // namespace pid1::supervisor
