/* sigping PID COUNT INTERVAL_US EVENTS: send COUNT SIGUSR1, stamping each. */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

int main(int argc, char** argv) {
  if (argc != 5) errx(2, "usage");
  pid_t pid = atoi(argv[1]);
  int n = atoi(argv[2]);
  long us = atol(argv[3]);
  int fd = open(argv[4], O_WRONLY | O_APPEND);
  if (fd < 0) err(1, "%s", argv[4]);
  for (int i = 0; i < n; i++) {
    struct timespec t, nap = {us / 1000000, us % 1000000 * 1000};
    clock_gettime(CLOCK_MONOTONIC, &t);
    if (kill(pid, SIGUSR1)) err(1, "kill");
    struct record r = {(unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec,
                       EV_KILL,
                       0,
                       0,
                       (unsigned)i,
                       0};
    if (write(fd, &r, sizeof r) != sizeof r) err(1, "event");
    nanosleep(&nap, NULL);
  }
  return 0;
}
