#include "config/limits_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "config/cpu_list.h"
#include "config/fields.h"
#include "config/resource_names.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// -1 becomes the largest number.
std::uint64_t as_limit(std::int64_t value) {
  return value < 0 ? kUnlimited : static_cast<std::uint64_t>(value);
}

// Both, or an error for what is missing.
std::optional<std::int64_t> read_bound(const Fields& fields, std::string_view key, const Mark& mark,
                                       Diagnostics& diagnostics) {
  const std::optional<std::int64_t> bound = fields.integer(key);
  if (!bound && fields.find(key) == nullptr && !fields.is_faulty(key)) {
    diagnostics.error(mark, "a limit needs the key `" + std::string(key) + "`",
                      "write `soft` and `hard`, or a single number for both");
  }
  return bound;
}

std::optional<ResourceLimit> read_limit(LimitedResource resource, const Fields& limits,
                                        std::string_view key, Diagnostics& diagnostics) {
  const Node& value = *limits.find(key);
  if (value.is_scalar()) {
    const std::optional<std::int64_t> both = limits.integer(key);
    if (!both) return std::nullopt;
    return ResourceLimit{resource, as_limit(*both), as_limit(*both)};
  }
  const Fields fields(value, sections::limit, diagnostics);
  const Mark mark = limits.key_mark(key);
  const std::optional<std::int64_t> soft = read_bound(fields, "soft", mark, diagnostics);
  const std::optional<std::int64_t> hard = read_bound(fields, "hard", mark, diagnostics);
  if (!soft || !hard) return std::nullopt;
  const ResourceLimit limit{resource, as_limit(*soft), as_limit(*hard)};
  if (limit.soft > limit.hard) {
    diagnostics.error(fields.find("soft")->mark, "`soft` is more than `hard`",
                      "raise `hard`, or lower `soft`");
    return std::nullopt;
  }
  return limit;
}

}  // namespace

std::vector<ResourceLimit> read_limits(const Node* value, Diagnostics& diagnostics) {
  std::vector<ResourceLimit> limits;
  if (value == nullptr) return limits;
  const Fields fields(*value, sections::ulimits, diagnostics);
  for (const auto& [name, resource] : resource_names()) {
    if (fields.find(name) == nullptr) continue;
    if (const auto limit = read_limit(resource, fields, name, diagnostics)) {
      limits.push_back(*limit);
    }
  }
  return limits;
}

std::vector<std::uint32_t> read_cpus(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return {};
  Scalar<std::vector<std::uint32_t>> cpus = parse_cpu_list(value->text);
  if (const auto* error = std::get_if<ScalarError>(&cpus)) {
    diagnostics.error(value->mark, error->message, value->expanded ? "" : error->hint);
    return {};
  }
  return std::get<std::vector<std::uint32_t>>(std::move(cpus));
}

}  // namespace pid1::config
