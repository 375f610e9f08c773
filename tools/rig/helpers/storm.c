/* The orphan maker. BENCH_STORM="steady M" double-forks M orphans one after
 * another, as fast as it can. BENCH_STORM="burst M" has one intermediate
 * process fork M children that exit at once and stay its zombies; then it
 * exits, and the kernel hands PID 1 all M zombies in one go. */
#include "raw.h"

static u32 failures;

static long fork_patient(void) {
  for (;;) {
    long pid = fork_raw();
    if (pid != -EAGAIN_) return pid;
    failures++; /* the process table is full of zombies */
    nap_us(200);
  }
}

static void wait_for(long pid) {
  while (sys(__NR_wait4, pid, 0, 0, 0) == -EINTR_)
    ;
}

void start_c(long* sp) {
  u64 t0 = now_ns();
  int argc = (int)sp[0];
  char **argv = (char**)(sp + 1), **envp = argv + argc + 1;
  u64 set;
  block_all(&set);
  identify(argc, argv, envp);
  record_at(t0, EV_START, 0, 0);
  const char* spec = env(envp, "BENCH_STORM=");
  if (!spec) spec = "steady 1000";
  int burst = starts(spec, "burst");
  u64 count = number(&spec);
  wait_go(envp);

  if (burst) {
    record_at(now_ns(), EV_BEGIN, 0, 0);
    long mid = fork_patient();
    if (mid == 0) {
      for (u64 i = 0; i < count; i++)
        if (fork_patient() == 0) leave(0);
      record_at(now_ns(), EV_END, failures, count);
      leave(0);
    }
    wait_for(mid);
  } else {
    record_at(now_ns(), EV_BEGIN, 0, 0);
    for (u64 i = 0; i < count; i++) {
      long mid = fork_patient();
      if (mid == 0) {
        fork_patient(); /* both halves leave; the child is orphaned */
        leave(0);
      }
      wait_for(mid);
    }
    record_at(now_ns(), EV_END, failures, count);
  }
  serve_signals(&set);
}
