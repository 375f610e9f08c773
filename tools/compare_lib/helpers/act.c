/* act WORD…: does as it is told, one word after the other, and reports to the FIFO that
 * COMPARE_REPORT names, a line each: its own process ID, a space, the text.
 *
 *   say=TEXT            report TEXT
 *   until=N             report "got S" for every blocked signal S, until signal N has come
 *   nap=MS              work for so long; signals that aren't blocked do what they do
 *   exit=N  die=N       end with this code, or killed by this signal
 *   fault               end by a null pointer
 *   child … end         a child does what is in between; nobody waits for it
 *   above … end         the other way round: a child does what follows, this process what is in
 *                       between
 *   watch               wait for every child; report "exit N" or "died N" for each
 *   zombies=N           N children that end at once; nobody waits for them
 *   orphans=N           N grandchildren that end at once, without a parent
 *   exec COMMAND…       become this program
 *
 * and, to arrange what a program inherits:
 *   block=N  unblock=N  ignore=N     signals; block=0 is all of them, those of the C library too
 *   close=FD  open=FD:PATH  tty=PATH (controlling terminal and standard streams)
 *   piped (standard input)  setsid  user=UID  root (all of the user IDs of a set-user-ID program)
 *   cwd=PATH  umask=N (octal)  env=NAME=VALUE  */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char* text) {
  char line[256];
  const char* path = getenv("COMPARE_REPORT");
  int n = snprintf(line, sizeof line, "%d %s\n", getpid(), text);
  int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
  if (fd < 0 || write(fd, line, (size_t)n) != n) _exit(124);
  close(fd);
}

static void say_number(const char* what, int n) {
  char text[64];
  snprintf(text, sizeof text, "%s %d", what, n);
  say(text);
}

/* The kernel's own call: the C library keeps signals 32 and 33 to itself. */
static void change_mask(int how, int signo) {
  uint64_t set = signo ? 1ull << (signo - 1) : ~0ull;
  if (syscall(SYS_rt_sigprocmask, how, &set, NULL, sizeof set)) err(124, "sigprocmask");
}

static void until(int last) {
  uint64_t blocked = 0;
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof blocked);
  for (;;) {
    long signo = syscall(SYS_rt_sigtimedwait, &blocked, NULL, NULL, sizeof blocked);
    if (signo <= 0) continue;
    say_number("got", (int)signo);
    if (signo == last) return;
  }
}

static void nap(int ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000l};
  while (nanosleep(&left, &left) && errno == EINTR)
    ;
}

static void die(int signo) {
  struct rlimit none = {0, 0};
  struct {
    void* handler;
    unsigned long flags;
    void* restorer;
    uint64_t mask;
  } by_default = {0};
  setrlimit(RLIMIT_CORE, &none);
  syscall(SYS_rt_sigaction, signo, &by_default, NULL, sizeof(uint64_t));
  change_mask(SIG_UNBLOCK, signo);
  syscall(SYS_kill, getpid(), signo);
  _exit(123);
}

static void fault(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  volatile int* volatile nowhere = NULL;
  *nowhere = 0;
}

static pid_t fork_or_end(void) {
  pid_t pid = fork();
  if (pid < 0) err(124, "fork");
  return pid;
}

static void orphan(void) {
  pid_t pid = fork_or_end();
  if (pid == 0) _exit(fork_or_end() == 0 ? 0 : 1);
  waitpid(pid, NULL, 0);
}

static void watch(void) {
  int status;
  for (pid_t pid; (pid = wait(&status)) > 0 || errno == EINTR;) {
    if (pid <= 0) continue;
    if (WIFEXITED(status)) say_number("exit", WEXITSTATUS(status));
    if (WIFSIGNALED(status)) say_number("died", WTERMSIG(status));
  }
}

static void take_terminal(const char* path) {
  int fd = open(path, O_RDWR);
  if (fd < 0) err(124, "%s", path);
  ioctl(fd, TIOCSCTTY, 0);
  for (int i = 0; i < 3; i++) dup2(fd, i);
  if (fd > 2) close(fd);
}

