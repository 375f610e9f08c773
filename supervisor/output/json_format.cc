#include "supervisor/output/json_format.h"

#include "supervisor/output/text_scan.h"
#include "supervisor/output/timestamp.h"

namespace pid1::output {
namespace {

void append_escape(unsigned code, std::string& result) {
  static constexpr char digits[] = "0123456789abcdef";
  result.append({'\\', 'u', '0', '0', digits[code >> 4], digits[code & 0xF]});
}

// Appends what text begins with, which is no plain run; returns its length.
std::size_t append_special(std::string_view text, std::string& result) {
  const auto byte = static_cast<unsigned char>(text.front());
  switch (text.front()) {
    case '"': result.append("\\\""); return 1;
    case '\\': result.append("\\\\"); return 1;
    case '\t': result.append("\\t"); return 1;
    case '\r': result.append("\\r"); return 1;
    case '\n': result.append("\\n"); return 1;
    default: break;
  }
  if (byte < 0x20 || byte == 0x7F) {
    append_escape(byte, result);
    return 1;
  }
  if (const std::size_t length = visible_character(text); length > 0) {
    result.append(text.substr(0, length));
    return length;
  }
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  if (byte == 0xC2 && second >= 0x80 && second < 0xA0) {
    append_escape(second, result);
    return 2;
  }
  result.append("\xEF\xBF\xBD");
  return 1;
}

std::string member(std::string_view name, std::string_view value) {
  std::string text = "\"";
  append_json_text(name, text);
  text += "\":\"";
  append_json_text(value, text);
  return text + '"';
}

std::string describe(const Origin& origin) {
  std::string text = "," + member("service", origin.service);
  if (origin.replica > 0) text += ",\"replica\":" + std::to_string(origin.replica);
  if (!origin.tag.empty()) text += "," + member("tag", origin.tag);
  std::string separator = ",\"labels\":{";
  for (const auto& [name, value] : origin.labels) {
    text += separator + member(name, value);
    separator = ",";
  }
  if (!origin.labels.empty()) text += '}';
  return text + "," + member("stream", origin.stream == Stream::out ? "stdout" : "stderr");
}

}  // namespace

void append_json_text(std::string_view text, std::string& result) {
  while (true) {
    const std::size_t plain = json_run(text);
    result.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    text.remove_prefix(append_special(text, result));
  }
}

JsonFormat::JsonFormat(const Origin& origin) : origin_(describe(origin)) { begin({}); }

void JsonFormat::begin(const Moment& moment) {
  head_.assign("{\"time\":\"").append(Timestamp(moment.time).text()).append("\"").append(origin_);
  if (moment.pid > 0) head_.append(",\"pid\":").append(std::to_string(moment.pid));
  head_.append(",\"message\":\"");
}

void JsonFormat::append(const Line& line, std::string& text) const {
  text.append(head_);
  append_json_text(line.text, text);
  text.append(goes_on(line.part) ? "\",\"partial\":true}\n" : "\"}\n");
}

}  // namespace pid1::output
