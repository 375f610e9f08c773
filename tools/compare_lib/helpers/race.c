/* race first|other ROUNDS COMMAND…: start COMMAND ROUNDS times and send it SIGTERM once each time,
 * at moments that are spread evenly from its exec until its program runs. COMMAND is an init with
 * `sentry 9` as program; first: as PID 1 of a PID namespace, other: as any other process.
 *
 * A TERM is lost if the program, which runs and could see it, hasn't seen it, though a later and
 * higher signal came through (signals that wait are taken in the order of their numbers).
 * For a PID 1 the kernel drops a TERM that is neither blocked nor handled, and no init can help it:
 * rounds in which /proc shows just before TERM is sent that it would be dropped are early, and
 * nothing else.
 *
 * Prints the numbers of rounds: early lost seen ended hung.
 * Must be PID 1 of a PID namespace of its own: after each round it kills all that is in there. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPORTS = 9, FENCE = SIGPWR, PATIENCE_MS = 3000, TRIALS = 15 };
enum outcome { EARLY, LOST, SEEN, ENDED, HUNG, OUTCOMES };

struct start {
  pid_t pid;
  int reports, pidfd;
  long long exec_ns;
};

static int as_first;
/* Shared with the child: when it was about to exec. */
static long long* exec_ns;
static char** command;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void sleep_until(long long ns) {
  struct timespec t = {ns / 1000000000ll, ns % 1000000000ll};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
    ;
}

/* The text of /proc/PID/NAME, empty where there is none. */
static void read_proc(pid_t pid, const char* name, char* text, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);
  text[n > 0 ? n : 0] = 0;
  if (fd >= 0) close(fd);
}

/* Whether the kernel keeps a TERM for the process, were it PID 1: it blocks or handles it, or is in
 * sigtimedwait, where the mask that /proc shows is without the signals that are waited for. */
static int guards_term(pid_t pid) {
  char text[4096];
  unsigned long long guarded = 0;
  read_proc(pid, "status", text, sizeof text);
  for (char* line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (!strncmp(line, "SigBlk:", 7) || !strncmp(line, "SigCgt:", 7))
      guarded |= strtoull(line + 7, NULL, 16);
  }
  if (guarded >> (SIGTERM - 1) & 1) return 1;
  read_proc(pid, "syscall", text, sizeof text);
  return text[0] >= '0' && text[0] <= '9' && atoi(text) == SYS_rt_sigtimedwait;
}

static struct start begin(void) {
  int reports[2], execed[2];
  if (pipe2(reports, O_CLOEXEC) || pipe2(execed, O_CLOEXEC)) err(1, "pipe");
  pid_t pid = (pid_t)syscall(SYS_clone, (as_first ? CLONE_NEWPID : 0) | SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) err(1, "clone");
  if (pid == 0) {
    setsid();
    int quiet = open("/dev/null", O_RDWR);
    if (dup2(reports[1], REPORTS) < 0 || dup2(quiet, 1) < 0 || dup2(quiet, 2) < 0) _exit(125);
    if (quiet > 2 && quiet != REPORTS) close(quiet);
    *exec_ns = now();
    execv(command[0], command);
    _exit(125);
  }
  close(reports[1]);
  close(execed[1]);
  char c;
  while (read(execed[0], &c, 1) < 0 && errno == EINTR)
    ;
  close(execed[0]);
  struct start s = {pid, reports[0], (int)syscall(SYS_pidfd_open, pid, 0), *exec_ns};
  if (s.pidfd < 0) err(1, "pidfd_open");
  return s;
}

/* The next report, or 0 where the command ended, or -1 where nothing happens any more. */
static int next_report(const struct start* s) {
  struct pollfd p[2] = {{s->reports, POLLIN, 0}, {s->pidfd, POLLIN, 0}};
  for (;;) {
    int n = poll(p, 2, PATIENCE_MS);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    char c;
    if (p[0].revents && read(s->reports, &c, 1) == 1) return c;
    if (p[1].revents) return 0;
    /* The program is gone, and the init will be. */
    p[0].fd = -1;
  }
}

static void finish(const struct start* s) {
  kill(s->pid, SIGKILL);
  if (!as_first) kill(-1, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
    ;
  close(s->reports);
  close(s->pidfd);
}

static enum outcome judge(const struct start* s) {
  for (;;) {
    switch (next_report(s)) {
      case 'R': kill(s->pid, FENCE); break;
      case 'T': return SEEN;
      case 'F': return LOST;
      case 0: return ENDED;
      default: return HUNG;
    }
  }
}

static enum outcome round_at(long long delay) {
  struct start s = begin();
  sleep_until(s.exec_ns + delay);
  int early = as_first && !guards_term(s.pid);
  kill(s.pid, SIGTERM);
  enum outcome o = judge(&s);
  finish(&s);
  return early ? EARLY : o;
}

/* How long one start takes that no TERM disturbs. */
static long long time_start(void) {
  struct start s = begin();
  if (next_report(&s) != 'R') errx(1, "the program does not start");
  long long took = now() - s.exec_ns;
  finish(&s);
  return took;
}

static int ascending(const void* a, const void* b) {
  long long x = *(const long long*)a, y = *(const long long*)b;
  return (x > y) - (x < y);
}

static long long median(long long* v) {
  qsort(v, TRIALS, sizeof *v, ascending);
  return v[TRIALS / 2];
}

int main(int argc, char** argv) {
  if (argc < 4) errx(2, "usage");
  if (getpid() != 1) errx(2, "not PID 1 of a namespace");
  as_first = !strcmp(argv[1], "first");
  int rounds = atoi(argv[2]);
  command = argv + 3;
  prctl(PR_SET_TIMERSLACK, 1);
  exec_ns = mmap(NULL, sizeof *exec_ns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (exec_ns == MAP_FAILED) err(1, "mmap");

  long long starts[TRIALS];
  for (int i = 0; i < TRIALS; i++) starts[i] = time_start();
  /* Somewhat longer, for starts that take longer than the middle one. */
  long long spread = median(starts) * 5 / 4;

  int count[OUTCOMES] = {0};
  for (int i = 0; i < rounds; i++) count[round_at(spread * (2 * i + 1) / (2 * rounds))]++;
  for (int i = 0; i < OUTCOMES; i++) printf("%d%c", count[i], i + 1 < OUTCOMES ? ' ' : '\n');
  return 0;
}
