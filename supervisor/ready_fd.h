#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "supervisor/read_watch.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// Readiness as s6 has it (notification-fd): the service writes a newline to a pipe that it was
// given. What else it writes means nothing. Reused for each incarnation.
class ReadyFd {
 public:
  enum class Outcome {
    ready,   // a newline has come
    closed,  // every writer has closed the pipe without one
  };

  explicit ReadyFd(boost::asio::io_context& loop) : watch_(loop) {}
  ReadyFd(const ReadyFd&) = delete;
  ReadyFd& operator=(const ReadyFd&) = delete;
  ~ReadyFd() { close(); }

  // Takes the reading end of a pipe (system/pipe.h), whose writing end is nobody's but the
  // service's by the time that the loop runs. `told` is called once, when the pipe is closed
  // already; it may destroy this object. A pipe that is watched still is closed first.
  void watch(system::UniqueFd reading, std::function<void(Outcome)> told);
  // From here on nothing is called back.
  void close();
  bool is_watching() const { return reading_.get() >= 0; }

 private:
  void read();
  void tell(Outcome outcome);

  ReadWatch watch_;
  system::UniqueFd reading_;
  std::function<void(Outcome)> told_;
};

}  // namespace pid1::supervisor
