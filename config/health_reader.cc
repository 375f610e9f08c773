#include "config/health_reader.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/line_pattern.h"
#include "config/no_effect.h"
#include "config/probe_reader.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

constexpr const char* kShell = "/bin/sh";

// What `test` says. No words: NONE. nullopt after an error.
std::optional<std::vector<std::string>> read_test(const Node& test, Diagnostics& diagnostics) {
  using Words = std::vector<std::string>;
  if (test.is_scalar()) {
    if (!test.text.empty()) return Words{kShell, "-c", test.text};
    diagnostics.error(test.mark, "the command is empty", "write [NONE] for no check");
    return std::nullopt;
  }
  Words words;
  for (const Node& item : test.items) words.push_back(item.text);
  const std::string kind = words.empty() ? "" : words.front();
  if (kind == "NONE" && words.size() == 1) return Words{};
  if (kind == "CMD" && words.size() > 1 && !words[1].empty()) {
    return Words(words.begin() + 1, words.end());
  }
  if (kind == "CMD-SHELL" && words.size() == 2 && !words[1].empty()) {
    return Words{kShell, "-c", words[1]};
  }
  if (kind == "NONE") {
    diagnostics.error(test.mark, "expected nothing behind NONE", "write [NONE]");
  } else if (kind == "CMD") {
    diagnostics.error(test.mark, "expected a program and its arguments behind CMD");
  } else if (kind == "CMD-SHELL") {
    diagnostics.error(test.mark, "expected one string behind CMD-SHELL",
                      "quote the whole of it, or write CMD where no shell is needed");
  } else {
    diagnostics.error(test.mark, "expected NONE, CMD or CMD-SHELL first",
                      "write [CMD, program, argument]");
  }
  return std::nullopt;
}

using Probe = std::variant<ProcessSpec, HttpProbe, TcpProbe>;

// nullopt for none, and after an error.
std::optional<Probe> read_probe(const Fields& fields, const Mark& mark, const ProcessSpec& process,
                                Diagnostics& diagnostics) {
  if (const Node* http = fields.find("http")) return read_http_probe(*http, diagnostics);
  if (const Node* tcp = fields.find("tcp")) return read_tcp_probe(*tcp, diagnostics);
  if (const Node* test = fields.find("test")) {
    std::optional<std::vector<std::string>> argv = read_test(*test, diagnostics);
    if (!argv || argv->empty()) return std::nullopt;
    ProcessSpec probe = process;
    probe.argv = *std::move(argv);
    return probe;
  }
  const bool reported =
      fields.is_faulty("test") || fields.is_faulty("http") || fields.is_faulty("tcp");
  if (!reported) {
    diagnostics.error(mark, "`healthcheck` needs one of the keys `test`, `http` and `tcp`",
                      "write what to check, or `disable: true`");
  }
  return std::nullopt;
}

}  // namespace

std::optional<HealthCheck> read_health_check(const Fields& service, const ProcessSpec& process,
                                             Diagnostics& diagnostics) {
  const Node* value = service.find("healthcheck");
  if (value == nullptr) return std::nullopt;
  const Fields fields(*value, sections::healthcheck, diagnostics);
  HealthCheck check;
  check.interval = fields.positive_duration("interval").value_or(check.interval);
  check.timeout = fields.positive_duration("timeout").value_or(check.timeout);
  check.retries = static_cast<std::uint32_t>(fields.integer("retries").value_or(check.retries));
  check.start_period = fields.duration("start_period").value_or(check.start_period);
  check.start_interval = fields.positive_duration("start_interval").value_or(check.start_interval);
  const bool disabled = fields.boolean("disable").value_or(false);
  // A disabled one needn't say what it would check, but what it says is still looked at.
  if (disabled && !fields.find("test") && !fields.find("http") && !fields.find("tcp")) {
    return std::nullopt;
  }
  std::optional<Probe> probe =
      read_probe(fields, service.key_mark("healthcheck"), process, diagnostics);
  if (disabled || !probe) return std::nullopt;
  warn_of_idle_start_interval(fields, check, diagnostics);
  check.probe = *std::move(probe);
  return check;
}

Readiness read_readiness(const Fields& service, Diagnostics& diagnostics) {
  using Kind = Readiness::Kind;
  Readiness readiness;
  const Node* value = service.find("readiness");
  if (value == nullptr) return readiness;
  if (value->is_scalar()) {
    readiness.kind =
        service.choice<Kind>("readiness", {{"notify", Kind::notify}, {"none", Kind::none}})
            .value_or(Kind::none);
    return readiness;
  }
  const Fields fields(*value, sections::readiness, diagnostics);
  const std::size_t errors = diagnostics.error_count();
  readiness.timeout = fields.positive_duration("timeout");
  if (fields.boolean("notify").value_or(false)) readiness.kind = Kind::notify;
  if (const auto fd = fields.integer("fd")) {
    readiness.kind = Kind::fd;
    readiness.fd = static_cast<int>(*fd);
  }
  if (const Node* log = fields.find("log")) {
    readiness.kind = Kind::log;
    readiness.pattern = log->text;
    const Scalar<LinePattern> pattern = LinePattern::parse(log->text);
    if (const auto* error = std::get_if<ScalarError>(&pattern)) {
      diagnostics.error(log->mark, error->message, log->expanded ? "" : error->hint);
    }
  }
  const bool reported = diagnostics.error_count() > errors || fields.is_faulty("notify") ||
                        fields.is_faulty("fd") || fields.is_faulty("log");
  if (readiness.kind == Kind::none && !reported) {
    diagnostics.error(service.key_mark("readiness"),
                      "`readiness` needs one of the keys `notify`, `fd` and `log`",
                      "write `notify: true`, or `readiness: none`");
  }
  return readiness;
}

}  // namespace pid1::config
