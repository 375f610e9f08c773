#include "supervisor/cgroups.h"

#include <algorithm>
#include <array>
#include <utility>

#include "supervisor/system/cgroup.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

constexpr std::string_view kInit = "/pid1.init";

// The kernel's file, and the key that a person wrote.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKeys = {{
    {"cpu.max", "cpus"},
    {"cpu.weight", "cpu_shares"},
    {"memory.low", "mem_reservation"},
    {"memory.max", "mem_limit"},
    {"memory.swap.max", "memswap_limit"},
    {"pids.max", "pids_limit"},
}};

std::string key_of(const CgroupSetting& setting) {
  const auto* const found =
      std::ranges::find(kKeys, setting.file, [](const auto& key) { return key.first; });
  return found == kKeys.end() ? setting.file : std::string(found->second);
}

// "memory" of "memory.swap.max"; the files of every cgroup begin with "cgroup".
std::string controller_of(const CgroupSetting& setting) {
  std::string controller = setting.file.substr(0, setting.file.find('.'));
  return controller == "cgroup" ? std::string() : controller;
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || text[at - 1] == ' ';
    if (begins && (end == text.size() || text[end] == ' ' || text[end] == '\n')) return true;
  }
  return false;
}

std::vector<std::string> needed_controllers(const Plan& plan) {
  std::vector<std::string> needed;
  for (const ServiceSpec& service : plan.services()) {
    for (const CgroupSetting& setting : service.cgroup) {
      const std::string controller = controller_of(setting);
      if (controller.empty() || std::ranges::find(needed, controller) != needed.end()) continue;
      needed.push_back(controller);
    }
  }
  return needed;
}

// A line for each setting that `why` says something about.
template <typename Why>
std::vector<std::string> refuse(const Plan& plan, Why why) {
  std::vector<std::string> errors;
  for (const ServiceSpec& service : plan.services()) {
    for (const CgroupSetting& setting : service.cgroup) {
      const std::string reason = why(setting);
      if (!reason.empty()) errors.push_back(service.name + ": " + key_of(setting) + " " + reason);
    }
  }
  return errors;
}

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

CgroupFacts cgroup_facts() {
  return {.own = system::find_own_cgroup(), .oom_counter = system::find_oom_counter()};
}

std::string cgroup_name(const std::string& service) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const char character : service) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte > ' ' && byte != 0x7F && character != '/' && character != '\\') {
      name += character;
    } else {
      name += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 0xF]};
    }
  }
  return name + ".service";
}

std::vector<std::string> Cgroups::prepare(const Plan& plan, const CgroupFacts& facts) {
  oom_counter_ = facts.oom_counter;
  if (facts.own.path.empty()) {
    return refuse(plan, [&](const CgroupSetting&) {
      return "needs a cgroup v2 that pid1 may divide: " + facts.own.obstacle +
             "; set it on the container, or see docs/how-to/limits.md";
    });
  }
  const std::string offered =
      without_line_end(system::read_text(facts.own.path + "/cgroup.controllers"));
  Errors errors = refuse(plan, [&](const CgroupSetting& setting) {
    const std::string controller = controller_of(setting);
    if (controller.empty() || has_word(offered, controller)) return std::string();
    return "needs the controller " + controller + ", which pid1's cgroup doesn't have (it has " +
           (offered.empty() ? "none" : offered) + "); set it on the container";
  });
  if (!errors.empty()) return errors;

  base_ = facts.own.path;
  name_ = facts.own.name;
  const std::vector<std::string> needed = needed_controllers(plan);
  if (!needed.empty()) {
    make_room(facts);
    hand_out(needed, errors);
  }
  for (const ServiceSpec& service : plan.services()) make(service, errors);
  if (!errors.empty()) remove();
  return errors;
}

// The machine's own root, which has no cgroup.type, may hold processes all the same.
void Cgroups::make_room(const CgroupFacts& facts) {
  if (system::read_text(base_ + "/cgroup.type").empty()) return;
  if (system::make_cgroup(path_of_init()) != 0) return;
  has_moved_ = system::write_cgroup(path_of_init(), "cgroup.procs", "0") == 0;
  if (!facts.own.is_containers) return;
  for (const std::int32_t pid : system::processes_in(base_)) {
    system::write_cgroup(path_of_init(), "cgroup.procs", std::to_string(pid));
  }
}

