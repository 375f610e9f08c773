#include "config/extends.h"

#include <algorithm>
#include <utility>

#include "config/fields.h"
#include "config/forms.h"
#include "config/override.h"
#include "config/paths.h"
#include "config/schema.h"
#include "config/suggestion.h"
#include "config/yaml_reader.h"

namespace pid1::config {

namespace {

// Longer chains are nobody's purpose, and the stack is finite.
constexpr std::size_t kLongestChain = 64;

// As many as one file may hold: a short file could ask for any amount of memory.
constexpr std::size_t kMostCopied = YamlLimits{}.nodes;

std::size_t count_values(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_values(item);
  for (const Node::Entry& entry : node.entries) count += count_values(entry.value);
  return count;
}

Node::Entry* find_service(Document& document, std::string_view name) {
  Node* services = document.root.find("services");
  if (services == nullptr) return nullptr;
  const auto found = std::ranges::find(services->entries, name, &Node::Entry::key);
  return found == services->entries.end() ? nullptr : &*found;
}

std::string suggest_service(Document& document, const Node& written) {
  std::vector<std::string_view> names;
  if (const Node* services = document.root.find("services"); services != nullptr) {
    for (const Node::Entry& entry : services->entries) names.push_back(entry.key);
  }
  return written.expanded ? "" : suggest(written.text, names);
}

}  // namespace

bool Resolver::resolve(Document& document, Node::Entry& service) {
  const auto [state, is_new] = document.states.try_emplace(service.key, Document::State::resolving);
  if (!is_new) return state->second == Document::State::resolved;
  if (service.value.is_mapping()) {
    std::erase_if(service.value.entries,
                  [](const Node::Entry& entry) { return is_extension(entry.key); });
  }
  expansion_.expand(service.value);
  bool good = true;
  if (const Node* extends = service.value.find("extends");
      extends != nullptr && (extends->is_scalar() || extends->is_mapping())) {
    chain_.push_back({&document, &service});
    good = extend(document, service, *extends);
    chain_.pop_back();
    std::erase_if(service.value.entries,
                  [](const Node::Entry& entry) { return entry.key == "extends"; });
  }
  state->second = good ? Document::State::resolved : Document::State::failed;
  return good;
}

bool Resolver::extend(Document& document, Node::Entry& service, const Node& extends) {
  if (extends.failed) return false;
  Base base{};
  if (!find_base(document, extends, base)) return false;
  const auto same = [&base](const Base& link) { return link.service == base.service; };
  if (std::ranges::any_of(chain_, same)) {
    report_cycle(base, extends.mark);
    return false;
  }
  if (chain_.size() > kLongestChain) {
    diagnostics_.error(extends.mark, "more than " + std::to_string(kLongestChain) +
                                         " services extend one another in a row");
    return false;
  }
  const bool good = resolve(*base.document, *base.service);
  return take_over(base, service) && good;
}

bool Resolver::take_over(const Base& base, Node::Entry& service) {
  // Of the services of this project that was checked, but not of those in other files.
  const Forms& forms = *find_key(sections::root, "services")->forms->list.front().item;
  const Node& value = base.service->value;
  if (!check_form(value, base.service->key_mark, forms, diagnostics_)) return false;
  copied_ += count_values(value);
  if (copied_ > kMostCopied) {
    diagnostics_.error(service.key_mark, "more than " + std::to_string(kMostCopied) +
                                             " values are taken over through `extends`");
    return false;
  }
  Node merged = value;
  override_with(merged, std::move(service.value), sections::service);
  service.value = std::move(merged);
  return true;
}

bool Resolver::find_base(Document& document, const Node& extends, Base& base) {
  base.document = &document;
  const Node* name = &extends;
  if (extends.is_mapping()) {
    const Fields fields(extends, sections::extends, diagnostics_);
    name = fields.find("service");
    if (name == nullptr) {
      if (!fields.is_faulty("service")) {
        diagnostics_.error(extends.mark, "`extends` needs the key `service`");
      }
      return false;
    }
    if (fields.is_faulty("file")) return false;
    if (const Node* file = fields.find("file"); file != nullptr) {
      base.document = documents_.open(resolve_path(file->text, document.path), file->mark);
      if (base.document == nullptr) return false;
    }
  }
  base.service = find_service(*base.document, name->text);
  if (base.service != nullptr) return true;
  const std::string where = base.document == &document ? "this file" : base.document->path;
  diagnostics_.error(name->mark, "no service " + quote(*name) + " in " + where,
                     suggest_service(*base.document, *name));
  return false;
}

void Resolver::report_cycle(const Base& base, const Mark& mark) {
  const auto same = [&base](const Base& link) { return link.service == base.service; };
  const auto begin = std::ranges::find_if(chain_, same);
  std::string path;
  for (auto link = begin; link != chain_.end(); ++link) path += link->service->key + " -> ";
  diagnostics_.error(mark, "services extend one another: " + path + base.service->key);
}

}  // namespace pid1::config
