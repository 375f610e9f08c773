/* limits: the machine's own floor for the raw operations.
 *
 *   limits spawn METHOD N THREADS PROGRAM EVENTS
 *       start N processes; prints start, the loop's ns, own CPU ns. The last
 *       process's first instruction is in EVENTS. METHOD:
 *         fork     copy, exec
 *         vfork    share memory, wait for the exec
 *         spawn    posix_spawn
 *         pidfd    clone(CLONE_VM|CLONE_VFORK|CLONE_PIDFD), with a stack of its own
 *         pinned   as vfork, both on one CPU until the exec is done
 *         nowait   share memory, own stack, do not wait for the exec
 *   limits reap wait4|waitid|pidfd N
 *       collect N children that are all zombies already; prints the loop's ns.
 *   limits copy rw|splice|splicenull|none BYTES CHUNK PIPE SINK
 *       a child writes BYTES in 64 KB writes to a pipe of PIPE bytes; copy it
 *       to SINK. Prints wall ns, own CPU ns, and the number of copy calls.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static long long now(clockid_t c) {
  struct timespec t;
  clock_gettime(c, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* ---- spawn ---- */

static char stack_[64][65536] __attribute__((aligned(16)));

struct job {
  const char* how;
  int from, to;
  char *program, *events;
  int thread;
  pid_t* pids;
};

/* what a child that runs beside its parent needs for itself */
struct own {
  char stack[16384 - 64];
  char id[16];
  char* args[4];
} __attribute__((aligned(16)));
static struct own* own;

static int child_main(void* p) {
  char** a = p;
  execve(a[0], a, environ);
  _exit(127);
}

static pid_t start(const struct job* j, char** a) {
  pid_t pid = -1;
  if (!strcmp(j->how, "fork")) {
    if ((pid = fork()) == 0) child_main(a);
  } else if (!strcmp(j->how, "vfork")) {
    if ((pid = vfork()) == 0) child_main(a);
  } else if (!strcmp(j->how, "spawn")) {
    if (posix_spawn(&pid, a[0], NULL, NULL, a, environ)) pid = -1;
  } else if (!strcmp(j->how, "pidfd")) {
    /* shared memory, parent held until exec, pidfd for free: what a
     * supervisor wants. glibc's clone() sets the child's stack up. */
    int fd = -1;
    pid = clone(child_main, stack_[j->thread] + sizeof stack_[0],
                CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, a, &fd);
    if (fd >= 0) close(fd);
  } else if (!strcmp(j->how, "pinned")) {
    cpu_set_t one, all;
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    if ((pid = vfork()) == 0) child_main(a);
    sched_setaffinity(pid, sizeof all, &all);
    sched_setaffinity(0, sizeof all, &all);
  } else if (!strcmp(j->how, "nowait")) {
    struct own* o = &own[atoi(a[1])];
    strcpy(o->id, a[1]);
    memcpy(o->args, (char*[]){a[0], o->id, a[2], NULL}, sizeof o->args);
    pid = clone(child_main, o->stack + sizeof o->stack, CLONE_VM | SIGCHLD, o->args);
  } else
    errx(2, "method");
  if (pid < 0) err(1, "start");
  return pid;
}

static void* starter(void* p) {
  struct job* j = p;
  char id[16], *a[] = {j->program, id, j->events, NULL};
  for (int i = j->from; i < j->to; i++) {
    snprintf(id, sizeof id, "%d", i);
    j->pids[i] = start(j, a);
  }
  return NULL;
}

static int spawn(char** v) {
  int n = atoi(v[1]), threads = atoi(v[2]);
  pid_t* pids = calloc((size_t)n, sizeof *pids);
  own = calloc((size_t)n, sizeof *own);
  pthread_t t[64];
  struct job j[64];
  if (threads < 1 || threads > 64 || !pids || !own) errx(2, "threads");
  long long t0 = now(CLOCK_MONOTONIC), cpu0 = now(CLOCK_PROCESS_CPUTIME_ID);
  for (int k = 0; k < threads; k++) {
    j[k] = (struct job){v[0], n * k / threads, n * (k + 1) / threads, v[3], v[4], k, pids};
    if (threads > 1)
      pthread_create(&t[k], NULL, starter, &j[k]);
    else
      starter(&j[k]);
  }
  for (int k = 0; k < threads && threads > 1; k++) pthread_join(t[k], NULL);
  long long t1 = now(CLOCK_MONOTONIC), cpu1 = now(CLOCK_PROCESS_CPUTIME_ID);
  printf("%lld %lld %lld\n", t0, t1 - t0, cpu1 - cpu0);
  fflush(stdout);
  usleep(300000);
  for (int i = 0; i < n; i++) kill(pids[i], SIGKILL);
  for (int i = 0; i < n; i++) waitpid(pids[i], NULL, 0);
  return 0;
}

