#include "config/logging_defaults.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "config/paths.h"

namespace pid1::config {

namespace {

struct Usage {
  std::string_view option;
  std::initializer_list<LogDriver> drivers;
  std::string_view names;  // of those, for people
};

constexpr LogDriver kConsole = LogDriver::console;
constexpr LogDriver kFile = LogDriver::file;
constexpr LogDriver kSyslog = LogDriver::syslog;

const std::array<Usage, 11>& usages() {
  static const std::array<Usage, 11> kUsages = {{
      {"format", {kConsole, kFile}, "`stdout` and `file`"},
      {"timestamps", {kConsole, kFile}, "`stdout` and `file`"},
      {"labels", {kConsole, kFile}, "`stdout` and `file`"},
      {"tag", {kConsole, kFile, kSyslog}, "`stdout`, `file` and `syslog`"},
      {"mode", {kConsole, kFile, kSyslog}, "`stdout`, `file` and `syslog`"},
      {"max-buffer-size", {kConsole, kFile, kSyslog}, "`stdout`, `file` and `syslog`"},
      {"path", {kFile}, "`file`"},
      {"max-size", {kFile}, "`file`"},
      {"max-file", {kFile}, "`file`"},
      {"compress", {kFile}, "`file`"},
      {"syslog-address", {kSyslog}, "`syslog`"},
  }};
  return kUsages;
}

// Of what `pid1.log` says, what holds for this driver too.
void take_from(const LoggingDraft& own, LoggingDraft& draft) {
  Logging& said = draft.said;
  if (!draft.driver) {
    said.driver = own.driver.value_or(kConsole);
    const auto takes = [&](std::string_view option) { return !draft.options.contains(option); };
    if (takes("path")) said.path = own.said.path;
    if (takes("max-size")) said.max_size = own.said.max_size;
    if (takes("max-file")) said.max_files = own.said.max_files;
    if (takes("compress")) said.compress = own.said.compress;
    if (takes("syslog-address")) said.address = own.said.address;
  }
  if (!draft.options.contains("max-buffer-size")) said.max_buffer = own.said.max_buffer;
  said.mode = draft.mode.value_or(own.mode.value_or(LogMode::blocking));
}

// What the driver doesn't use says nothing there, and a plan doesn't carry it.
void leave_out_unused(Logging& logging) {
  const Logging usual;
  if (logging.driver != kFile) {
    logging.path.clear();
    logging.max_size = usual.max_size;
    logging.max_files = usual.max_files;
    logging.compress = usual.compress;
  }
  if (logging.driver != kSyslog) logging.address.clear();
  if (logging.mode == LogMode::blocking) logging.max_buffer = usual.max_buffer;
}

void check(const LoggingDraft& draft, Diagnostics& diagnostics) {
  if (draft.has_error) return;
  const Logging& logging = draft.said;
  for (const Usage& usage : usages()) {
    const auto written = draft.options.find(usage.option);
    const bool used = std::ranges::find(usage.drivers, logging.driver) != usage.drivers.end();
    if (written == draft.options.end() || used) continue;
    diagnostics.error(
        written->second,
        "`" + std::string(usage.option) + "` is for the drivers " + std::string(usage.names),
        "take it out, or name another `driver`");
  }
  if (logging.driver == kFile && logging.path.empty()) {
    diagnostics.error(draft.mark, "the driver `file` needs a `path`",
                      "write options: {path: /var/log/NAME.log}");
  }
  const auto buffer = draft.options.find("max-buffer-size");
  if (buffer != draft.options.end() && logging.mode == LogMode::blocking) {
    diagnostics.error(buffer->second, "`max-buffer-size` is for `mode: non-blocking`",
                      "a service whose mode is blocking waits instead");
  }
}

// Each message would come back, for ever if it is one of pid1's own.
void check_no_loop(const LoggingDraft& draft, const std::string& own_socket,
                   Diagnostics& diagnostics) {
  const Logging& logging = draft.said;
  if (draft.has_error || logging.driver != kSyslog || own_socket.empty()) return;
  const std::string path = logging.address.empty()
                               ? "/dev/log"
                               : logging.address.substr(std::min<std::size_t>(
                                     logging.address.size(), sizeof "unix://" - 1));
  if (normalize_path(path) != normalize_path(own_socket)) return;
  diagnostics.error(draft.mark, "pid1 itself listens there (`pid1.syslog`)",
                    "send it to another server, or to `stdout`");
}

void check_timestamps(const LoggingDraft& draft, Diagnostics& diagnostics) {
  const auto written = draft.options.find("timestamps");
  if (draft.has_error || written == draft.options.end() || !draft.timestamps.value_or(false) ||
      draft.said.format != LogFormat::raw) {
    return;
  }
  diagnostics.error(written->second, "`timestamps` is for `format: prefix`",
                    "raw lines are as the service wrote them");
}

// Who shares a place: a file is shared by those that write to it, the console by all services.
class Places {
 public:
  void add(const Logging& logging, std::size_t writers) {
    services_ += writers;
    if (logging.driver == kFile) writers_[logging.path] += writers;
  }
  void add_own(const Logging& logging) {
    if (logging.driver == kFile) ++writers_[logging.path];
  }
  bool is_shared(const Logging& logging) const {
    if (logging.driver == kConsole) return services_ > 1;
    const auto file = writers_.find(logging.path);
    return logging.driver == kFile && file != writers_.end() && file->second > 1;
  }

