#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// One datagram, and what the kernel says about its sender (SCM_CREDENTIALS, unix(7)).
struct Datagram {
  enum class Flaw {
    none,
    too_long,        // only its beginning is here
    unknown_sender,  // its PID namespace is none of ours
  };
  Flaw flaw = Flaw::none;
  std::int32_t pid = 0;  // in our PID namespace; its process may have ended by now
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::span<char> text;
  std::span<UniqueFd> descriptors;  // close_elsewhere() is for them; closed on exec
};

// The socket of sd_notify(3), which services of all users may write to. A file `name` in
// `directory`, which is made, where that can be written and is ours alone; else an abstract
// address. See docs/adr/0010-where-services-notify.md.
class NotifyReceiver {
 public:
  static constexpr std::size_t max_length = 4096;  // bytes of a datagram, as in systemd

  explicit NotifyReceiver(const std::string& directory = "/run/pid1",
                          const std::string& name = "notify");
  ~NotifyReceiver();
  NotifyReceiver(const NotifyReceiver&) = delete;
  NotifyReceiver& operator=(const NotifyReceiver&) = delete;

  // Non-blocking, closed on exec. -1: see error().
  int fd() const { return socket_.get(); }
  int error() const { return error_; }  // errno, or 0
  // The value of NOTIFY_SOCKET: a path, or '@' and an abstract name.
  const std::string& address() const { return address_; }

  // The next datagram, or nothing where none is waiting. Valid until the next call. Whatever
  // descriptors are still in it then are closed.
  std::optional<Datagram> receive();

 private:
  bool bind_in(const std::string& directory, const std::string& name);
  void bind_abstract();
  void close_descriptors();

  // As many as the kernel lets through in one message (SCM_MAX_FD). Room for all of them: what has
  // none is closed by recvmsg(2) itself, and that may take long (close_elsewhere.h).
  static constexpr std::size_t max_descriptors = 253;

  UniqueFd socket_;
  int error_ = 0;
  std::string address_;
  std::array<char, max_length> text_;
  std::array<UniqueFd, max_descriptors> descriptors_;
  std::size_t descriptor_count_ = 0;
};

}  // namespace pid1::system
