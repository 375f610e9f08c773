#include "config/service_index.h"

#include "config/suggestion.h"

namespace pid1::config {

namespace {

std::string name_profiles(const ServiceDraft& draft) {
  std::string out = draft.profiles.size() == 1 ? "its profile " : "its profiles ";
  for (std::size_t i = 0; i < draft.profiles.size(); ++i) {
    if (i > 0) out += i + 1 == draft.profiles.size() ? " and " : ", ";
    out += "`" + draft.profiles[i] + "`";
  }
  return out + (draft.profiles.size() == 1 ? " is not on" : " are not on");
}

}  // namespace

ServiceIndex::ServiceIndex(std::span<const ServiceDraft> drafts) : drafts_(drafts) {
  places_.reserve(drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i) places_.emplace(drafts[i].spec.name, i);
}

std::optional<std::size_t> ServiceIndex::find(std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

void report_missing(std::string_view name, const NamePlace& place, const ServiceIndex& index,
                    Diagnostics& diagnostics) {
  if (place.expanded) return diagnostics.error(place.mark, "no service has this name");
  std::vector<std::string_view> names;
  names.reserve(index.drafts().size());
  for (const ServiceDraft& draft : index.drafts()) names.push_back(draft.spec.name);
  diagnostics.error(place.mark, "no service `" + std::string(name) + "`", suggest(name, names));
}

void report_off(const ServiceDraft& draft, const Mark& mark, std::string_view instead,
                Diagnostics& diagnostics) {
  diagnostics.error(
      mark, "the service `" + draft.spec.name + "` is off: " + name_profiles(draft),
      "turn it on with PID1_PROFILES=" + draft.profiles.front() + ", or " + std::string(instead));
}

std::vector<std::string> instance_names(const ServiceDraft& draft) {
  if (!draft.replicas) return {draft.spec.name};
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i <= *draft.replicas; ++i) {
    names.push_back(draft.spec.name + "-" + std::to_string(i));
  }
  return names;
}

}  // namespace pid1::config
