// How fast lines go from services' pipes to a file, beside a loop that only reads and writes:
//   log_bench [--mib N] [--rounds N] [--folder FOLDER on tmpfs] [--lines BYTES a line]
//             [--only PART of a case's name] [--buffer BYTES of one read]
// Prints, for each case, the median of MB/s and of CPU seconds for each GiB, and the rate's ratio
// to that of the raw loop. Rounds are interleaved.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/output/asio_loop.h"
#include "supervisor/output/console_sink.h"
#include "supervisor/output/file_sink.h"
#include "supervisor/output/router.h"
#include "supervisor/system/pipe.h"

namespace {

using namespace pid1;
using output::FormatKind;

struct Settings {
  std::size_t mib = 1024;
  int rounds = 5;
  std::string folder = "/dev/shm";
  std::size_t line = 100;
  std::size_t buffer = output::RouterOptions().buffer;
  std::string only;  // part of a case's name
};

struct Case {
  std::string name;
  std::optional<FormatKind> format;  // none: the raw loop
  std::size_t services = 1;
  std::size_t write = 65'500;  // bytes of each write of a service
  bool to_null = false;
  bool listens = false;
  std::size_t share = 1;  // of the bytes, where each takes longer
};

struct Rate {
  double seconds = 0;
  double cpu = 0;
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_now() {
  struct rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A child that writes so many bytes of lines.
void start_writer(int fd, std::size_t bytes, std::size_t line, std::size_t write_size) {
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid > 0) return;
  std::string lines;
  while (lines.size() < write_size) lines += std::string(line - 1, 'x') + "\n";
  lines.resize(write_size / line > 0 ? write_size / line * line : line);
  for (std::size_t left = bytes; left > 0;) {
    const ssize_t count = ::write(fd, lines.data(), std::min(left, lines.size()));
    if (count <= 0) ::_exit(1);
    left -= static_cast<std::size_t>(count);
  }
  ::_exit(0);
}

void await_writers(std::size_t count) {
  for (; count > 0; --count) {
    int status = 0;
    if (::wait(&status) < 0 || status != 0) fail("a writer");
  }
}

int open_target(const Settings& settings, const Case& what) {
  const std::string path = what.to_null ? "/dev/null" : settings.folder + "/log_bench.raw";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) fail(path.c_str());
  return fd;
}

Rate run_raw(const Settings& settings, const Case& what) {
  const int target = open_target(settings, what);
  auto pipe = system::make_pipe(1u << 20);
  start_writer(pipe->writing.get(), (settings.mib << 20) / what.share, settings.line, what.write);
  pipe->writing.reset();
  ::fcntl(pipe->reading.get(), F_SETFL, 0);
  std::vector<char> buffer(128u << 10);
  const double cpu = cpu_now();
  const double start = now();
  while (true) {
    const ssize_t count = ::read(pipe->reading.get(), buffer.data(), buffer.size());
    if (count < 0) fail("read");
    if (count == 0) break;
    if (::write(target, buffer.data(), static_cast<std::size_t>(count)) != count) fail("write");
  }
  const Rate rate = {.seconds = now() - start, .cpu = cpu_now() - cpu};
  ::close(target);
  await_writers(1);
  return rate;
}

Rate run_router(const Settings& settings, const Case& what) {
  boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  output::AsioLoop loop(context);
  const int null = open_target(settings, {.name = "", .format = {}, .to_null = true});
  const auto note = [](std::uint64_t, std::string&) { std::abort(); };
  std::vector<std::unique_ptr<output::Sink>> sinks;
  output::Router router(loop, {.routes = what.services, .buffer = settings.buffer});
  std::vector<system::Pipe> pipes;
  for (std::size_t i = 0; i < what.services; ++i) {
    const std::string name = "service" + std::to_string(i);
    const std::string path = settings.folder + "/log_bench." + name;
    ::unlink(path.c_str());
    if (what.to_null) {
      sinks.push_back(std::make_unique<output::ConsoleSink>(loop, null, 1u << 20, note));
    } else {
      sinks.push_back(
          std::make_unique<output::FileSink>(loop, output::FileOptions{.path = path}, note, nullptr,
                                             [](const std::string& text) { fail(text.c_str()); }));
    }
    const output::Route route = router.add({.service = name,
                                            .format = {.kind = *what.format, .name_width = 10},
                                            .sinks = {sinks.back().get(), sinks.back().get()}});
    if (what.listens) router.listen(route, [](const output::Line&) {});
    pipes.push_back(std::move(*system::make_pipe(1u << 20)));
  }
  for (std::size_t i = 0; i < what.services; ++i) {
    start_writer(pipes[i].writing.get(), (settings.mib << 20) / what.services / what.share,
                 settings.line, what.write);
  }
  const double cpu = cpu_now();
  const double start = now();
  for (std::size_t i = 0; i < what.services; ++i) {
    pipes[i].writing.reset();
    router.connect(i, output::Stream::out, std::move(pipes[i].reading));
  }
  while (!router.idle()) context.run_one();
  const Rate rate = {.seconds = now() - start, .cpu = cpu_now() - cpu};
  await_writers(what.services);
  for (std::size_t i = 0; i < what.services; ++i) {
    ::unlink((settings.folder + "/log_bench.service" + std::to_string(i)).c_str());
  }
  ::close(null);
  return rate;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--mib") settings.mib = std::strtoul(argv[i + 1], nullptr, 10);
    if (flag == "--rounds") settings.rounds = std::atoi(argv[i + 1]);
    if (flag == "--folder") settings.folder = argv[i + 1];
    if (flag == "--buffer") settings.buffer = std::strtoul(argv[i + 1], nullptr, 10);
    if (flag == "--only") settings.only = argv[i + 1];
    if (flag == "--lines") settings.line = std::strtoul(argv[i + 1], nullptr, 10);
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = parse(argc, argv);
  std::vector<Case> cases = {
      {.name = "file: read and write", .format = {}},
      {.name = "file: raw", .format = FormatKind::raw},
      {.name = "file: prefix", .format = FormatKind::prefix},
      {.name = "file: JSON", .format = FormatKind::json},
      {.name = "file: raw, listener", .format = FormatKind::raw, .listens = true},
      {.name = "file: raw, 10 services", .format = FormatKind::raw, .services = 10},
      {.name = "file: prefix, 10 services", .format = FormatKind::prefix, .services = 10},
      {.name = "null: read and write", .format = {}, .to_null = true},
      {.name = "null: raw", .format = FormatKind::raw, .to_null = true},
      {.name = "null: prefix", .format = FormatKind::prefix, .to_null = true},
      {.name = "null: JSON", .format = FormatKind::json, .to_null = true},
      {.name = "file: read and write, a line a write", .format = {}, .write = 1, .share = 16},
      {.name = "file: raw, a line a write", .format = FormatKind::raw, .write = 1, .share = 16},
      {.name = "file: prefix, a line a write",
       .format = FormatKind::prefix,
       .write = 1,
       .share = 16},
  };
  std::erase_if(cases, [&](const Case& what) {
    return what.format && what.name.find(settings.only) == std::string::npos;
  });
  std::map<std::string, std::vector<Rate>> rates;
  for (int round = 0; round < settings.rounds; ++round) {
    for (const Case& what : cases) {
      rates[what.name].push_back(what.format ? run_router(settings, what)
                                             : run_raw(settings, what));
    }
  }
  double raw = 0;
  std::printf("%-38s %8s %10s %6s\n", "", "MB/s", "CPU s/GiB", "ratio");
  for (const Case& what : cases) {
    std::vector<double> seconds;
    std::vector<double> cpus;
    for (const Rate& rate : rates[what.name]) {
      seconds.push_back(rate.seconds);
      cpus.push_back(rate.cpu);
    }
    const double bytes = static_cast<double>((settings.mib << 20) / what.share);
    const double speed = bytes / 1e6 / median(seconds);
    if (!what.format) raw = speed;
    std::printf("%-38s %8.0f %10.2f %6.2f\n", what.name.c_str(), speed,
                median(cpus) * 0x1p30 / bytes, speed / raw);
  }
  ::unlink((settings.folder + "/log_bench.raw").c_str());
}