 private:
  std::size_t services_ = 0;
  std::map<std::string, std::size_t> writers_;  // by path
};

void choose_format(const LoggingDraft* own, LoggingDraft& draft, bool shared) {
  Logging& said = draft.said;
  const bool has_format = said.driver == kConsole || said.driver == kFile;
  const auto general = own == nullptr ? std::nullopt : own->format;
  said.format = draft.format.value_or(
      general.value_or(shared && has_format ? LogFormat::prefix : LogFormat::raw));
  const auto stamped = own == nullptr ? std::nullopt : own->timestamps;
  said.timestamps = draft.timestamps.value_or(stamped.value_or(false));
  if (!has_format) said.format = LogFormat::raw;
  if (said.format != LogFormat::prefix) said.timestamps = false;
}

// "a, b" of `labels`: those that the service has, as Docker does it.
void choose_labels(const LoggingDraft& draft, ServiceSpec& spec) {
  std::string_view rest = draft.label_names;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const auto label = spec.labels.find(std::string(name));
    if (label != spec.labels.end()) spec.logging.labels.emplace_back(*label);
  }
}

// One file has one way to be written.
class Files {
 public:
  void look_at(const LoggingDraft& draft, Diagnostics& diagnostics) {
    const Logging& logging = draft.said;
    if (logging.driver != kFile || draft.has_error || logging.path.empty()) return;
    const auto [known, is_new] = known_.emplace(logging.path, &logging);
    const Logging& first = *known->second;
    const bool same = first.max_size == logging.max_size && first.max_files == logging.max_files &&
                      first.compress == logging.compress && first.format == logging.format;
    if (is_new || same) return;
    diagnostics.error(draft.mark,
                      "another service writes to the same file with another `format`, `max-size`, "
                      "`max-file` or `compress`",
                      "let them say the same, or write to files of their own");
  }

 private:
  std::map<std::string, const Logging*> known_;
};

std::size_t instances_of(const ServiceDraft& draft) {
  return draft.enabled ? draft.replicas.value_or(1) : 0;
}

}  // namespace

void resolve_logging(std::vector<ServiceDraft>& drafts, const OwnLogging& own,
                     ContainerSpec& container, Diagnostics& diagnostics) {
  LoggingDraft general = own.logging;
  general.said.driver = general.driver.value_or(kConsole);
  general.said.mode = general.mode.value_or(LogMode::blocking);
  check(general, diagnostics);
  check_no_loop(general, container.syslog, diagnostics);
  Places places;
  places.add_own(general.said);
  for (ServiceDraft& draft : drafts) {
    LoggingDraft& logging = draft.logging;
    const bool has_input = draft.spec.input != Input::nothing;
    if (!logging.driver && !logging.is_written && has_input) logging.driver = LogDriver::inherit;
    if (logging.driver) logging.said.driver = *logging.driver;
    take_from(general, logging);
    check(logging, diagnostics);
    if (logging.driver) check_no_loop(logging, container.syslog, diagnostics);
    leave_out_unused(logging.said);
    places.add(logging.said, instances_of(draft));
  }
  leave_out_unused(general.said);
  // pid1's own lines stand among those of the services.
  choose_format(nullptr, general, places.is_shared(general.said));
  check_timestamps(general, diagnostics);
  Files files;
  files.look_at(general, diagnostics);
  for (ServiceDraft& draft : drafts) {
    choose_format(&own.logging, draft.logging, places.is_shared(draft.logging.said));
    check_timestamps(draft.logging, diagnostics);
    files.look_at(draft.logging, diagnostics);
  }
  for (ServiceDraft& draft : drafts) {
    draft.spec.logging = draft.logging.said;
    choose_labels(draft.logging, draft.spec);
  }
  container.log = general.said;
  container.verbosity = own.verbosity;
}

}  // namespace pid1::config
