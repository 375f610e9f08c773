#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "supervisor/output/line.h"

namespace pid1::output {

// How a line looks where it goes. `raw` has no formatter: the bytes go as they came. `syslog`: a
// message of RFC 5424 (syslog_format.h).
enum class FormatKind : std::uint8_t { prefix, json, raw, syslog };

// Whether lines go to a terminal, which must not be told to clear itself or to move its cursor.
enum class Reader : std::uint8_t { program, terminal };

// `--color`.
enum class ColorChoice : std::uint8_t { automatic, always, never };

// Whether to use colour: on a terminal, unless NO_COLOR is set to something (no-color.org) or TERM
// is dumb. Null: not set.
bool wants_color(ColorChoice choice, Reader reader, const char* no_color, const char* term);

// Whose lines they are.
struct Origin {
  std::string service;
  std::uint32_t replica = 0;  // 1-based; 0: the service has one instance
  Stream stream = Stream::out;
  std::string tag = {};  // shown in place of the service's name; empty: none
  std::vector<std::pair<std::string, std::string>> labels = {};
};

struct FormatOptions {
  FormatKind kind = FormatKind::prefix;
  Reader reader = Reader::program;
  bool timestamps = false;     // prefix: before the text. JSON has them in any case.
  std::size_t name_width = 0;  // prefix: names are filled up to it, in characters
  int color = -1;              // prefix: the place of the service's colour; -1: none
  std::string host = {};       // syslog: this machine's name; empty: not known
};

// Turns the lines of one stream into text.
class Format {
 public:
  virtual ~Format() = default;
  Format(const Format&) = delete;
  Format& operator=(const Format&) = delete;

  // What is appended from here on has this in common. Once per read, not per line.
  virtual void begin(const Moment& moment) = 0;
  // Appends the line with what belongs to it and a newline.
  virtual void append(const Line& line, std::string& text) const = 0;

 protected:
  Format() = default;
};

// Null for raw.
std::unique_ptr<Format> make_format(const Origin& origin, const FormatOptions& options);

// The name that lines of this origin are shown by: tag, or service, with its replica.
std::string shown_name(const Origin& origin);
// How many characters wide it is, for FormatOptions::name_width.
std::size_t width_of(std::string_view name);

}  // namespace pid1::output
