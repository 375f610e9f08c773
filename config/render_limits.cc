#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include "config/cgroup_values.h"
#include "config/cpu_list.h"
#include "config/render_service.h"
#include "config/resource_names.h"
#include "services/capability_names.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

constexpr CapabilitySet kNameless = CapabilitySet{1} << 63;  // there only where all are

Value build_capabilities(CapabilitySet set) {
  if ((set & kNameless) != 0) return {List{text("ALL")}};
  List names;
  for (int capability = 0; capability < 63; ++capability) {
    if ((set >> capability & 1) != 0) names.push_back(text(capability_name(capability)));
  }
  return {std::move(names)};
}

Value build_bound(std::uint64_t bound) {
  const bool unlimited = bound == std::numeric_limits<std::uint64_t>::max();
  return render_number(unlimited ? -1 : static_cast<std::int64_t>(bound));
}

Value build_limits(const std::vector<ResourceLimit>& limits) {
  Mapping mapping;
  for (const ResourceLimit& limit : limits) {
    const auto name = std::ranges::find(resource_names(), limit.resource, &ResourceName::resource);
    mapping.emplace_back(
        std::string(name->name),
        Value{Mapping{{"soft", build_bound(limit.soft)}, {"hard", build_bound(limit.hard)}}});
  }
  return {std::move(mapping)};
}

void add_process_limits(const ProcessSpec& process, Mapping& mapping) {
  const Privileges& privileges = process.privileges;
  if (privileges.add != 0) mapping.emplace_back("cap_add", build_capabilities(privileges.add));
  if (privileges.drop != 0) mapping.emplace_back("cap_drop", build_capabilities(privileges.drop));
  if (privileges.no_new) {
    mapping.emplace_back("security_opt", Value{List{text("no-new-privileges:true")}});
  }
  if (!process.limits.empty()) mapping.emplace_back("ulimits", build_limits(process.limits));
  if (process.oom_score_adj) {
    mapping.emplace_back("oom_score_adj", render_number(*process.oom_score_adj));
  }
  if (process.nice) mapping.emplace_back("nice", render_number(*process.nice));
  if (!process.cpus.empty()) mapping.emplace_back("cpuset", text(format_cpu_list(process.cpus)));
}

std::int64_t first_number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void add_bandwidth(std::string_view value, Mapping& mapping) {
  const CpuBandwidth bandwidth{first_number(value),
                               first_number(value.substr(value.find(' ') + 1))};
  if (bandwidth.period == kUsualPeriod) {
    mapping.emplace_back("cpus", text(format_cpus(bandwidth)));
  } else {
    mapping.emplace_back("cpu_quota", render_number(bandwidth.quota));
    mapping.emplace_back("cpu_period", render_number(bandwidth.period));
  }
}

void add_cgroup(const std::vector<CgroupSetting>& settings, Mapping& mapping) {
  std::int64_t memory = 0;
  for (const auto& [file, value] : settings) {
    const std::int64_t number = first_number(value);
    if (file == "cpu.max") add_bandwidth(value, mapping);
    if (file == "cpu.weight") {
      mapping.emplace_back("cpu_shares", render_number(shares_of_weight(number)));
    }
    if (file == "memory.max") {
      memory = number;
      mapping.emplace_back("mem_limit", render_number(memory));
    }
    if (file == "memory.low") mapping.emplace_back("mem_reservation", render_number(number));
    // It comes behind what it is a part of.
    if (file == "memory.swap.max") {
      mapping.emplace_back("memswap_limit", render_number(memory + number));
    }
    if (file == "pids.max") mapping.emplace_back("pids_limit", render_number(number));
  }
}

}  // namespace

void render_limits(const ServiceSpec& service, Mapping& mapping) {
  switch (service.input) {
    case Input::nothing: break;
    case Input::own: mapping.emplace_back("stdin_open", Value{true}); break;
    case Input::terminal: mapping.emplace_back("tty", Value{true}); break;
  }
  add_process_limits(service.process, mapping);
  add_cgroup(service.cgroup, mapping);
}

}  // namespace pid1::config
