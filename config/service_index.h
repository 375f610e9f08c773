#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/diagnostic.h"
#include "config/service_draft.h"

namespace pid1::config {

// Finds services by name. Borrows them.
class ServiceIndex {
 public:
  explicit ServiceIndex(std::span<const ServiceDraft> drafts);

  std::optional<std::size_t> find(std::string_view name) const;
  std::span<const ServiceDraft> drafts() const { return drafts_; }

 private:
  std::span<const ServiceDraft> drafts_;
  std::unordered_map<std::string_view, std::size_t> places_;
};

// "no service `wbe`", with the name that was probably meant.
void report_missing(std::string_view name, const NamePlace& place, const ServiceIndex& index,
                    Diagnostics& diagnostics);

// "the service `db` is off: its profile `full` is not on", and how to turn it on, or what to do
// instead.
void report_off(const ServiceDraft& draft, const Mark& mark, std::string_view instead,
                Diagnostics& diagnostics);

// The names under which a service runs: `worker-1`, `worker-2`, or its own.
std::vector<std::string> instance_names(const ServiceDraft& draft);

}  // namespace pid1::config
