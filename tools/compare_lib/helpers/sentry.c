/* sentry FD: the program of the start-up race. Writes one byte to FD for each thing that happens:
 * R it runs and loses no signal from now on, T SIGTERM came (then it ends), F the fence came. */
#include "raw.h"

#define SIGPWR_ 30

static void tell(int fd, const char* byte) { sys(__NR_write, fd, byte, 1, 0); }

void start_c(long* sp) {
  char** argv = (char**)(sp + 1);
  u64 set;
  block_all(&set);
  const char* s = sp[0] > 1 ? argv[1] : "";
  int fd = (int)number(&s);
  tell(fd, "R");
  for (;;) {
    switch (wait_signal(&set)) {
      case SIGTERM_:
        tell(fd, "T");
        leave(0);
        break;
      case SIGPWR_: tell(fd, "F"); break;
      default: break;
    }
  }
}
