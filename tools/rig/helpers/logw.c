/* The chatty service: BENCH_LOG="BYTES LINES" writes BYTES of 100-byte lines
 * to stdout, LINES lines to a write(2). Each line carries the service id and a
 * sequence number, for logcheck. */
#include "raw.h"

#define LINE 100
#define MAXLINES 655
static char buf[LINE * MAXLINES];

static void digits(char* p, u64 v, int n) {
  while (n--) {
    p[n] = (char)('0' + v % 10);
    v /= 10;
  }
}

void start_c(long* sp) {
  u64 t0 = now_ns();
  int argc = (int)sp[0];
  char **argv = (char**)(sp + 1), **envp = argv + argc + 1;
  u64 set;
  block_all(&set);
  identify(argc, argv, envp);
  record_at(t0, EV_START, 0, 0);
  const char* spec = env(envp, "BENCH_LOG=");
  if (!spec) spec = "1000000 1";
  u64 lines = number(&spec) / LINE, per = number(&spec), seq = 0;
  if (per < 1) per = 1;
  if (per > MAXLINES) per = MAXLINES;
  for (u64 i = 0; i < MAXLINES; i++) {
    char* l = buf + i * LINE;
    digits(l, rec_id, 8);
    l[8] = ':';
    l[21] = ':';
    for (int j = 22; j < LINE - 1; j++) l[j] = (char)('a' + j % 26);
    l[LINE - 1] = '\n';
  }
  wait_go(envp);
  record_at(now_ns(), EV_BEGIN, 0, 0);
  u32 errors = 0;
  while (seq < lines && !errors) {
    u64 n = lines - seq < per ? lines - seq : per;
    for (u64 i = 0; i < n; i++) digits(buf + i * LINE + 9, seq + i, 12);
    u64 off = 0;
    while (off < n * LINE) {
      long r = sys(__NR_write, 1, buf + off, n * LINE - off, 0);
      if (r > 0)
        off += (u64)r;
      else if (r == -EAGAIN_)
        nap_us(100); /* someone made our pipe non-blocking */
      else if (r != -EINTR_) {
        errors++;
        break;
      }
    }
    seq += n;
  }
  record_at(now_ns(), EV_END, errors, seq);
  serve_signals(&set);
}
