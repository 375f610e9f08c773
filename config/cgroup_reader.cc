#include "config/cgroup_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/cgroup_values.h"
#include "config/no_effect.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

// The same quantity may be asked for by a key of the service and by one of `deploy.resources`.
struct Place {
  const Fields* fields;  // nullptr: that mapping isn't there
  std::string_view name;
  std::string_view path;
};

const Node* find(const Place& key) {
  return key.fields == nullptr ? nullptr : key.fields->find(key.name);
}

class CgroupReader {
 public:
  CgroupReader(const Fields& service, const Fields* limits, const Fields* reservations,
               Diagnostics& diagnostics)
      : service_(service),
        limits_(limits),
        reservations_(reservations),
        diagnostics_(diagnostics) {}

  std::vector<CgroupSetting> read() {
    read_processors();
    read_memory();
    read_processes();
    return std::move(settings_);
  }

 private:
  void read_processors() {
    const Place own{&service_, "cpus", "cpus"};
    const Place deployed{limits_, "cpus", "deploy.resources.limits.cpus"};
    const std::optional<CpuBandwidth> by_count =
        agree(own, deployed, [this](const Place& key) { return read_count(key); });
    const std::optional<std::int64_t> quota = read_quota();
    const std::optional<std::int64_t> period = service_.integer("cpu_period");
    if (by_count && (quota || period)) {
      diagnostics_.error(service_.key_mark(quota ? "cpu_quota" : "cpu_period"),
                         "`cpus` says the same in another way", "keep one of them");
    } else if (by_count) {
      add("cpu.max", format_bandwidth(*by_count));
    } else if (quota && *quota > 0) {
      add("cpu.max", format_bandwidth({*quota, period.value_or(kUsualPeriod)}));
    } else if (period && !service_.is_faulty("cpu_quota")) {
      warn_of_idle_period(service_, diagnostics_);
    }
    if (const auto shares = service_.integer("cpu_shares")) {
      add("cpu.weight", std::to_string(weight_of_shares(*shares)));
    }
  }

  std::optional<CpuBandwidth> read_count(const Place& key) {
    const Node& value = *find(key);
    Scalar<CpuBandwidth> parsed = parse_cpus(value.text);
    if (const auto* error = std::get_if<ScalarError>(&parsed)) {
      diagnostics_.error(value.mark, error->message, error->hint);
      return std::nullopt;
    }
    return std::get<CpuBandwidth>(parsed);
  }

  // 0: without limit.
  std::optional<std::int64_t> read_quota() {
    const std::optional<std::int64_t> quota = service_.integer("cpu_quota");
    if (quota == -1) return 0;
    if (quota && *quota < kLeastQuota) {
      diagnostics_.error(service_.find("cpu_quota")->mark,
                         "expected at least " + std::to_string(kLeastQuota) + " microseconds",
                         "write -1 for no limit");
      return std::nullopt;
    }
    return quota;
  }

  void read_memory() {
    const auto read = [this](const Place& key) { return read_size(key); };
    const Place limit_key{&service_, "mem_limit", "mem_limit"};
    const Place reservation_key{&service_, "mem_reservation", "mem_reservation"};
    const std::optional<std::int64_t> limit =
        agree(limit_key, {limits_, "memory", "deploy.resources.limits.memory"}, read);
    const std::optional<std::int64_t> reservation = agree(
        reservation_key, {reservations_, "memory", "deploy.resources.reservations.memory"}, read);
    if (limit && reservation && *reservation > *limit) {
      const Node* own = find(reservation_key);
      diagnostics_.error(own ? own->mark : reservations_->find("memory")->mark,
                         "more memory is reserved than `mem_limit` allows",
                         "lower it, or raise `mem_limit`");
    }
    if (limit) add("memory.max", std::to_string(*limit));
    if (reservation) add("memory.low", std::to_string(*reservation));
    read_swap(limit);
  }

  // A limit of 0 would let nothing run; Docker takes it for none.
  std::optional<std::int64_t> read_size(const Place& key) {
    const std::optional<std::int64_t> size = key.fields->bytes(key.name);
    if (size != 0) return size;
    diagnostics_.error(find(key)->mark, "expected a size of more than 0",
                       "leave it out if there is to be no limit");
    return std::nullopt;
  }

  void read_swap(std::optional<std::int64_t> limit) {
    const Node* value = service_.find("memswap_limit");
    if (value == nullptr || value->text == "-1") return;
    const std::optional<std::int64_t> both = service_.bytes("memswap_limit");
    if (!both) return;
    if (!limit) {
      if (limit_is_written()) return;  // and wrong, which was reported
      diagnostics_.error(service_.key_mark("memswap_limit"), "`memswap_limit` needs `mem_limit`",
                         "it is for memory and swap together");
    } else if (*both < *limit) {
      diagnostics_.error(value->mark, "expected at least what `mem_limit` is",
                         "it is for memory and swap together");
    } else {
      add("memory.swap.max", std::to_string(*both - *limit));
    }
  }

  bool limit_is_written() const {
    const auto in = [](const Fields* fields, std::string_view key) {
      return fields != nullptr && (fields->find(key) != nullptr || fields->is_faulty(key));
    };
    return in(&service_, "mem_limit") || in(limits_, "memory");
  }

  void read_processes() {
    const std::optional<std::int64_t> most = agree(
        {&service_, "pids_limit", "pids_limit"}, {limits_, "pids", "deploy.resources.limits.pids"},
        [this](const Place& key) { return read_count_of_processes(key); });
    if (most && *most > 0) add("pids.max", std::to_string(*most));
  }

  std::optional<std::int64_t> read_count_of_processes(const Place& key) {
    const std::optional<std::int64_t> count = key.fields->integer(key.name);
    if (count != 0) return count;
    diagnostics_.error(find(key)->mark, "expected at least 1 process", "write -1 for no limit");
    return std::nullopt;
  }

  template <typename Read>
  auto agree(const Place& own, const Place& deployed, Read read) -> decltype(read(own)) {
    decltype(read(own)) first;
    decltype(read(own)) second;
    if (find(own) != nullptr) first = read(own);
    if (find(deployed) != nullptr) second = read(deployed);
    if (first && second && *first != *second) {
      diagnostics_.error(
          deployed.fields->key_mark(deployed.name),
          "`" + std::string(own.path) + "` and `" + std::string(deployed.path) + "` differ",
          "keep one of them");
    }
    return first ? first : second;
  }

  void add(std::string_view file, std::string value) {
    settings_.push_back({std::string(file), std::move(value)});
  }

  const Fields& service_;
  const Fields* limits_;
  const Fields* reservations_;
  Diagnostics& diagnostics_;
  std::vector<CgroupSetting> settings_;
};

}  // namespace

std::vector<CgroupSetting> read_cgroup(const Fields& service, const Fields* deploy,
                                       Diagnostics& diagnostics) {
  std::optional<Fields> resources;
  std::optional<Fields> limits;
  std::optional<Fields> reservations;
  if (const Node* value = deploy == nullptr ? nullptr : deploy->find("resources")) {
    resources.emplace(*value, sections::resources, diagnostics);
  }
  if (const Node* value = resources ? resources->find("limits") : nullptr) {
    limits.emplace(*value, sections::resource_limits, diagnostics);
  }
  if (const Node* value = resources ? resources->find("reservations") : nullptr) {
    reservations.emplace(*value, sections::resource_reservations, diagnostics);
  }
  return CgroupReader(service, limits ? &*limits : nullptr, reservations ? &*reservations : nullptr,
                      diagnostics)
      .read();
}

}  // namespace pid1::config