void Cgroups::hand_out(const std::vector<std::string>& controllers, Errors& errors) {
  const std::string before = system::read_text(base_ + "/cgroup.subtree_control");
  std::string more;
  std::string back;
  for (const std::string& controller : controllers) {
    if (has_word(before, controller)) continue;
    more += (more.empty() ? "+" : " +") + controller;
    back += (back.empty() ? "-" : " -") + controller;
  }
  if (more.empty()) return;
  if (const int error = system::write_cgroup(base_, "cgroup.subtree_control", more)) {
    errors.push_back("cannot hand " + more +
                     " out to the services' cgroups: " + system::error_text(error));
    return;
  }
  handed_out_ = back;
}

void Cgroups::make(const ServiceSpec& service, Errors& errors) {
  const std::string name = cgroup_name(service.name);
  const std::string path = base_ + "/" + name;
  if (const int error = system::make_cgroup(path)) {
    names_.emplace_back();
    if (!service.cgroup.empty()) {
      errors.push_back(service.name + ": cannot make its cgroup: " + system::error_text(error));
    }
    return;
  }
  names_.push_back(name);
  for (const CgroupSetting& setting : service.cgroup) {
    if (const int error = system::write_cgroup(path, setting.file, setting.value)) {
      errors.push_back(service.name + ": " + key_of(setting) + ": cannot write " +
                       system::printable(setting.value) + " to " + setting.file + ": " +
                       system::error_text(error));
    }
  }
}

std::string Cgroups::path_of(ServiceId service) const {
  return base_ + "/" + names_[index(service)];
}

std::string Cgroups::path_of_init() const { return base_ + std::string(kInit); }

bool Cgroups::has(ServiceId service) const {
  return index(service) < names_.size() && !names_[index(service)].empty();
}

system::UniqueFd Cgroups::open(ServiceId service) const {
  return has(service) ? system::open_cgroup(path_of(service)) : system::UniqueFd();
}

void Cgroups::kill(ServiceId service) const {
  if (has(service)) system::kill_cgroup(path_of(service));
}

bool Cgroups::is_populated(ServiceId service) const {
  return has(service) && system::is_populated(path_of(service));
}

std::vector<std::int32_t> Cgroups::processes(ServiceId service) const {
  if (!has(service)) return {};
  return system::all_processes_in(path_of(service));
}

std::optional<ServiceId> Cgroups::owner_of(std::int32_t pid) const {
  if (names_.empty()) return std::nullopt;
  const std::string whole = system::cgroup_of(pid);
  std::string_view name = whole;
  if (name_ != "/") {
    if (!name.starts_with(name_)) return std::nullopt;
    name.remove_prefix(name_.size());
  }
  if (!name.starts_with('/')) return std::nullopt;
  name.remove_prefix(1);
  // A service may have cgroups of its own below.
  const auto found = std::ranges::find(names_, name.substr(0, name.find('/')));
  if (found == names_.end() || found->empty()) return std::nullopt;
  return ServiceId{static_cast<std::uint32_t>(found - names_.begin())};
}

std::uint64_t Cgroups::oom_kills(ServiceId service) const {
  if (has(service)) {
    const auto own =
        system::value_of(system::read_text(path_of(service) + "/memory.events"), "oom_kill");
    if (own) return *own;
  }
  if (oom_counter_.empty()) return 0;
  return system::value_of(system::read_text(oom_counter_), "oom_kill").value_or(0);
}

bool Cgroups::counts_own_oom_kills(ServiceId service) const {
  return has(service) && !system::read_text(path_of(service) + "/memory.events").empty();
}

void Cgroups::remove() {
  for (const std::string& name : names_) {
    if (!name.empty()) system::remove_cgroup(base_ + "/" + name);
  }
  if (!handed_out_.empty()) system::write_cgroup(base_, "cgroup.subtree_control", handed_out_);
  if (has_moved_) {
    system::write_cgroup(base_, "cgroup.procs", "0");
    system::remove_cgroup(path_of_init());
  }
  names_.clear();
  handed_out_.clear();
  has_moved_ = false;
}

}  // namespace pid1::supervisor