/* ---- reap ---- */

static int reap(char** v) {
  int n = atoi(v[1]), pidfds = !strcmp(v[0], "pidfd");
  int* fds = calloc((size_t)n, sizeof *fds);
  for (int i = 0; i < n; i++) {
    int fd = -1;
    pid_t p;
    if (pidfds) {
      struct clone_args ca = {
          .flags = CLONE_PIDFD, .pidfd = (unsigned long)&fd, .exit_signal = SIGCHLD};
      p = (pid_t)syscall(SYS_clone3, &ca, sizeof ca);
      fds[i] = fd;
    } else
      p = fork();
    if (p == 0) _exit(0);
    if (p < 0) err(1, "fork");
  }
  usleep(500000);
  int got = 0;
  long long t0 = now(CLOCK_MONOTONIC), c0 = now(CLOCK_PROCESS_CPUTIME_ID);
  if (!strcmp(v[0], "wait4")) {
    int st;
    while (waitpid(-1, &st, WNOHANG) > 0) got++;
  } else if (!strcmp(v[0], "waitid")) {
    siginfo_t si;
    while (si.si_pid = 0, waitid(P_ALL, 0, &si, WEXITED | WNOHANG) == 0 && si.si_pid) got++;
  } else {
    siginfo_t si;
    for (int i = 0; i < n; i++) {
      if (waitid(P_PIDFD, (id_t)fds[i], &si, WEXITED) == 0) got++;
      close(fds[i]);
    }
  }
  long long t1 = now(CLOCK_MONOTONIC), c1 = now(CLOCK_PROCESS_CPUTIME_ID);
  printf("%lld %lld %d\n", t1 - t0, c1 - c0, got);
  return got == n ? 0 : 1;
}

/* ---- copy ---- */

static int copy(char** v) {
  long long bytes = atoll(v[1]), done = 0, calls = 0;
  size_t chunk = (size_t)atoll(v[2]);
  int pipesz = atoi(v[3]), p[2];
  int sink = open(v[4], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (sink < 0) err(1, "%s", v[4]);
  if (pipe2(p, O_CLOEXEC)) err(1, "pipe");
  fcntl(p[1], F_SETPIPE_SZ, pipesz);
  char* buf = malloc(chunk);
  int direct = !strcmp(v[0], "none"); /* the writer owns the file itself */
  long long t0 = now(CLOCK_MONOTONIC), c0 = now(CLOCK_PROCESS_CPUTIME_ID);
  pid_t w = fork();
  if (w == 0) {
    static char data[65500];
    memset(data, 'x', sizeof data);
    for (size_t i = 99; i < sizeof data; i += 100) data[i] = '\n';
    int fd = direct ? sink : p[1];
    for (long long left = bytes; left > 0;) {
      ssize_t r = write(fd, data, left < (long long)sizeof data ? (size_t)left : sizeof data);
      if (r <= 0) _exit(1);
      left -= r;
    }
    _exit(0);
  }
  close(p[1]);
  while (!direct) {
    ssize_t r;
    calls++;
    if (!strcmp(v[0], "rw")) {
      r = read(p[0], buf, chunk);
      for (ssize_t o = 0; o < r;) {
        ssize_t k = write(sink, buf + o, (size_t)(r - o));
        if (k <= 0) err(1, "write");
        o += k;
      }
    } else {
      r = splice(p[0], NULL, sink, NULL, chunk, SPLICE_F_MOVE);
    }
    if (r < 0) err(1, "copy");
    if (r == 0) break;
    done += r;
  }
  int st;
  waitpid(w, &st, 0);
  long long t1 = now(CLOCK_MONOTONIC), c1 = now(CLOCK_PROCESS_CPUTIME_ID);
  printf("%lld %lld %lld\n", t1 - t0, c1 - c0, calls);
  return st == 0 && (direct || done == bytes) ? 0 : 1;
}

int main(int argc, char** argv) {
  if (argc == 7 && !strcmp(argv[1], "spawn")) return spawn(argv + 2);
  if (argc == 4 && !strcmp(argv[1], "reap")) return reap(argv + 2);
  if (argc == 7 && !strcmp(argv[1], "copy")) return copy(argv + 2);
  errx(2, "usage: see the source");
}
