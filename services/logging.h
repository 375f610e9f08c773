#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pid1 {

// Where lines of output go.
enum class LogDriver {
  console,  // `stdout`: pid1's own standard output and error
  file,
  syslog,
  none,     // nowhere; the last ones are remembered all the same
  inherit,  // the service has pid1's own descriptors, and pid1 sees nothing of it
};

// What a line looks like there.
enum class LogFormat { prefix, json, raw };

// What becomes of the writer when where the lines go is too slow.
enum class LogMode {
  blocking,      // it waits
  non_blocking,  // its oldest lines are lost
};

// How much pid1 itself says.
enum class Verbosity { debug, info, warning, error };

// What becomes of the output of a service, or of pid1's own messages.
struct Logging {
  LogDriver driver = LogDriver::console;
  LogFormat format = LogFormat::raw;
  LogMode mode = LogMode::blocking;
  std::uint64_t max_buffer = std::uint64_t{1} << 20;  // bytes; non_blocking
  std::string tag;                                    // shown in place of the name; empty: none
  std::vector<std::pair<std::string, std::string>> labels;  // shown in JSON
  bool timestamps = false;                                  // prefix
  bool attach = true;           // console: false: nothing of it is shown there
  std::string path;             // file: absolute
  std::uint64_t max_size = 0;   // file: bytes, then it is rotated; 0: never
  std::uint32_t max_files = 1;  // file: with those that were rotated
  bool compress = false;        // file: those that were rotated
  std::string address;          // syslog: as docs/reference/config.md has it; empty: /dev/log
  bool operator==(const Logging&) const = default;
};

}  // namespace pid1
