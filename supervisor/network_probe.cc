#include "supervisor/network_probe.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "supervisor/host_lookup.h"
#include "supervisor/http_probe.h"
#include "supervisor/system/resources.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {
namespace {

using Endpoint = boost::asio::generic::stream_protocol::endpoint;
using boost::asio::ip::tcp;

std::string name_of(const boost::asio::ip::address& address, std::uint16_t port) {
  const std::string text = address.to_string();
  return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

ProbeTargets find_targets(const std::string& host, std::uint16_t port) {
  ProbeTargets targets;
  int error = 0;
  for (const auto& address : look_up_host(host, read_hosts_file(error))) {
    targets.found.push_back({Endpoint(tcp::endpoint(address, port)), name_of(address, port)});
  }
  if (!targets.found.empty()) return targets;
  if (system::lacks_resources(error)) {
    targets.verdict = ProbeVerdict::not_made;
    targets.obstacle = "cannot read /etc/hosts: " + system::error_text(error);
  } else {
    targets.obstacle =
        "cannot find the host " + host + ": only addresses and names of /etc/hosts are known here";
  }
  return targets;
}

ProbeTargets find_targets(const HttpProbe& probe) {
  if (!probe.host.empty()) return find_targets(probe.host, probe.port);
  using boost::asio::local::stream_protocol;
  ProbeTargets targets;
  const std::size_t most = stream_protocol::endpoint().capacity() - sizeof(sa_family_t) - 1;
  if (probe.unix_socket.size() > most) {
    targets.obstacle = "cannot connect to " + probe.unix_socket + ": a socket's path has at most " +
                       std::to_string(most) + " bytes";
  } else {
    targets.found.push_back(
        {Endpoint(stream_protocol::endpoint(probe.unix_socket)), probe.unix_socket});
  }
  return targets;
}

class TcpRun final : public ProbeRun {
 public:
  using ProbeRun::ProbeRun;

 private:
  void connected() override { finish(ProbeVerdict::success, "connected to " + peer()); }
};

std::shared_ptr<ProbeRun> make_run(boost::asio::io_context& loop, const HttpProbe& spec,
                                   ProbeDone done) {
  return make_http_run(loop, spec, find_targets(spec), std::move(done));
}

std::shared_ptr<ProbeRun> make_run(boost::asio::io_context& loop, const TcpProbe& spec,
                                   ProbeDone done) {
  return std::make_shared<TcpRun>(loop, find_targets(spec.host, spec.port), std::move(done));
}

}  // namespace

void NetworkProbe::start(ProbeDone done) {
  cancel();
  ProbeDone last = [this, done = std::move(done)](ProbeVerdict verdict, std::string_view output) {
    run_.reset();
    done(verdict, output);
  };
  run_ =
      std::visit([&](const auto* spec) { return make_run(loop_, *spec, std::move(last)); }, spec_);
  run_->begin();
}

void NetworkProbe::cancel() {
  if (run_) run_->cancel();
  run_.reset();
}

}  // namespace pid1::supervisor
