#include "supervisor/system/suspension.h"

#include <unistd.h>

#include <csignal>

#include "supervisor/system/signals.h"

namespace pid1::system {
namespace {

bool is_pending(int signo) {
  sigset_t pending;
  return ::sigpending(&pending) == 0 && ::sigismember(&pending, signo) == 1;
}

void send(int signo, StopScope scope) {
  switch (scope) {
    case StopScope::process: ::kill(::getpid(), signo); return;
    case StopScope::group: ::kill(0, signo); return;
  }
}

}  // namespace

bool suspend(int signo, StopScope scope) {
  // The kernel lets no stop signal stop an init, and who is in its group outside of its namespace
  // is not its to stop.
  if (::getpid() == 1) return false;
  const Disposition inherited = disposition(signo);
  set_disposition(signo, Disposition::standard);
  send(signo, scope);  // a SIGCONT that was pending is gone with it
  const SignalSet blocked = blocked_signals();
  set_blocked_signals(blocked & ~signal_bit(signo));  // here we stop
  set_blocked_signals(blocked);
  set_disposition(signo, inherited);
  return is_pending(SIGCONT);
}

}  // namespace pid1::system
