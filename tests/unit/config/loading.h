#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"
#include "config/main_program.h"
#include "config/resolved.h"
#include "services/plan.h"

namespace pid1::config {

// Loads configurations from a folder of its own, which is the current one while this lives, so that
// messages name files without a path.
class Loading {
 public:
  Loading();
  ~Loading();
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  Loading& write(const std::string& path, std::string_view text);
  Loading& set(const std::string& variable, const std::string& value);
  Loading& turn_on(const std::string& profile);
  Loading& run(MainProgram program);

  std::optional<Plan> load(const std::string& path = "pid1.yaml");
  // The same, before it is a plan.
  std::optional<Resolved> resolve();
  // What the last load had to say, as a person sees it.
  std::string messages() const { return messages_; }

 private:
  template <typename Load>
  auto load_with(Load load_file, const std::string& path);

  std::string folder_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::vector<std::string> profiles_;
  std::optional<MainProgram> program_;
  std::string messages_;
};

// A plan of one text, which must have neither errors nor warnings.
Plan load_good(std::string_view text);
Resolved resolve_good(std::string_view text);

// The messages of one text, which must have an error.
std::string load_bad(std::string_view text);

// How often `part` is in `text`.
std::size_t count(std::string_view text, std::string_view part);

// A service's body, indented by four spaces or in one line of flow style, loaded as `web`.
ServiceSpec load_service(std::string_view body);

const ServiceSpec& service_named(const Plan& plan, std::string_view name);

}  // namespace pid1::config
