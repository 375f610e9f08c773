/* logcheck LINES FILE...: read the files in order and check what logw wrote.
 * A line is whole if its last 100 bytes are a logw line (anything may stand
 * before them: a prefix, a time stamp). Prints
 *   bytes whole malformed lost duplicated disordered
 * where lost counts against LINES for each service id seen. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE 100
#define IDS 4096

static long long next[IDS];
static char seen[IDS];

static long long digits(const char* p, int n) {
  long long v = 0;
  for (int i = 0; i < n; i++) {
    if (!isdigit((unsigned char)p[i])) return -1;
    v = v * 10 + (p[i] - '0');
  }
  return v;
}

int main(int argc, char** argv) {
  if (argc < 3) errx(2, "usage");
  long long want = atoll(argv[1]), bytes = 0, whole = 0, bad = 0, dup = 0, dis = 0, got = 0;
  char* line = NULL;
  size_t cap = 0;
  static char iobuf[1 << 20];
  for (int i = 2; i < argc; i++) {
    FILE* f = fopen(argv[i], "r");
    if (!f) err(1, "%s", argv[i]);
    setvbuf(f, iobuf, _IOFBF, sizeof iobuf);
    ssize_t n;
    while ((n = getline(&line, &cap, f)) > 0) {
      bytes += n;
      const char* p = line + n - LINE;
      long long id, seq;
      int ok = n >= LINE && line[n - 1] == '\n' && p[8] == ':' && p[21] == ':' &&
               (id = digits(p, 8)) >= 0 && id < IDS && (seq = digits(p + 9, 12)) >= 0;
      for (int j = 22; ok && j < LINE - 1; j++) ok = p[j] == 'a' + j % 26;
      if (!ok) {
        bad++;
        continue;
      }
      whole++;
      seen[id] = 1;
      if (seq == next[id]) {
        next[id]++;
        got++;
      } else if (seq < next[id])
        dup++;
      else {
        dis++;
        got++;
        next[id] = seq + 1;
      }
    }
    fclose(f);
  }
  long long total = 0;
  for (int i = 0; i < IDS; i++) total += seen[i] ? want : 0;
  printf("%lld %lld %lld %lld %lld %lld\n", bytes, whole, bad, total - got, dup, dis);
  return 0;
}
