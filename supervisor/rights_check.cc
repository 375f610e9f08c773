#include "supervisor/rights_check.h"

#include <algorithm>

#include "supervisor/resource_number.h"
#include "supervisor/system/credentials.h"

namespace pid1::supervisor {

namespace {

// capabilities(7); the same numbers on every architecture.
constexpr int kSetGid = 6;
constexpr int kSetUid = 7;
constexpr int kSysNice = 23;
constexpr int kSysResource = 24;

std::vector<const ProcessSpec*> processes_of(const ServiceSpec& service) {
  std::vector<const ProcessSpec*> processes = {&service.process};
  for (const HookPoint point :
       {HookPoint::pre_start, HookPoint::post_start, HookPoint::pre_stop, HookPoint::post_stop}) {
    for (const ProcessSpec& hook : service.hooks.at(point)) processes.push_back(&hook);
  }
  if (service.health) {
    if (const auto* probe = std::get_if<ProcessSpec>(&service.health->probe)) {
      processes.push_back(probe);
    }
  }
  if (service.reload.command) processes.push_back(&*service.reload.command);
  return processes;
}

bool asks_for_rights(const ProcessSpec& process) {
  return process.privileges != Privileges{} || !process.limits.empty() || process.nice ||
         process.oom_score_adj || !process.cpus.empty() || process.user ||
         !process.group_add.empty();
}

// One service's findings: a hook that asks for the same as its service needs no line of its own.
class Check {
 public:
  Check(const std::string& service, const OwnRights& own, std::vector<std::string>& found)
      : service_(service), own_(own), found_(found) {}

  void look_at(const ProcessSpec& process) {
    look_at_identity(process);
    look_at_capabilities(process.privileges);
    if (process.oom_score_adj) look_at_oom_score(*process.oom_score_adj);
    for (const ResourceLimit& limit : process.limits) look_at_limit(limit);
    if (process.nice) look_at_nice(process, *process.nice);
    look_at_processors(process.cpus);
  }

 private:
  void tell(const std::string& what) {
    std::string line = service_ + ": " + what;
    if (std::ranges::find(found_, line) == found_.end()) found_.push_back(std::move(line));
  }

  bool has(int capability) const { return (own_.capabilities.effective >> capability & 1) != 0; }

  // Docker gives the capabilities of the container to no user but root.
  std::string remedy(const std::string& names) const {
    if (own_.credentials.uid != 0) {
      return "pid1 runs as user " + std::to_string(own_.credentials.uid) +
             "; let it run as root, and give the service a `user`";
    }
    return "give it to the container (cap_add: [" + names + "])";
  }

  // One that is unknown now may be there when the service starts (ADR 0008).
  void look_at_identity(const ProcessSpec& process) {
    if (!process.user && process.group_add.empty()) return;
    if (has(kSetUid) && has(kSetGid)) return;
    const auto found = process.user ? system::find_account(process.user->user, process.user->group,
                                                           process.group_add, own_.accounts)
                                    : system::own_account(process.group_add, own_.accounts);
    const auto* account = std::get_if<system::Account>(&found);
    if (account == nullptr) return;
    const system::Credentials& to = account->credentials;
    const auto [groups, gid, uid] = system::identity_change(own_.credentials, to);
    const bool needs_uid = uid && !has(kSetUid);
    const bool needs_gid = (groups || gid) && !has(kSetGid);
    if (!needs_uid && !needs_gid) return;
    const std::string names = needs_uid && needs_gid ? "SETGID, SETUID"
                              : needs_uid            ? "SETUID"
                                                     : "SETGID";
    const std::string what = process.user ? "user: can't become " + process.user->user
                                          : "group_add: can't join other groups";
    tell(what + ": pid1 itself doesn't have " + names + ": " + remedy(names));
  }

  void look_at_oom_score(int wanted) {
    if (wanted >= own_.least_oom_score_adj || has(kSysResource)) return;
    tell("oom_score_adj: " + std::to_string(wanted) + " is below what pid1 may give, " +
         std::to_string(own_.least_oom_score_adj) +
         ", and it lacks SYS_RESOURCE: " + remedy("SYS_RESOURCE"));
  }

