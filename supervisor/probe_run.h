#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::supervisor {

enum class ProbeVerdict {
  success,
  failure,
  not_made,  // pid1 itself lacks descriptors or memory: nobody's failure
};

// What a probe came to. The output is for people: harmless to print but for its newlines, at most
// 4096 bytes, and valid during the call.
using ProbeDone = std::function<void(ProbeVerdict, std::string_view output)>;

inline constexpr std::size_t kMaxProbeOutput = 4096;

// Where to connect to, and how a person calls it.
struct ProbeTarget {
  boost::asio::generic::stream_protocol::endpoint endpoint;
  std::string name;
};

struct ProbeTargets {
  std::vector<ProbeTarget> found;
  // What a probe comes to where there are none.
  ProbeVerdict verdict = ProbeVerdict::failure;
  std::string obstacle;
};

// One try of a probe: connects to the first of its targets that lets it, and goes on from there as
// the protocol has it. The loop's handlers own it, so that it may be let go at any time.
class ProbeRun : public std::enable_shared_from_this<ProbeRun> {
 public:
  ProbeRun(boost::asio::io_context& loop, ProbeTargets targets, ProbeDone done);
  virtual ~ProbeRun() = default;
  ProbeRun(const ProbeRun&) = delete;
  ProbeRun& operator=(const ProbeRun&) = delete;

  // `done` is called once, from the loop, unless cancel() comes first.
  void begin();
  void cancel();

 protected:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                  boost::asio::io_context::executor_type>;

  virtual void connected() = 0;
  void finish(ProbeVerdict verdict, std::string output);
  bool is_over() const { return !done_; }
  Socket& socket() { return socket_; }
  const std::string& peer() const { return targets_.found[target_].name; }

 private:
  void try_target();
  void try_next(int error);
  void check_connection();

  Socket socket_;
  ProbeTargets targets_;
  std::size_t target_ = 0;
  ProbeDone done_;
};

}  // namespace pid1::supervisor
