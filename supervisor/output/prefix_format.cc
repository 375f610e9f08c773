#include "supervisor/output/prefix_format.h"

#include <array>

#include "supervisor/output/harmless.h"
#include "supervisor/output/timestamp.h"

namespace pid1::output {
namespace {

constexpr std::string_view kCut = "[...]";

// Those of the sixteen colours that are legible on a dark and on a light ground, as far apart as
// they can be for neighbours (ECMA-48, SGR).
constexpr std::array<std::string_view, 10> kColors = {
    "\x1b[36m",   "\x1b[33m",   "\x1b[32m",   "\x1b[35m",   "\x1b[34m",
    "\x1b[36;1m", "\x1b[33;1m", "\x1b[32;1m", "\x1b[35;1m", "\x1b[34;1m",
};
constexpr std::string_view kPlain = "\x1b[0m";

std::string decorated_name(const Origin& origin, const FormatOptions& options) {
  std::string name;
  append_harmless(shown_name(origin), name);
  const std::size_t width = width_of(name);
  if (width < options.name_width) name.append(options.name_width - width, ' ');
  name += " |";
  if (options.color < 0) return name + ' ';
  std::string colored{kColors[static_cast<std::size_t>(options.color) % kColors.size()]};
  return colored.append(name).append(kPlain).append(" ");
}

}  // namespace

PrefixFormat::PrefixFormat(const Origin& origin, const FormatOptions& options)
    : reader_(options.reader),
      timestamps_(options.timestamps),
      name_(decorated_name(origin, options)),
      prefix_(name_) {}

void PrefixFormat::begin(const Moment& moment) {
  if (!timestamps_) return;
  prefix_.resize(name_.size());
  prefix_.append(Timestamp(moment.time).text()).push_back(' ');
}

void PrefixFormat::append(const Line& line, std::string& text) const {
  text.append(prefix_);
  if (line.part == Part::middle || line.part == Part::last) text.append(kCut);
  switch (reader_) {
    case Reader::program: text.append(line.text); break;
    case Reader::terminal: {
      // Programs that write for terminals of old end their lines with CR LF.
      const bool old = line.text.ends_with('\r') && !goes_on(line.part);
      append_harmless(line.text.substr(0, line.text.size() - (old ? 1 : 0)), text);
      break;
    }
  }
  if (goes_on(line.part)) text.append(kCut);
  text.push_back('\n');
}

}  // namespace pid1::output
