#include "config/container_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/fields.h"
#include "config/schema.h"
#include "config/suggestion.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

// signal(7), numbers of x86 and ARM.
constexpr int kKill = 9;
constexpr int kStop = 19;
constexpr int kChild = 17;
// What a process gets for its own fault: ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS.
constexpr std::array kFaults = {4, 5, 6, 7, 8, 11, 31};

constexpr std::array<std::string_view, 5> kWords = {"shutdown", "forward", "ignore", "reload",
                                                    "reopen"};

// Why pid1 can't be told what to do with a signal; "" where it can.
std::string_view find_obstacle(int signo) {
  if (signo == kKill || signo == kStop) return "can't be caught";
  if (signo == kChild) return "is how pid1 learns that a process ended";
  if (std::ranges::find(kFaults, signo) != kFaults.end()) return "means a fault in pid1 itself";
  return "";
}

std::optional<SignalRule> read_word(const Node& value, Diagnostics& diagnostics) {
  using Kind = SignalRule::Kind;
  if (value.text == "shutdown") return SignalRule{Kind::shutdown, 0, {}};
  if (value.text == "forward") return SignalRule{Kind::forward, 0, {}};
  if (value.text == "ignore") return SignalRule{Kind::ignore, 0, {}};
  if (value.text == "reload") return SignalRule{Kind::reload, 0, {}};
  if (value.text == "reopen") return SignalRule{Kind::reopen, 0, {}};
  if (const std::optional<int> signo = parse_signal(value.text)) {
    return SignalRule{Kind::forward, *signo, {}};
  }
  diagnostics.error(
      value.mark,
      "expected shutdown, forward, ignore, reload, reopen, a signal, or a mapping from "
      "services to signals",
      value.expanded ? "" : suggest(value.text, kWords));
  return std::nullopt;
}

void read_rule(const Node::Entry& entry, ContainerDraft& draft, Diagnostics& diagnostics) {
  const std::optional<int> signo = parse_signal(entry.key);
  if (!signo) {
    diagnostics.error(entry.key_mark, "`" + entry.key + "` is no signal",
                      "write a name such as SIGHUP or HUP, or a number from 1 to 64");
    return;
  }
  if (const std::string_view obstacle = find_obstacle(*signo); !obstacle.empty()) {
    diagnostics.error(entry.key_mark, signal_name(*signo) + " " + std::string(obstacle));
    return;
  }
  SignalRule& rule = draft.spec.signals[static_cast<std::size_t>(*signo)];
  if (entry.value.is_scalar()) {
    rule = read_word(entry.value, diagnostics).value_or(rule);
    if (rule.kind == SignalRule::Kind::reload) draft.reloads.push_back(entry.value.mark);
    return;
  }
  // Until it is known that a service in the mapping runs, nothing gets the signal.
  rule = {SignalRule::Kind::ignore, 0, {}};
  for (const Node::Entry& target : entry.value.entries) {
    if (const std::optional<int> as = read_signal(target.value, diagnostics)) {
      draft.targets.push_back({*signo, target.key, target.key_mark, *as});
    }
  }
}

// `SIGHUP` and `HUP` are one signal.
void check_written_once(const Node& signals, Diagnostics& diagnostics) {
  std::array<bool, kMaxSignal + 1> seen{};
  for (const Node::Entry& entry : signals.entries) {
    const std::optional<int> signo = parse_signal(entry.key);
    if (!signo) continue;
    bool& again = seen[static_cast<std::size_t>(*signo)];
    if (again) diagnostics.error(entry.key_mark, signal_name(*signo) + " is written twice");
    again = true;
  }
}

// More would be the container's memory.
constexpr std::int64_t kMostMemory = std::int64_t{1} << 30;

void read_memory(const Fields& fields, ContainerSpec& spec, Diagnostics& diagnostics) {
  const std::optional<std::int64_t> bytes = fields.bytes("log_memory");
  if (!bytes) return;
  if (*bytes > kMostMemory) {
    diagnostics.error(fields.find("log_memory")->mark, "expected at most 1g");
    return;
  }
  spec.log_memory = static_cast<std::uint64_t>(*bytes);
}

}  // namespace

ContainerDraft read_container(const Node* block, Diagnostics& diagnostics) {
  ContainerDraft draft;
  if (block == nullptr) return draft;
  const Fields fields(*block, sections::container, diagnostics);
  draft.spec.stop_grace_period = fields.duration("stop_grace_period");
  draft.spec.exit_code_from = fields.text("exit_code_from");
  if (const Node* value = fields.find("stop_grace_period")) draft.stop_grace_period = value->mark;
  if (const Node* value = fields.find("exit_code_from"))
    draft.exit_code_from = {value->mark, value->expanded};
  draft.logging = read_own_logging(fields, diagnostics);
  read_memory(fields, draft.spec, diagnostics);
  if (const Node* path = fields.find("syslog")) {
    if (!path->text.starts_with('/')) {
      diagnostics.error(path->mark, "expected an absolute path", "write /dev/log");
    }
    draft.spec.syslog = path->text;
  }
  const Node* signals = fields.find("signals");
  if (signals == nullptr) return draft;
  check_written_once(*signals, diagnostics);
  for (const Node::Entry& entry : signals->entries) read_rule(entry, draft, diagnostics);
  return draft;
}

}  // namespace pid1::config
