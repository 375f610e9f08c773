#include <cstdint>
#include <string>
#include <utility>

#include "config/render_service.h"

namespace pid1::config {

namespace {

using Mapping = Value::Mapping;

std::string_view name_of(LogDriver driver) {
  switch (driver) {
    case LogDriver::console: return "stdout";
    case LogDriver::file: return "file";
    case LogDriver::syslog: return "syslog";
    case LogDriver::none: return "none";
    case LogDriver::inherit: return "inherit";
  }
  return "";
}

std::string_view name_of(LogFormat format) {
  switch (format) {
    case LogFormat::prefix: return "prefix";
    case LogFormat::json: return "json";
    case LogFormat::raw: return "raw";
  }
  return "";
}

std::string_view name_of(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::debug: return "debug";
    case Verbosity::info: return "info";
    case Verbosity::warning: return "warning";
    case Verbosity::error: return "error";
  }
  return "";
}

Value render_size(std::uint64_t bytes) { return text(std::to_string(bytes) + "b"); }

void add_file(const Logging& logging, Mapping& options) {
  options.emplace_back("path", text(logging.path));
  if (logging.max_size > 0) options.emplace_back("max-size", render_size(logging.max_size));
  if (logging.max_files > 1) options.emplace_back("max-file", render_number(logging.max_files));
  if (logging.compress) options.emplace_back("compress", Value{true});
}

Mapping build_options(const Logging& logging) {
  Mapping options;
  const bool has_format = logging.driver == LogDriver::console || logging.driver == LogDriver::file;
  if (has_format) options.emplace_back("format", text(name_of(logging.format)));
  if (logging.timestamps) options.emplace_back("timestamps", Value{true});
  if (logging.mode == LogMode::non_blocking) {
    options.emplace_back("mode", text("non-blocking"));
    options.emplace_back("max-buffer-size", render_size(logging.max_buffer));
  }
  if (logging.driver == LogDriver::file) add_file(logging, options);
  if (!logging.address.empty()) options.emplace_back("syslog-address", text(logging.address));
  if (!logging.tag.empty()) options.emplace_back("tag", text(logging.tag));
  if (logging.labels.empty()) return options;
  std::string names;
  for (const auto& [name, value] : logging.labels) names += (names.empty() ? "" : ",") + name;
  options.emplace_back("labels", text(names));
  return options;
}

}  // namespace

void render_logging(const ServiceSpec& service, const std::optional<Logging>& unwritten,
                    Mapping& mapping) {
  Logging shown = service.logging;
  shown.attach = true;
  if (!service.logging.attach) mapping.emplace_back("attach", Value{false});
  Logging of_terminal;
  of_terminal.driver = LogDriver::inherit;
  if (service.input != Input::nothing ? shown == of_terminal : shown == unwritten) return;
  Mapping logging = {{"driver", text(name_of(service.logging.driver))}};
  Mapping options = build_options(service.logging);
  if (!options.empty()) logging.emplace_back("options", Value{std::move(options)});
  mapping.emplace_back("logging", Value{std::move(logging)});
}

void render_own_logging(const ContainerSpec& container, const Logging& usual, Mapping& mapping) {
  Mapping log;
  if (container.verbosity) log.emplace_back("level", text(name_of(*container.verbosity)));
  if (container.log != usual) {
    log.emplace_back("driver", text(name_of(container.log.driver)));
    for (auto& option : build_options(container.log)) log.push_back(std::move(option));
  }
  if (!log.empty()) mapping.emplace_back("log", Value{std::move(log)});
  if (container.log_memory != ContainerSpec{}.log_memory) {
    mapping.emplace_back("log_memory", render_size(container.log_memory));
  }
  if (!container.syslog.empty()) mapping.emplace_back("syslog", text(container.syslog));
}

}  // namespace pid1::config
