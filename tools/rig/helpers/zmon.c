/* zmon COUNT_FILE GO_FILE QUIET_MS TIMEOUT_MS: read the number of processes in
 * a pids cgroup (zombies count until they are reaped), create GO_FILE, then
 * sample twice a millisecond until the number has been back at the first
 * reading for QUIET_MS. Prints: base max last_above_ns go_ns final samples. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static long count(int fd) {
  char b[32];
  ssize_t n = pread(fd, b, sizeof b - 1, 0);
  if (n <= 0) err(1, "count");
  b[n] = 0;
  return strtol(b, NULL, 10);
}

int main(int argc, char** argv) {
  if (argc != 5) errx(2, "usage");
  int fd = open(argv[1], O_RDONLY);
  if (fd < 0) err(1, "%s", argv[1]);
  long long quiet = atoll(argv[3]) * 1000000ll, limit = atoll(argv[4]) * 1000000ll;
  long base = count(fd), max = base, n = base, samples = 0;
  int go = open(argv[2], O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (go < 0) err(1, "%s", argv[2]);
  close(go);
  long long t0 = now(), last = t0, t = t0;
  int seen = 0;
  while (t - t0 < limit) {
    n = count(fd);
    t = now();
    samples++;
    if (n > max) max = n;
    if (n > base) {
      last = t;
      seen = 1;
    } else if (seen && t - last > quiet)
      break;
    struct timespec nap = {0, 500000};
    nanosleep(&nap, NULL);
  }
  printf("%ld %ld %lld %lld %ld %ld\n", base, max, last, t0, n, samples);
  return 0;
}
