#include "supervisor/system/gzip.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>

namespace pid1::system {
namespace {

// zlib.h, deflateInit2: 16 more than the window's bits asks for a gzip header.
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

using Buffer = std::array<unsigned char, std::size_t{64} << 10>;

int write_all(int fd, const unsigned char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(fd, bytes, count);
    if (written < 0 && errno != EINTR) return errno;
    if (written <= 0) continue;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return 0;
}

// Writes what comes out until it waits for more, or with Z_FINISH until the end.
int drain(z_stream& stream, int flush, int to, Buffer& out) {
  int status = Z_OK;
  do {
    stream.next_out = out.data();
    stream.avail_out = static_cast<unsigned>(out.size());
    status = ::deflate(&stream, flush);
    if (const int error = write_all(to, out.data(), out.size() - stream.avail_out)) return error;
  } while (stream.avail_out == 0);
  return status == Z_STREAM_ERROR ? EINVAL : 0;
}

int compress(z_stream& stream, int from, int to, Buffer& in, Buffer& out) {
  while (true) {
    const ssize_t count = ::read(from, in.data(), in.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    stream.next_in = in.data();
    stream.avail_in = static_cast<unsigned>(count);
    const int flush = count == 0 ? Z_FINISH : Z_NO_FLUSH;
    if (const int error = drain(stream, flush, to, out); error != 0 || count == 0) return error;
  }
}

}  // namespace

int gzip(int from, int to) {
  z_stream stream = {};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    return ENOMEM;
  }
  static Buffer in;
  static Buffer out;
  const int error = compress(stream, from, to, in, out);
  ::deflateEnd(&stream);
  if (error != 0) return error;
  // Pipes and their like have no disk to be on.
  return ::fsync(to) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
}

void become_unimportant() {
  constexpr int this_process = 1;      // IOPRIO_WHO_PROCESS
  constexpr int idle_class = 3 << 13;  // IOPRIO_CLASS_IDLE (linux/ioprio.h)
  const struct sched_param none = {};
  ::sched_setscheduler(0, SCHED_IDLE, &none);
  ::setpriority(PRIO_PROCESS, 0, PRIO_MAX - 1);
  ::syscall(SYS_ioprio_set, this_process, 0, idle_class);
}

}  // namespace pid1::system
