/* Freestanding support for the workload programs (svc, storm, logw).
 *
 * They use no libc, so that the first clock reading is taken a handful of
 * instructions after the kernel enters user space, and so that fork in them is
 * as cheap as a process can make it. x86-64 and AArch64.
 */
#pragma once

#include <asm/unistd.h>

typedef unsigned long long u64;
typedef unsigned int u32;

#include "record.h"

#define AT_FDCWD_ (-100)
#define O_WRONLY_ 1
#define O_APPEND_ 02000
#define O_CLOEXEC_ 02000000
#define SIGHUP_ 1
#define SIGINT_ 2
#define SIGUSR1_ 10
#define SIGTERM_ 15
#define SIGCHLD_ 17
#define EINTR_ 4
#define EAGAIN_ 11
#define CLOCK_MONOTONIC_ 1

struct ts {
  long sec, nsec;
};

#if defined(__x86_64__)
static inline long sys6(long n, long a, long b, long c, long d, long e, long f) {
  long r;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(r)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return r;
}
__asm__(".globl _start\n_start:\n xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call start_c\n");
#elif defined(__aarch64__)
static inline long sys6(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
__asm__(".globl _start\n_start:\n mov x29,#0\n mov x0,sp\n bl start_c\n");
#else
#error "unsupported architecture"
#endif

#define sys(n, a, b, c, d) sys6((n), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

static inline u64 now_ns(void) {
  struct ts t;
  sys(__NR_clock_gettime, CLOCK_MONOTONIC_, &t, 0, 0);
  return (u64)t.sec * 1000000000ull + (u64)t.nsec;
}

static inline void nap_us(long us) {
  struct ts t = {us / 1000000, (us % 1000000) * 1000};
  sys(__NR_nanosleep, &t, 0, 0, 0);
}

static inline void leave(int code) {
  sys(__NR_exit_group, code, 0, 0, 0);
  __builtin_unreachable();
}

static inline long fork_raw(void) { return sys6(__NR_clone, SIGCHLD_, 0, 0, 0, 0, 0); }

static inline void block_all(u64* set) {
  *set = ~0ull;
  sys(__NR_rt_sigprocmask, 0 /* SIG_BLOCK */, set, 0, 8);
}

/* Sleep until a signal comes; its number. */
static inline int wait_signal(const u64* set) {
  for (;;) {
    long r = sys(__NR_rt_sigtimedwait, set, 0, 0, 8);
    if (r > 0) return (int)r;
  }
}

static inline int starts(const char* s, const char* p) {
  while (*p)
    if (*s++ != *p++) return 0;
  return 1;
}

static inline const char* env(char** envp, const char* name_eq) {
  for (; *envp; envp++)
    if (starts(*envp, name_eq)) {
      const char* v = *envp;
      while (*v++ != '=')
        ;
      return v;
    }
  return 0;
}

static inline u64 number(const char** s) {
  u64 v = 0;
  while (**s && (**s < '0' || **s > '9')) (*s)++;
  while (**s >= '0' && **s <= '9') v = v * 10 + (u64)(*(*s)++ - '0');
  return v;
}

static int rec_fd = -1;
static u32 rec_id, rec_pid;

static inline void record_at(u64 t, u32 kind, u32 a, u64 b) {
  struct record r = {t, kind, rec_id, rec_pid, a, b};
  if (rec_fd >= 0) sys(__NR_write, rec_fd, &r, sizeof r, 0);
}

/* Identity and event file: from the arguments `ID EVENTS`, or, where a
 * supervisor runs a bare ./run, from the working directory's name (…/s17) and
 * the environment variable BENCH_EVENTS. */
static inline void identify(int argc, char** argv, char** envp) {
  const char *events = 0, *s;
  char cwd[512];
  if (argc >= 3) {
    s = argv[1];
    events = argv[2];
  } else {
    long n = sys(__NR_getcwd, cwd, sizeof cwd, 0, 0);
    s = cwd;
    if (n > 0)
      for (long i = 0; i < n - 1; i++)
        if (cwd[i] == '/') s = cwd + i + 1;
    if (n <= 0) s = "";
    events = env(envp, "BENCH_EVENTS=");
  }
  rec_id = (u32)number(&s);
  rec_pid = (u32)sys(__NR_getpid, 0, 0, 0, 0);
  if (events)
    rec_fd = (int)sys(__NR_openat, AT_FDCWD_, events, O_WRONLY_ | O_APPEND_ | O_CLOEXEC_, 0);
}

/* Where the supervisor offers readiness notification (s6, nitro). */
static inline void notify_ready(char** envp) {
  const char* s = env(envp, "BENCH_NOTIFY_FD=");
  if (!s) return;
  int fd = (int)number(&s);
  sys(__NR_write, fd, "\n", 1, 0);
  sys(__NR_close, fd, 0, 0, 0);
}

/* Sleep until the go file exists. */
static inline void wait_go(char** envp) {
  const char* go = env(envp, "BENCH_GO=");
  if (!go) return;
  while (sys(__NR_faccessat, AT_FDCWD_, go, 0, 0) != 0) nap_us(2000);
}

static inline void serve_signals(const u64* set) {
  for (;;) {
    int s = wait_signal(set);
    u64 t = now_ns();
    if (s == SIGTERM_ || s == SIGINT_) {
      record_at(t, EV_TERM, (u32)s, 0);
      leave(0);
    }
    if (s == SIGUSR1_) record_at(t, EV_USR1, 0, 0);
  }
}
