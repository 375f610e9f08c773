#include "config/service_index.h"

#include "config/suggestion.h"

namespace pid1::config {

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

std::vector<std::string> instance_names(const ServiceDraft& draft) {
  if (!draft.replicas) return {draft.spec.name};
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i <= *draft.replicas; ++i) {
    names.push_back(draft.spec.name + "-" + std::to_string(i));
  }
  return names;
}

}  // namespace pid1::config
