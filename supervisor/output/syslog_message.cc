#include "supervisor/output/syslog_message.h"

#include <algorithm>
#include <charconv>

namespace pid1::output {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Up to the next space, which is taken with it.
std::string_view take_field(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view field = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return field == "-" ? std::string_view() : field;
}

// <PRI>, 0–191 without leading zeros.
void take_priority(std::string_view& text, SyslogMessage& message) {
  if (!text.starts_with('<')) return;
  unsigned priority = 0;
  const char* const first = text.data() + 1;
  const auto [end, error] =
      std::from_chars(first, text.data() + std::min<std::size_t>(4, text.size()), priority);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || priority > 191 || length >= text.size() || *end != '>') return;
  message.facility = priority / 8;
  message.severity = static_cast<Severity>(priority % 8);
  text.remove_prefix(length + 1);
}

// `[id name="value" …]…`, in which a backslash takes the meaning from what follows; or `-`.
void skip_structured_data(std::string_view& text) {
  if (!text.starts_with('[')) {
    take_field(text);
    return;
  }
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[at] == ' ' && text[at - 1] == ']') {
      break;
    }
  }
  text.remove_prefix(std::min(at + 1, text.size()));
}

void parse_new(std::string_view text, SyslogMessage& message) {
  take_field(text);  // version
  take_field(text);  // time
  take_field(text);  // host
  message.application = take_field(text);
  message.process = take_field(text);
  take_field(text);  // MSGID
  skip_structured_data(text);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  message.text = text;
}

// `Nov 25 23:02:25 `, the day filled up with a space; or a time of RFC 3339, as some write it.
void skip_date(std::string_view& text) {
  constexpr std::string_view form = "Mmm dd hh:mm:ss ";
  if (text.size() >= form.size() && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
      text[12] == ':' && text[15] == ' ') {
    text.remove_prefix(form.size());
  } else if (text.size() > 20 && is_digit(text[0]) && text[4] == '-' && text[7] == '-' &&
             text[10] == 'T') {
    take_field(text);
  }
}

bool is_tag(std::string_view word) {
  return word.size() > 1 && (word.ends_with(':') || word.find('[') != std::string_view::npos);
}

// `tag: text`, `tag[process]: text`, each with a host before or without.
void parse_old(std::string_view text, SyslogMessage& message) {
  skip_date(text);
  message.text = text;
  std::string_view rest = text;
  std::string_view word = take_field(rest);
  if (!is_tag(word)) {
    word = take_field(rest);
    if (!is_tag(word)) return;
  }
  const std::size_t end = word.find_first_of("[:");
  message.application = word.substr(0, end);
  if (word[end] == '[') {
    const std::size_t bracket = word.find(']', end);
    if (bracket != std::string_view::npos)
      message.process = word.substr(end + 1, bracket - end - 1);
  }
  message.text = rest;
}

}  // namespace

SyslogMessage parse_syslog(std::string_view datagram) {
  const std::size_t last = datagram.find_last_not_of(std::string_view("\r\n\0", 3));
  datagram = datagram.substr(0, last == std::string_view::npos ? 0 : last + 1);
  SyslogMessage message;
  take_priority(datagram, message);
  if (datagram.size() > 2 && datagram[0] == '1' && datagram[1] == ' ') {
    parse_new(datagram, message);
  } else {
    parse_old(datagram, message);
  }
  return message;
}

}  // namespace pid1::output
