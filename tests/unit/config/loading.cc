#include "tests/unit/config/loading.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "config/load.h"

namespace pid1::config {

Loading::Loading() {
  std::string pattern = testing::TempDir() + "/loading.XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  std::filesystem::current_path(folder_);
}

Loading::~Loading() {
  std::filesystem::current_path("/");
  std::filesystem::remove_all(folder_);
}

Loading& Loading::write(const std::string& path, std::string_view text) {
  if (const auto parent = std::filesystem::path(path).parent_path(); !parent.empty()) {
    std::filesystem::create_directories(parent);
  }
  std::ofstream(path) << text;
  return *this;
}

Loading& Loading::set(const std::string& variable, const std::string& value) {
  variables_[variable] = value;
  return *this;
}

Loading& Loading::turn_on(const std::string& profile) {
  profiles_.push_back(profile);
  return *this;
}

Loading& Loading::run(MainProgram program) {
  program_ = std::move(program);
  return *this;
}

template <typename Load>
auto Loading::load_with(Load load_file, const std::string& path) {
  LoadOptions options;
  options.path = path;
  options.profiles = profiles_;
  options.program = program_;
  options.environment = [this](std::string_view name) -> std::optional<std::string> {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return found->second;
  };
  Diagnostics diagnostics;
  auto loaded = load_file(options, diagnostics);
  EXPECT_EQ(loaded.has_value(), !diagnostics.has_errors());
  messages_ = render(diagnostics);
  return loaded;
}

std::optional<Plan> Loading::load(const std::string& path) { return load_with(load_plan, path); }

std::optional<Resolved> Loading::resolve() { return load_with(load_resolved, "pid1.yaml"); }

Plan load_good(std::string_view text) {
  Loading loading;
  std::optional<Plan> plan = loading.write("pid1.yaml", text).load();
  EXPECT_EQ(loading.messages(), "");
  if (!plan) throw std::runtime_error(loading.messages());
  return *std::move(plan);
}

Resolved resolve_good(std::string_view text) {
  Loading loading;
  std::optional<Resolved> resolved = loading.write("pid1.yaml", text).resolve();
  EXPECT_EQ(loading.messages(), "");
  if (!resolved) throw std::runtime_error(loading.messages());
  return *std::move(resolved);
}

std::string load_bad(std::string_view text) {
  Loading loading;
  EXPECT_FALSE(loading.write("pid1.yaml", text).load().has_value()) << text;
  return loading.messages();
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

ServiceSpec load_service(std::string_view body) {
  const Plan plan = load_good("services:\n  web:\n    " + std::string(body) + "\n");
  return service_named(plan, "web");
}

const ServiceSpec& service_named(const Plan& plan, std::string_view name) {
  const std::optional<ServiceId> id = plan.find(name);
  if (!id) throw std::runtime_error("no service " + std::string(name));
  return plan[*id];
}

}  // namespace pid1::config
