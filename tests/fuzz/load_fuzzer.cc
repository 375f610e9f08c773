// Any bytes as a configuration: loading them ends, and what loads reads back from its resolved
// form.

#include <algorithm>
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

pid1::config::LoadOptions write(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  pid1::config::LoadOptions options;
  options.path = path;
  options.environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return "a $B";
    return std::nullopt;
  };
  return options;
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
  const pid1::config::LoadOptions options = write(folder() + "/pid1.yaml", text);
  pid1::config::Diagnostics diagnostics;
  const auto plan = pid1::config::load_plan(options, diagnostics);
  if (plan.has_value() == diagnostics.has_errors()) std::abort();
  if (pid1::config::render(diagnostics).size() > (std::size_t{64} << 20)) std::abort();
  if (!plan) return 0;
  for (const pid1::ServiceSpec& service : plan->services()) {
    if (service.process.argv.empty() || service.process.argv.front().empty()) std::abort();
  }
  const auto resolved = pid1::config::load_resolved(options, diagnostics);
  if (!resolved) std::abort();
  const std::string rendered = pid1::config::render_yaml(*resolved);
  pid1::config::Diagnostics again;
  const auto same = pid1::config::load_plan(write(folder() + "/resolved.yaml", rendered), again);
  if (!same || !std::ranges::equal(same->services(), plan->services()) ||
      same->container() != plan->container()) {
    std::fputs((rendered + pid1::config::render(again)).c_str(), stderr);
    std::abort();
  }
  return 0;
}