static void open_as(char* spec) {
  char* path = strchr(spec, ':');
  if (!path) errx(124, "open=FD:PATH");
  int wanted = atoi(spec), fd = open(path + 1, O_RDWR | O_NOCTTY);
  if (fd < 0) err(124, "%s", path + 1);
  if (fd != wanted) {
    dup2(fd, wanted);
    close(fd);
  }
}

static void read_a_pipe(void) {
  int ends[2];
  if (pipe(ends) || dup2(ends[0], 0) < 0) err(124, "pipe");
  close(ends[0]);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

static void become(uid_t id) {
  if (setgroups(0, NULL) || setgid(id) || setuid(id)) err(124, "user");
}

/* The word after the `end` that belongs to what begins before `words`. */
static char** after_end(char** words) {
  for (int depth = 1; *words; words++) {
    if (!strcmp(*words, "child") || !strcmp(*words, "above")) depth++;
    if (!strcmp(*words, "end") && --depth == 0) return words + 1;
  }
  errx(124, "no end");
}

static int with_value(const char* word, const char* name, char** value) {
  size_t n = strlen(name);
  if (strncmp(word, name, n) || word[n] != '=') return 0;
  *value = (char*)word + n + 1;
  return 1;
}

static void do_with_value(const char* word) {
  char* v;
  if (with_value(word, "say", &v)) return say(v);
  if (with_value(word, "until", &v)) return until(atoi(v));
  if (with_value(word, "nap", &v)) return nap(atoi(v));
  if (with_value(word, "exit", &v)) _exit(atoi(v));
  if (with_value(word, "die", &v)) return die(atoi(v));
  if (with_value(word, "block", &v)) return change_mask(SIG_BLOCK, atoi(v));
  if (with_value(word, "unblock", &v)) return change_mask(SIG_UNBLOCK, atoi(v));
  if (with_value(word, "ignore", &v)) return (void)signal(atoi(v), SIG_IGN);
  if (with_value(word, "close", &v)) return (void)close(atoi(v));
  if (with_value(word, "open", &v)) return open_as(v);
  if (with_value(word, "tty", &v)) return take_terminal(v);
  if (with_value(word, "user", &v)) return become((uid_t)atoi(v));
  if (with_value(word, "umask", &v)) return (void)umask((mode_t)strtol(v, NULL, 8));
  if (with_value(word, "env", &v)) return (void)putenv(v);
  if (with_value(word, "cwd", &v)) {
    if (chdir(v)) err(124, "%s", v);
    return;
  }
  if (with_value(word, "zombies", &v)) {
    for (int n = atoi(v); n > 0; n--)
      if (fork_or_end() == 0) _exit(0);
    return;
  }
  if (with_value(word, "orphans", &v)) {
    for (int n = atoi(v); n > 0; n--) orphan();
    return;
  }
  errx(124, "cannot understand %s", word);
}

int main(int argc, char** argv) {
  (void)argc;
  for (char** words = argv + 1; *words; words++) {
    const char* word = *words;
    if (!strcmp(word, "exec")) {
      execvp(words[1], words + 1);
      err(127, "%s", words[1]);
    } else if (!strcmp(word, "end"))
      _exit(0);
    else if (!strcmp(word, "child")) {
      if (fork_or_end() != 0) words = after_end(words + 1) - 1;
    } else if (!strcmp(word, "above")) {
      if (fork_or_end() == 0) words = after_end(words + 1) - 1;
    } else if (!strcmp(word, "watch"))
      watch();
    else if (!strcmp(word, "fault"))
      fault();
    else if (!strcmp(word, "setsid"))
      setsid();
    else if (!strcmp(word, "piped"))
      read_a_pipe();
    else if (!strcmp(word, "root")) {
      if (setuid(0)) err(124, "root");
    } else
      do_with_value(word);
  }
  return 0;
}
