#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

namespace pid1::supervisor {

// Calls back each time that a descriptor has something to be read or has come to its end, until it
// is stopped. The callback reads what it likes: what is left brings the next call, after others
// had their turn. It may stop or destroy the watch; an exception of it doesn't end the watching.
class ReadWatch {
 public:
  explicit ReadWatch(boost::asio::io_context& loop);
  // stop(). Before the loop's end.
  ~ReadWatch();
  ReadWatch(const ReadWatch&) = delete;
  ReadWatch& operator=(const ReadWatch&) = delete;

  // Of a pipe, a socket or a FIFO, which stays the caller's and open until stop(). Throws where
  // epoll has no room for it.
  void start(int fd, std::function<void()> readable);
  // From here on nothing is called back. Again and again does no harm.
  void stop();
  bool is_started() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // the loop's handlers hold it too, and may outlive this object
};

}  // namespace pid1::supervisor
