#pragma once

#include <string>
#include <utility>
#include <vector>

#include "supervisor/system/unique_fd.h"

namespace pid1::test {

// A service's side of sd_notify(3).
class Notifier {
 public:
  // The value of NOTIFY_SOCKET.
  explicit Notifier(const std::string& address);

  // Waits while the receiver's queue is full.
  void send(const std::string& message, const std::vector<int>& descriptors = {});

 private:
  system::UniqueFd socket_;
};

// A TCP connection whose last close waits for an hour, or until its peer (second) is closed: it
// lingers, and holds bytes that nobody reads.
std::pair<system::UniqueFd, system::UniqueFd> lingering_connection();

}  // namespace pid1::test
