/* nsexec: run a command as PID 1 of a fresh PID and mount namespace, and stamp
 * its exec and its exit.
 *
 *   nsexec -e EVENTS [-g CGROUP_DIR]... [-n] [-r ROOT] [-b SRC:DST]...
 *          [-o STDOUT] -- COMMAND ARG...
 *
 *   -e  event file (see record.h)
 *   -g  cgroup directory the command joins (repeatable; v1 or v2)
 *   -n  also a fresh, empty network namespace
 *   -r  chroot there (proc is mounted inside)
 *   -b  bind mount, DST as seen after -r
 *   -o  file for the command's stdout and stderr (default /dev/null)
 *
 * The command dies with nsexec, and nsexec with its parent. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

static int events = -1;

static unsigned long long clock_ns(clockid_t c) {
  struct timespec t;
  clock_gettime(c, &t);
  return (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec;
}

static void rec(unsigned kind, unsigned a) {
  struct record r = {0, kind, 0, (unsigned)getpid(), a, clock_ns(CLOCK_PROCESS_CPUTIME_ID)};
  r.ts = clock_ns(CLOCK_MONOTONIC);
  if (events >= 0 && write(events, &r, sizeof r) != sizeof r) err(1, "event");
}

static void put(const char* dir, const char* name, const char* text) {
  char p[PATH_MAX];
  snprintf(p, sizeof p, "%s/%s", dir, name);
  int fd = open(p, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) err(1, "%s", p);
  close(fd);
}

static void bind_in(const char* root, char* spec) {
  char dst[PATH_MAX], *colon = strchr(spec, ':');
  if (!colon) errx(2, "-b SRC:DST");
  *colon = 0;
  snprintf(dst, sizeof dst, "%s%s", root ? root : "", colon + 1);
  if (mount(spec, dst, NULL, MS_BIND | MS_REC, NULL)) err(1, "bind %s on %s", spec, dst);
}

int main(int argc, char** argv) {
  const char *root = NULL, *out = "/dev/null", *cgroups[8];
  char *binds[16], proc[PATH_MAX];
  int flags = CLONE_NEWPID | CLONE_NEWNS, c, ncg = 0, nb = 0;
  while ((c = getopt(argc, argv, "+e:g:nr:b:o:")) != -1) {
    switch (c) {
      case 'e':
        if ((events = open(optarg, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666)) < 0)
          err(1, "%s", optarg);
        break;
      case 'g':
        if (ncg < 8) cgroups[ncg++] = optarg;
        break;
      case 'n': flags |= CLONE_NEWNET; break;
      case 'r': root = optarg; break;
      case 'b':
        if (nb < 16) binds[nb++] = optarg;
        break;
      case 'o': out = optarg; break;
      default: return 2;
    }
  }
  if (optind >= argc) errx(2, "no command");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (unshare(flags)) err(1, "unshare");
  pid_t pid = fork();
  if (pid < 0) err(1, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < ncg; i++) put(cgroups[i], "cgroup.procs", "0");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) err(1, "private");
    for (int i = 0; i < nb; i++) bind_in(root, binds[i]);
    snprintf(proc, sizeof proc, "%s/proc", root ? root : "");
    if (mount("proc", proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) err(1, "proc");
    int in = open("/dev/null", O_RDONLY);
    int o = open(out, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (in < 0 || o < 0) err(1, "stdio");
    if (root && (chroot(root) || chdir("/"))) err(1, "chroot");
    struct rlimit files = {20000, 20000};
    if (setrlimit(RLIMIT_NOFILE, &files)) err(1, "RLIMIT_NOFILE");
    setsid();
    dup2(in, 0);
    dup2(o, 1);
    dup2(o, 2);
    closefrom(events >= 0 && events == 3 ? 4 : 3);
    rec(EV_EXEC, 0);
    execvp(argv[optind], argv + optind);
    _exit(127);
  }
  rec(EV_PID, (unsigned)pid);
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  rec(EV_EXIT, (unsigned)status);
  return 0;
}
