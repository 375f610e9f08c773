#include "config/logging_reader.h"

#include <array>
#include <cstdint>
#include <utility>
#include <variant>

#include "config/paths.h"
#include "config/schema.h"
#include "config/suggestion.h"
#include "config/syslog_address.h"

namespace pid1::config {

namespace {

constexpr std::array<std::pair<std::string_view, LogDriver>, 5> kDrivers = {{
    {"stdout", LogDriver::console},
    {"file", LogDriver::file},
    {"syslog", LogDriver::syslog},
    {"none", LogDriver::none},
    {"inherit", LogDriver::inherit},
}};

constexpr std::array<std::string_view, 5> kDriverNames = {"stdout", "file", "syslog", "none",
                                                          "inherit"};

// Docker's, and what is meant by them here.
std::string_view advice_for(std::string_view docker) {
  if (docker == "json-file") return "write `file`, or `stdout`, with `options: {format: json}`";
  if (docker == "local") return "write `file`, with `max-size`, `max-file` and `compress`";
  if (docker == "journald") return "write `syslog`: journald listens at /dev/log too";
  constexpr std::array<std::string_view, 6> kServers = {"gelf",   "fluentd", "awslogs",
                                                        "splunk", "gcplogs", "etwlogs"};
  for (const std::string_view server : kServers) {
    if (docker == server) {
      return "write `stdout`, and let the container's engine send it; or `syslog`";
    }
  }
  return "";
}

std::optional<LogDriver> read_driver(const Node& value, Diagnostics& diagnostics) {
  for (const auto& [name, driver] : kDrivers) {
    if (value.text == name) return driver;
  }
  std::string hint;
  if (!value.expanded) {
    hint = advice_for(value.text);
    if (hint.empty()) hint = suggest(value.text, kDriverNames);
  }
  diagnostics.error(value.mark, "expected stdout, file, syslog, none or inherit", hint);
  return std::nullopt;
}

// Docker's least is a byte; below a line's length nothing would be left of it.
constexpr std::int64_t kSmallestBuffer = std::int64_t{64} << 10;

void read_buffer(const Fields& options, LoggingDraft& draft, Diagnostics& diagnostics) {
  const std::optional<std::int64_t> size = options.bytes("max-buffer-size");
  if (!size) return;
  if (*size < kSmallestBuffer) {
    diagnostics.error(options.find("max-buffer-size")->mark, "expected 64k or more",
                      "a line may be that long");
    return;
  }
  draft.said.max_buffer = static_cast<std::uint64_t>(*size);
}

void read_file_options(const Fields& options, LoggingDraft& draft, Diagnostics& diagnostics) {
  Logging& said = draft.said;
  if (const Node* path = options.find("path")) {
    if (path->text.empty() || path->text.ends_with('/')) {
      diagnostics.error(path->mark, "expected the path of a file");
    }
    said.path = normalize_path(resolve_path(path->text, path->mark.source->name));
  }
  if (const auto size = options.bytes("max-size")) {
    if (*size == 0) {
      diagnostics.error(options.find("max-size")->mark, "expected more than nothing",
                        "leave it out for no limit");
    }
    said.max_size = static_cast<std::uint64_t>(*size);
  }
  if (const auto files = options.integer("max-file")) {
    said.max_files = static_cast<std::uint32_t>(*files);
  }
  said.compress = options.boolean("compress").value_or(false);
  const bool rotates = options.find("max-size") != nullptr || options.is_faulty("max-size");
  const bool keeps = said.max_files > 1 || options.is_faulty("max-file");
  if (options.find("max-file") != nullptr && !rotates) {
    diagnostics.error(options.key_mark("max-file"), "`max-file` needs `max-size`",
                      "a file without a limit is never rotated");
  }
  if (said.compress && !keeps) {
    diagnostics.error(options.key_mark("compress"), "`compress` needs a `max-file` above 1",
                      "only files that are full are compressed, and none is kept");
  }
}

void read_address(const Fields& options, LoggingDraft& draft, Diagnostics& diagnostics) {
  const Node* address = options.find("syslog-address");
  if (address == nullptr) return;
  const auto parsed = parse_syslog_address(address->text);
  if (const auto* error = std::get_if<ScalarError>(&parsed)) {
    diagnostics.error(address->mark, error->message, error->hint);
  }
  draft.said.address = address->text;
}

// Those that services and pid1 itself share.
void read_options(const Fields& options, LoggingDraft& draft, Diagnostics& diagnostics) {
  draft.format = options.choice<LogFormat>(
      "format",
      {{"prefix", LogFormat::prefix}, {"json", LogFormat::json}, {"raw", LogFormat::raw}});
  draft.mode = options.choice<LogMode>(
      "mode", {{"blocking", LogMode::blocking}, {"non-blocking", LogMode::non_blocking}});
  draft.timestamps = options.boolean("timestamps");
  read_buffer(options, draft, diagnostics);
  read_file_options(options, draft, diagnostics);
  read_address(options, draft, diagnostics);
  for (const Key& key : sections::logging_options.keys) {
    if (options.find(key.name) != nullptr) {
      draft.options.emplace(key.name, options.key_mark(key.name));
    }
  }
}

void read_driver_of(const Fields& fields, LoggingDraft& draft, Diagnostics& diagnostics) {
  const Node* value = fields.find("driver");
  if (value == nullptr) return;
  draft.mark = value->mark;
  draft.driver = read_driver(*value, diagnostics);
}

}  // namespace

LoggingDraft read_logging(const Fields& service, Diagnostics& diagnostics) {
  LoggingDraft draft;
  const std::size_t errors = diagnostics.error_count();
  draft.said.attach = service.boolean("attach").value_or(true);
  if (const Node* value = service.find("logging")) {
    draft.is_written = true;
    draft.mark = service.key_mark("logging");
    const Fields fields(*value, sections::logging, diagnostics);
    read_driver_of(fields, draft, diagnostics);
    if (const Node* options = fields.find("options")) {
      const Fields given(*options, sections::logging_options, diagnostics);
      read_options(given, draft, diagnostics);
      draft.said.tag = given.text("tag").value_or("");
      draft.label_names = given.text("labels").value_or("");
    }
  }
  draft.has_error = diagnostics.error_count() > errors || service.is_faulty("logging");
  return draft;
}

OwnLogging read_own_logging(const Fields& container, Diagnostics& diagnostics) {
  OwnLogging own;
  const std::size_t errors = diagnostics.error_count();
  if (const Node* value = container.find("log")) {
    own.logging.is_written = true;
    own.logging.mark = container.key_mark("log");
    const Fields fields(*value, sections::container_log, diagnostics);
    own.verbosity = fields.choice<Verbosity>("level", {{"debug", Verbosity::debug},
                                                       {"info", Verbosity::info},
                                                       {"warning", Verbosity::warning},
                                                       {"error", Verbosity::error}});
    read_driver_of(fields, own.logging, diagnostics);
    read_options(fields, own.logging, diagnostics);
  }
  own.logging.has_error = diagnostics.error_count() > errors || container.is_faulty("log");
  return own;
}

}  // namespace pid1::config
