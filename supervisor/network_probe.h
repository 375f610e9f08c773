#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <variant>

#include "services/spec.h"
#include "supervisor/probe_run.h"

namespace pid1::supervisor {

// A health check over the network, without a program: as often as one likes, one at a time. Its
// host is looked up each time, in /etc/hosts only; each address is tried until one lets it connect.
class NetworkProbe {
 public:
  // Both outlive the probe.
  NetworkProbe(boost::asio::io_context& loop, const HttpProbe& spec) : loop_(loop), spec_(&spec) {}
  NetworkProbe(boost::asio::io_context& loop, const TcpProbe& spec) : loop_(loop), spec_(&spec) {}
  ~NetworkProbe() { cancel(); }
  NetworkProbe(const NetworkProbe&) = delete;
  NetworkProbe& operator=(const NetworkProbe&) = delete;

  // Later, from the loop, `done` is called once; it may start the next, or destroy the probe. There
  // is no limit to the time it takes: that is the caller's, with cancel(). One that runs still is
  // cancelled first.
  void start(ProbeDone done);
  // Nothing is called back, and nothing is open, from here on. At any time.
  void cancel();
  bool is_running() const { return run_ != nullptr; }

 private:
  boost::asio::io_context& loop_;
  std::variant<const HttpProbe*, const TcpProbe*> spec_;
  std::shared_ptr<ProbeRun> run_;
};

}  // namespace pid1::supervisor
