#pragma once

#include <cstdint>

namespace pid1::system {

// The controlling terminal of this process, and who is in its foreground: the one group that may
// read from it and that its keys (^C, ^Z) signal (tcsetpgrp(3), credentials(7)). Without one every
// effect is none, and nothing is an error. SIGTTIN and SIGTTOU must be blocked (block_…_signals()),
// or what we do from the background would stop us.
class Terminal {
 public:
  // Standard input, where it is the controlling terminal. Nothing else is looked at: a job that a
  // script has put into the background has /dev/null there (POSIX, Shell Command Language 2.9.3),
  // but the terminal on its output, and in its group the script that has the foreground.
  static Terminal find();

  bool exists() const { return fd_ >= 0; }
  // Where it is open, for SpawnRequest::terminal; -1: there is none.
  int fd() const { return fd_; }

  // Whether this process leads the terminal's session, and can let a child have it for its own.
  bool is_led() const;
  // Whether the foreground is ours to give: we lead the session, or our group is in it. Changes as
  // a shell above puts us in the background and back.
  bool may_give() const;
  // Whether nobody else is in the foreground: our own group is, or one that has gone.
  bool is_free() const;
  // Puts a group of this session into the foreground.
  void give_to(std::int32_t pgid) const;
  // Puts our own group back, after the program that leads `pgid` was in the foreground: unless
  // somebody else has it now, like a shell above that resumed us in the background.
  void take_back_from(std::int32_t pgid) const;

  // Lets a child make the terminal that of its own session (Session::own), as this session's
  // leader has to before: TIOCNOTTY of tty_ioctl(4). The SIGHUP and SIGCONT that the kernel sends
  // for it are consumed, those of others kept; both must be blocked. Without effect where we don't
  // lead the session. fd() remains.
  void release_to_child() const;

 private:
  int fd_ = -1;
};

}  // namespace pid1::system
