#include "config/restart.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "config/no_effect.h"
#include "config/schema.h"
#include "config/suggestion.h"

namespace pid1::config {

namespace {

constexpr std::uint32_t kNoLimit = 0;

RestartPolicy without_limit(RestartCondition condition) {
  RestartPolicy policy;
  policy.condition = condition;
  policy.max_attempts = kNoLimit;
  return policy;
}

std::string suggest_word(std::string_view written) {
  constexpr std::array<std::string_view, 4> kWords = {"no", "always", "on-failure",
                                                      "unless-stopped"};
  // What YAML 1.1, or other programs, call them.
  constexpr std::array<std::string_view, 4> kNo = {"false", "off", "never", "none"};
  constexpr std::array<std::string_view, 4> kYes = {"true", "yes", "on", "any"};
  if (std::ranges::find(kNo, written) != kNo.end()) return "write \"no\"";
  if (std::ranges::find(kYes, written) != kYes.end()) return "did you mean `always`?";
  return suggest(written, kWords);
}

std::optional<RestartPolicy> read_short(const Node& value, Diagnostics& diagnostics) {
  constexpr std::string_view kLimited = "on-failure:";
  const std::string_view text = value.text;
  if (text == "no") return without_limit(RestartCondition::never);
  if (text == "always" || text == "unless-stopped") return without_limit(RestartCondition::always);
  if (text == "on-failure") return without_limit(RestartCondition::on_failure);
  if (text.starts_with(kLimited)) {
    const Scalar<std::int64_t> limit =
        parse_integer(text.substr(kLimited.size()), 0, std::numeric_limits<std::uint32_t>::max());
    if (const auto* number = std::get_if<std::int64_t>(&limit)) {
      RestartPolicy policy;
      policy.max_attempts = static_cast<std::uint32_t>(*number);
      return policy;
    }
  }
  diagnostics.error(value.mark, "expected no, always, on-failure, on-failure:N or unless-stopped",
                    value.expanded ? "" : suggest_word(text));
  return std::nullopt;
}

std::optional<RestartPolicy> read_long(const Node& value, RestartCondition fallback,
                                       Diagnostics& diagnostics) {
  const Fields fields(value, sections::restart, diagnostics);
  const std::size_t errors = diagnostics.error_count();
  RestartPolicy policy;
  policy.condition =
      fields
          .choice<RestartCondition>("condition", {{"no", RestartCondition::never},
                                                  {"none", RestartCondition::never},
                                                  {"on-failure", RestartCondition::on_failure},
                                                  {"always", RestartCondition::always},
                                                  {"any", RestartCondition::always},
                                                  {"unless-stopped", RestartCondition::always}})
          .value_or(fallback);
  policy.max_attempts =
      static_cast<std::uint32_t>(fields.integer("max_attempts").value_or(kNoLimit));
  const std::optional<Duration> max_delay = fields.duration("max_delay");
  policy.delay = fields.duration("delay").value_or(policy.delay);
  policy.max_delay = max_delay.value_or(std::max(policy.max_delay, policy.delay));
  policy.window = fields.duration("window").value_or(policy.window);
  if (policy.delay > policy.max_delay) {
    diagnostics.error(fields.find("max_delay")->mark, "`max_delay` is less than `delay`",
                      "give it at least " + format_duration(policy.delay));
  }
  if (policy.window == Duration::zero()) {
    diagnostics.error(fields.find("window")->mark, "expected a duration of more than 0",
                      "leave `max_attempts` out if there is to be no limit");
  }
  if (diagnostics.error_count() > errors) return std::nullopt;
  warn_of_idle_limits(fields, policy, diagnostics);
  return policy;
}

}  // namespace

RestartPolicy read_restart(const Fields& service, const Fields* deploy, Diagnostics& diagnostics) {
  std::optional<RestartPolicy> own;
  std::optional<RestartPolicy> deployed;
  if (const Node* value = service.find("restart")) {
    own = value->is_scalar() ? read_short(*value, diagnostics)
                             : read_long(*value, RestartCondition::on_failure, diagnostics);
  }
  if (const Node* value = deploy == nullptr ? nullptr : deploy->find("restart_policy")) {
    deployed = read_long(*value, RestartCondition::always, diagnostics);
  }
  if (own && deployed && *own != *deployed) {
    diagnostics.error(deploy->key_mark("restart_policy"),
                      "`restart` and `deploy.restart_policy` differ", "keep one of them");
  }
  if (own) return *own;
  return deployed.value_or(RestartPolicy{});
}

}  // namespace pid1::config
