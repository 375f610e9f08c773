/* floor: what the job costs at the least. The smallest supervisor that can
 * take part in the measurements, as a yardstick: no configuration, no logs, no
 * back-off, no checks.
 *
 *   floor [-m fork|vfork|spawn|clone3] N PROGRAM EVENTS   supervise N services
 *   floor -1 -- COMMAND ARG...                            single-command init
 */
#define _GNU_SOURCE
#include <err.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;
enum how { FORK, VFORK, SPAWN, CLONE3 };

static enum how how = VFORK;
static pid_t* pids;
static int* slot; /* pid -> service + 1 */
static long pid_max = 1 << 22;
static sigset_t none;

static void child(char** argv) {
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(argv[0], argv, environ);
  _exit(127);
}

static pid_t start(char** argv) {
  pid_t pid = -1;
  switch (how) {
    case FORK:
      if ((pid = fork()) == 0) child(argv);
      break;
    case VFORK:
      if ((pid = vfork()) == 0) child(argv);
      break;
    case SPAWN: {
      posix_spawnattr_t a;
      posix_spawnattr_init(&a);
      posix_spawnattr_setsigmask(&a, &none);
      posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSIGMASK);
      if (posix_spawn(&pid, argv[0], NULL, &a, argv, environ)) pid = -1;
      posix_spawnattr_destroy(&a);
      break;
    }
    case CLONE3: {
      int fd = -1;
      struct clone_args ca = {
          .flags = CLONE_VFORK | CLONE_PIDFD, .pidfd = (unsigned long)&fd, .exit_signal = SIGCHLD};
      if ((pid = (pid_t)syscall(SYS_clone3, &ca, sizeof ca)) == 0) child(argv);
      if (fd >= 0) close(fd);
      break;
    }
  }
  if (pid < 0) err(1, "start");
  return pid;
}

int main(int argc, char** argv) {
  int c, single = 0, n = 1;
  while ((c = getopt(argc, argv, "+1m:")) != -1) {
    if (c == '1')
      single = 1;
    else if (c == 'm')
      how = !strcmp(optarg, "fork")     ? FORK
            : !strcmp(optarg, "spawn")  ? SPAWN
            : !strcmp(optarg, "clone3") ? CLONE3
                                        : VFORK;
    else
      return 2;
  }
  argv += optind;
  argc -= optind;
  if (argc < 1 || (!single && argc < 3)) errx(2, "usage");
  if (!single) n = atoi(argv[0]);
  pids = calloc((size_t)n, sizeof *pids);
  slot = calloc((size_t)pid_max, sizeof *slot); /* untouched pages cost nothing */
  if (!pids || !slot) err(1, "memory");

  sigset_t set;
  sigemptyset(&none);
  sigfillset(&set);
  sigprocmask(SIG_BLOCK, &set, NULL);

  char id[16], *args[] = {single ? NULL : argv[1], id, single ? NULL : argv[2], NULL};
  for (int i = 0; i < n; i++) {
    snprintf(id, sizeof id, "%d", i);
    pids[i] = start(single ? argv : args);
    slot[pids[i]] = i + 1;
  }
  int stopping = 0, left = n;
  while (left > 0) {
    int s = sigwaitinfo(&set, NULL);
    if (s == SIGCHLD) {
      pid_t p;
      int status;
      while ((p = waitpid(-1, &status, WNOHANG)) > 0) {
        int i = slot[p] - 1;
        slot[p] = 0;
        if (i < 0) continue;
        if (stopping || single) {
          pids[i] = 0;
          left--;
          continue;
        }
        snprintf(id, sizeof id, "%d", i);
        pids[i] = start(args);
        slot[pids[i]] = i + 1;
      }
    } else if (s > 0) {
      if (s == SIGTERM || s == SIGINT) stopping = 1;
      for (int i = 0; i < n; i++)
        if (pids[i]) kill(pids[i], s);
    }
  }
  return 0;
}
