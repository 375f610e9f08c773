#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Most pieces that one write takes.
inline constexpr std::size_t kMostPieces = 8;

// Writes a descriptor that was handed to us, pid1's own stdout, without ever blocking and without
// making it non-blocking for those who share it (output.h). What it is, is looked up once.
class Writer {
 public:
  // `fd` stays open while this lives.
  explicit Writer(int fd);

  // To be watched for Interest::writing after -EAGAIN.
  int fd() const { return own_ ? own_.get() : fd_; }
  bool is_terminal() const;

  // Writes the pieces as if they were one; at most kMostPieces. Returns how many bytes went, or
  // -errno: -EAGAIN: none now; -EPIPE, and -EIO of a terminal: the reader has gone.
  ssize_t write(std::span<const std::string_view> pieces) const;

 private:
  enum class Kind : std::uint8_t {
    own,     // a description of our own that doesn't block
    file,    // never "not ready"
    socket,  // has flags for each call
    shared,  // one piece after the other, with care
  };
  static Kind kind_of(int fd, const UniqueFd& own);

  ssize_t write_shared(std::span<const std::string_view> pieces) const;

  int fd_;
  UniqueFd own_;
  Kind kind_;
};

}  // namespace pid1::system
