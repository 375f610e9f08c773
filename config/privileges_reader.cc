#include "config/privileges_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/suggestion.h"
#include "services/capability_names.h"

namespace pid1::config {

namespace {

constexpr CapabilitySet kAll = ~CapabilitySet{0};

std::string suggest_capability(const Node& value) {
  if (value.expanded) return "";
  std::string_view written = value.text;
  for (const std::string_view prefix : {"CAP_", "cap_"}) {
    if (written.starts_with(prefix)) written.remove_prefix(prefix.size());
  }
  return suggest(written, capability_names());
}

bool is_all(std::string_view text) {
  return std::ranges::equal(text, std::string_view("ALL"), {},
                            [](unsigned char c) { return std::toupper(c); });
}

CapabilitySet read_capability(const Node& value, Diagnostics& diagnostics) {
  if (is_all(value.text)) return kAll;
  if (const std::optional<int> capability = parse_capability(value.text)) {
    return CapabilitySet{1} << *capability;
  }
  const std::string hint = suggest_capability(value);
  diagnostics.error(value.mark, "expected the name of a capability, or ALL",
                    hint.empty() ? "capabilities(7) lists them" : hint);
  return 0;
}

CapabilitySet read_capabilities(const Node* value, Diagnostics& diagnostics) {
  CapabilitySet set = 0;
  if (value == nullptr) return set;
  for (const Node& item : value->items) set |= read_capability(item, diagnostics);
  return set;
}

std::string name_first(CapabilitySet set) {
  for (int capability = 0; capability < 64; ++capability) {
    if ((set >> capability & 1) != 0) return capability_name(capability);
  }
  return "";
}

// ALL on one side is what the other one makes an exception of.
void check_disjoint(const Fields& service, const Privileges& privileges, Diagnostics& diagnostics) {
  const bool both = privileges.add == kAll && privileges.drop == kAll;
  if (!both && (privileges.add == kAll || privileges.drop == kAll)) return;
  const CapabilitySet common = privileges.add & privileges.drop;
  if (common == 0) return;
  diagnostics.error(service.key_mark("cap_drop"),
                    (both ? "ALL" : name_first(common)) + " is in `cap_add` and in `cap_drop`",
                    "keep one of them");
}

// `no-new-privileges`, with a truth value behind `:` or `=` or without one.
std::optional<bool> parse_no_new_privileges(std::string_view text) {
  constexpr std::string_view kName = "no-new-privileges";
  if (!text.starts_with(kName)) return std::nullopt;
  text.remove_prefix(kName.size());
  if (text.empty() || text == ":true" || text == "=true") return true;
  if (text == ":false" || text == "=false") return false;
  return std::nullopt;
}

bool is_of_the_container(std::string_view option) {
  constexpr std::array<std::string_view, 7> kKinds = {
      "label", "apparmor", "seccomp", "systempaths", "unmask", "mask", "writable-cgroups"};
  return std::ranges::find(kKinds, option.substr(0, option.find_first_of(":="))) != kKinds.end();
}

void report_option(const Node& item, Diagnostics& diagnostics) {
  if (is_of_the_container(item.text)) {
    diagnostics.error(item.mark, quote(item) + " is set on the container, not inside it",
                      "remove it here; it belongs where the container is started");
    return;
  }
  constexpr std::array<std::string_view, 1> kOptions = {"no-new-privileges"};
  diagnostics.error(item.mark, "expected no-new-privileges, with `:true` or `:false` or without",
                    item.expanded ? "" : suggest(item.text, kOptions));
}

bool read_no_new_privileges(const Node* value, Diagnostics& diagnostics) {
  bool no_new = false;
  if (value == nullptr) return no_new;
  for (const Node& item : value->items) {
    const std::optional<bool> parsed = parse_no_new_privileges(item.text);
    if (!parsed) report_option(item, diagnostics);
    no_new = parsed.value_or(no_new);
  }
  return no_new;
}

}  // namespace

Privileges read_privileges(const Fields& service, Diagnostics& diagnostics) {
  Privileges privileges;
  privileges.add = read_capabilities(service.find("cap_add"), diagnostics);
  privileges.drop = read_capabilities(service.find("cap_drop"), diagnostics);
  check_disjoint(service, privileges, diagnostics);
  if (privileges.drop != kAll) privileges.add &= ~privileges.drop;
  privileges.no_new = read_no_new_privileges(service.find("security_opt"), diagnostics);
  return privileges;
}

}  // namespace pid1::config
