#include "config/environment.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "config/names.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

class Changes {
 public:
  // A later value takes the earlier one's place.
  void set(const std::string& name, std::optional<std::string> value) {
    const auto [place, is_new] = places_.emplace(name, list_.size());
    if (is_new) {
      list_.push_back({name, std::move(value)});
    } else {
      list_[place->second].value = std::move(value);
    }
  }

  std::optional<std::string> find(std::string_view name) const {
    const auto found = places_.find(std::string(name));
    return found == places_.end() ? std::nullopt : list_[found->second].value;
  }

  std::vector<EnvironmentChange> take() { return std::move(list_); }

 private:
  std::vector<EnvironmentChange> list_;
  std::unordered_map<std::string, std::size_t> places_;
};

void add_files(const std::vector<EnvFileRequest>& requests, EnvFiles& files, const Lookup& lookup,
               Changes& changes) {
  const Lookup earlier_first = [&](std::string_view name) {
    std::optional<std::string> value = changes.find(name);
    return value ? value : lookup(name);
  };
  for (const EnvFileRequest& request : requests) {
    for (EnvFileEntry& entry : files.read(request, earlier_first)) {
      changes.set(entry.name, std::move(entry.value));
    }
  }
}

void add_mapping(const Node& mapping, const Lookup& lookup, Changes& changes,
                 Diagnostics& diagnostics) {
  for (const Node::Entry& entry : mapping.entries) {
    if (entry.key.empty() || entry.key.find('=') != std::string::npos ||
        entry.key.find('\0') != std::string::npos) {
      diagnostics.error(entry.key_mark, "a variable's name can't be empty or hold `=`");
    } else if (entry.value.is_null()) {
      changes.set(entry.key, lookup(entry.key));
    } else {
      changes.set(entry.key, entry.value.text);
    }
  }
}

void add_variables(const Node* environment, const Lookup& lookup, Changes& changes,
                   Diagnostics& diagnostics) {
  if (environment == nullptr) return;
  Node mapping = *environment;
  make_mapping(mapping, *find_key(sections::service, "environment"));
  add_mapping(mapping, lookup, changes, diagnostics);
}

}  // namespace

std::vector<EnvironmentChange> read_environment(const Node* environment,
                                                const std::vector<EnvFileRequest>& requests,
                                                EnvFiles& files, const Lookup& lookup,
                                                Diagnostics& diagnostics) {
  Changes changes;
  add_files(requests, files, lookup, changes);
  add_variables(environment, lookup, changes, diagnostics);
  return changes.take();
}

std::vector<EnvironmentChange> override_environment(std::vector<EnvironmentChange> base,
                                                    const Node* environment, const Lookup& lookup,
                                                    Diagnostics& diagnostics) {
  Changes changes;
  for (EnvironmentChange& change : base) changes.set(change.name, std::move(change.value));
  add_variables(environment, lookup, changes, diagnostics);
  return changes.take();
}

}  // namespace pid1::config
