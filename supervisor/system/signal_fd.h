#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

struct ReceivedSignal {
  int signo = 0;
  std::int32_t sender_pid = 0;  // 0: the kernel, or a process outside this PID namespace
  std::uint32_t sender_uid = 0;
  bool from_kernel = false;  // SI_KERNEL: a key at the terminal, or its end; sent by nobody
};

// The signals that were blocked when it was made, read as records (signalfd(2)). Lowest number
// first; a standard signal sent again before it is read is one record.
class SignalFd {
 public:
  SignalFd();

  // Readable when a signal is pending; non-blocking, closed on exec. -1: see error().
  int fd() const { return fd_.get(); }
  // errno of signalfd(2), or 0.
  int error() const { return error_; }

  // The next pending records, or nothing when there are none. Call until it returns nothing. What
  // the kernel has raised about ourselves is left out, for nobody sent it: a write to a closed pipe
  // or past the limit of a file's size, which has told already, and the limit of CPU time. Valid
  // until the next call.
  std::span<const ReceivedSignal> read();

 private:
  static constexpr std::size_t batch = 16;

  UniqueFd fd_;
  int error_ = 0;
  std::array<ReceivedSignal, batch> records_;
};

}  // namespace pid1::system
