// The first byte chooses one of the small languages within a configuration; the rest is its text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "config/dotenv.h"
#include "config/interpolation.h"
#include "config/scalars.h"
#include "config/shell_words.h"

namespace pid1::config {
namespace {

constexpr std::string_view kSecret = "hunter2";

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<std::string> look_up(std::string_view name) {
  if (name == "A") return "${B}$$";
  if (name == "B") return "";
  if (name == "S") return std::string(kSecret);
  return std::nullopt;
}

void interpolate_text(std::string_view text) {
  const auto result = interpolate(text, look_up);
  const auto* error = std::get_if<ScalarError>(&result);
  if (error == nullptr || text.find(kSecret) != std::string_view::npos) return;
  require(error->message.find(kSecret) == std::string::npos);
  require(error->hint.find(kSecret) == std::string::npos);
}

void split(std::string_view text) {
  const auto result = split_shell_words(text);
  const auto* words = std::get_if<std::vector<std::string>>(&result);
  if (words == nullptr) return;
  // In single quotes each word is read back as it is.
  std::string quoted_words;
  for (const std::string& word : *words) {
    std::string quoted_word = "'";
    for (const char c : word) quoted_word += c == '\'' ? "'\\''" : std::string(1, c);
    quoted_words += quoted_word + "' ";
  }
  const auto again = split_shell_words(quoted_words);
  require(std::holds_alternative<std::vector<std::string>>(again));
  require(std::get<std::vector<std::string>>(again) == *words);
}

void read_env_file(std::string_view text, EnvFileFormat format) {
  const auto source = std::make_shared<Source>(Source{"fuzz.env", std::string(text)});
  Diagnostics diagnostics;
  for (const auto& [name, value] : parse_env_file(source, format, look_up, diagnostics)) {
    require(!name.empty() && name.find('=') == std::string::npos);
    require(name.find('\0') == std::string::npos && value.find('\0') == std::string::npos);
  }
  require(diagnostics.error_count() <= 20);
  for (const Diagnostic& one : diagnostics.all()) {
    require(one.mark.line > 0 && one.mark.column > 0);
    require(one.mark.source != nullptr && one.mark.source->text.empty());
  }
}

void read_scalars(std::string_view text) {
  const auto duration = parse_duration(text);
  if (const auto* value = std::get_if<std::chrono::nanoseconds>(&duration)) {
    require(value->count() >= 0);
    const auto again = parse_duration(format_duration(*value));
    require(std::holds_alternative<std::chrono::nanoseconds>(again));
    require(std::get<std::chrono::nanoseconds>(again) == *value);
  }
  const auto bytes = parse_bytes(text);
  if (const auto* value = std::get_if<std::int64_t>(&bytes)) require(*value >= 0);
  const auto integer = parse_integer(text, -10, 10);
  if (const auto* value = std::get_if<std::int64_t>(&integer)) {
    require(*value >= -10 && *value <= 10);
  }
  const auto octal = parse_octal(text);
  if (const auto* value = std::get_if<std::uint32_t>(&octal)) require(*value <= 07777);
  parse_bool(text);
}

void read(unsigned char language, std::string_view text) {
  switch (language % 6) {
    case 0: return interpolate_text(text);
    case 1: return split(text);
    case 2: return read_env_file(text, EnvFileFormat::dotenv);
    case 3: return read_env_file(text, EnvFileFormat::raw);
    case 4: return read_scalars(text);
    default: require(printable(printable(text)) == printable(text));
  }
}

}  // namespace
}  // namespace pid1::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  pid1::config::read(data[0], text);
  return 0;
}
