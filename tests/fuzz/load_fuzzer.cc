// Any bytes as a configuration: loading them ends, and what loads reads back from its resolved
// form.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "config/load.h"
#include "config/render.h"

namespace {

std::optional<pid1::Plan> load(const std::string& path, std::string_view text,
                               pid1::config::Diagnostics& diagnostics) {
  std::ofstream(path, std::ios::binary) << text;
  pid1::config::LoadOptions options;
  options.path = path;
  options.environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return "a $B";
    return std::nullopt;
  };
  return pid1::config::load_plan(options, diagnostics);
}

const std::string& folder() {
  static const std::string path = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "load_plan.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    return pattern;
  }();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  pid1::config::Diagnostics diagnostics;
  const auto plan = load(folder() + "/pid1.yaml", text, diagnostics);
  if (plan.has_value() == diagnostics.has_errors()) std::abort();
  if (pid1::config::render(diagnostics).size() > (std::size_t{64} << 20)) std::abort();
  if (!plan) return 0;
  for (const pid1::ServiceSpec& service : plan->services()) {
    if (service.process.argv.empty() || service.process.argv.front().empty()) std::abort();
  }
  pid1::config::Diagnostics again;
  const std::string resolved = pid1::config::render_yaml(*plan);
  const auto same = load(folder() + "/resolved.yaml", resolved, again);
  if (!same || pid1::config::render_yaml(*same) != resolved) {
    std::fputs((resolved + pid1::config::render(again)).c_str(), stderr);
    std::abort();
  }
  return 0;
}