  void look_at_capabilities(const Privileges& wanted) {
    const system::CapabilitySet missing = system::lacking(own_.capabilities, wanted.add);
    if (missing != 0) {
      const std::string names = system::capability_names(missing);
      tell("cap_add: pid1 itself doesn't have " + names + ": " + remedy(names));
    }
    if (system::cannot_drop(own_.capabilities, {wanted.add, wanted.drop, wanted.no_new})) {
      tell(
          "cap_drop: pid1 lacks SETPCAP, which that takes: drop them from the container, or add "
          "`security_opt: [no-new-privileges]` to the service");
    }
  }

  void look_at_limit(const ResourceLimit& limit) {
    const int number = resource_number(limit.resource);
    const std::string name = system::limit_name(number);
    const std::string wanted = system::limit_text(limit.hard);
    const system::OwnLimits& own = own_.limits;
    if (limit.resource == LimitedResource::nofile && limit.hard > own.most_descriptors) {
      tell("ulimits: " + name + " can't be " + wanted + ": the kernel allows " +
           std::to_string(own.most_descriptors) + " at most (fs.nr_open)");
      return;
    }
    const std::uint64_t most = own.limits.at(static_cast<std::size_t>(number)).hard;
    if (limit.hard <= most || has(kSysResource)) return;
    tell("ulimits: " + name + " can't be " + wanted + ": pid1's own is " +
         system::limit_text(most) + ", and it lacks SYS_RESOURCE: raise that of the container " +
         "(docker run --ulimit " + name + "=" + (limit.hard == ~0ULL ? "-1" : wanted) + ")");
  }

  // RLIMIT_NICE allows some of it without a right: 20 less it (getrlimit(2)).
  void look_at_nice(const ProcessSpec& process, int wanted) {
    const auto own_limit = static_cast<std::size_t>(resource_number(LimitedResource::nice));
    std::uint64_t limit = own_.limits.limits.at(own_limit).soft;
    for (const ResourceLimit& given : process.limits) {
      if (given.resource == LimitedResource::nice) limit = given.soft;
    }
    const std::int64_t least = 20 - static_cast<std::int64_t>(std::min<std::uint64_t>(limit, 40));
    if (wanted >= own_.limits.nice || wanted >= least || has(kSysNice)) return;
    tell("nice: " + std::to_string(wanted) + " is below pid1's own " +
         std::to_string(own_.limits.nice) + ", and it lacks SYS_NICE: " + remedy("SYS_NICE"));
  }

  void look_at_processors(const std::vector<std::uint32_t>& wanted) {
    std::vector<std::uint32_t> missing;
    std::ranges::set_difference(wanted, own_.limits.cpus, std::back_inserter(missing));
    if (missing.empty()) return;
    tell("cpuset: there is no processor " + system::number_ranges(missing) +
         " in this container, which has " + system::number_ranges(own_.limits.cpus));
  }

  const std::string& service_;
  const OwnRights& own_;
  std::vector<std::string>& found_;
};

bool any_process(const Plan& plan, bool (*holds)(const ProcessSpec&)) {
  return std::ranges::any_of(plan.services(), [holds](const ServiceSpec& service) {
    return std::ranges::any_of(processes_of(service),
                               [holds](const ProcessSpec* process) { return holds(*process); });
  });
}

// Trying it out has a price, which only they pay who ask for one.
int least_oom_score_adj_for(const Plan& plan) {
  const bool is_asked = any_process(
      plan, [](const ProcessSpec& process) { return process.oom_score_adj.has_value(); });
  return is_asked ? system::least_oom_score_adj() : OwnRights{}.least_oom_score_adj;
}

}  // namespace

std::vector<std::string> find_missing_rights(const Plan& plan, const OwnRights& own) {
  std::vector<std::string> found;
  for (const ServiceSpec& service : plan.services()) {
    Check check(service.name, own, found);
    for (const ProcessSpec* process : processes_of(service)) check.look_at(*process);
  }
  return found;
}

std::vector<std::string> find_missing_rights(const Plan& plan) {
  if (!any_process(plan, asks_for_rights)) return {};
  return find_missing_rights(plan, {.credentials = system::own_credentials(),
                                    .capabilities = system::own_capabilities(),
                                    .limits = system::own_limits(),
                                    .least_oom_score_adj = least_oom_score_adj_for(plan)});
}

}  // namespace pid1::supervisor
