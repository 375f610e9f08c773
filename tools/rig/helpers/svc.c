/* The well-behaved idle service: reports its first instruction, then sleeps;
 * exits at once on TERM; reports USR1. */
#include "raw.h"

void start_c(long* sp) {
  u64 t0 = now_ns();
  int argc = (int)sp[0];
  char **argv = (char**)(sp + 1), **envp = argv + argc + 1;
  u64 set;
  block_all(&set);
  identify(argc, argv, envp);
  record_at(t0, EV_START, 0, 0);
  notify_ready(envp);
  serve_signals(&set);
}
