#include "config/fields.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "config/forms.h"
#include "config/suggestion.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

// The value, or the error at its place. What to write instead would show what a variable holds.
template <typename T>
std::optional<T> take(const Node& value, Scalar<T> parsed, Diagnostics& diagnostics) {
  if (auto* good = std::get_if<T>(&parsed)) return std::move(*good);
  auto& error = std::get<ScalarError>(parsed);
  diagnostics.error(value.mark, std::move(error.message),
                    value.expanded ? "" : std::move(error.hint));
  return std::nullopt;
}

std::string join(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::vector<std::string_view> list_names(const Section& section) {
  std::vector<std::string_view> names;
  names.reserve(section.keys.size());
  for (const Key& key : section.keys) names.push_back(key.name);
  return names;
}

// Whether the entry may be asked for.
bool check(const Node::Entry& entry, const Key& key, Diagnostics& diagnostics) {
  const std::string name = "`" + std::string(key.name) + "` ";
  switch (key.support) {
    case Support::works:
    case Support::accepted: return check_form(entry.value, entry.key_mark, *key.forms, diagnostics);
    case Support::planned:
      diagnostics.error(entry.key_mark, name + "is not supported yet");
      return false;
    case Support::ignored:
      diagnostics.warning(entry.key_mark, name + "has no effect here");
      return false;
    case Support::refused:
      diagnostics.error(entry.key_mark, name + std::string(key.doc),
                        key.instead.empty()
                            ? "remove it here; it belongs where the container is started"
                            : std::string(key.instead));
      return false;
  }
  return false;
}

bool looks_like_service(const Node& value) {
  constexpr std::array<std::string_view, 5> kTelling = {"command", "entrypoint", "image", "build",
                                                        "extends"};
  return std::ranges::any_of(kTelling,
                             [&value](std::string_view key) { return value.find(key) != nullptr; });
}

std::unique_ptr<Node> find_rest(const Node::Entry& entry, const Key& key) {
  if (key.support != Support::works && key.support != Support::accepted) return nullptr;
  std::optional<Node> rest = keep_fitting(entry.value, *key.forms);
  return rest ? std::make_unique<Node>(std::move(*rest)) : nullptr;
}

}  // namespace

std::string quote(const Node& value) {
  return value.expanded ? "the value" : "`" + value.text + "`";
}

std::optional<Duration> read_duration(const Node& value, Diagnostics& diagnostics) {
  return take(value, parse_duration(value.text), diagnostics);
}

std::optional<std::int64_t> read_bytes(const Node& value, Diagnostics& diagnostics) {
  return take(value, parse_bytes(value.text), diagnostics);
}

std::optional<bool> read_boolean(const Node& value, Diagnostics& diagnostics) {
  return take(value, parse_bool(value.text), diagnostics);
}

std::optional<std::uint32_t> read_octal(const Node& value, Diagnostics& diagnostics) {
  return take(value, parse_octal(value.text), diagnostics);
}

std::optional<std::int64_t> read_integer(const Node& value, std::int64_t min, std::int64_t max,
                                         Diagnostics& diagnostics) {
  return take(value, parse_integer(value.text, min, max), diagnostics);
}

std::optional<int> read_signal(const Node& value, Diagnostics& diagnostics) {
  const std::optional<int> signo = parse_signal(value.text);
  if (!signo) {
    diagnostics.error(value.mark, "expected a signal",
                      "write a name such as SIGTERM, TERM or SIGRTMIN+3, or a number from 1 to 64");
  }
  return signo;
}

Fields::Fields(const Node& mapping, const Section& section, Diagnostics& diagnostics)
    : diagnostics_(diagnostics) {
  fields_.reserve(mapping.entries.size());
  for (const Node::Entry& entry : mapping.entries) {
    if (is_extension(entry.key)) continue;
    const Key* key = find_key(section, entry.key);
    if (key == nullptr) {
      report_unknown(entry, section);
      continue;
    }
    const bool good = check(entry, *key, diagnostics);
    fields_.push_back({key, &entry, !good, good ? nullptr : find_rest(entry, *key)});
  }
  check_alternatives(section);
}

void Fields::check_alternatives(const Section& section) {
  const Field* first = nullptr;
  for (const std::string_view key : split_words(section.alternatives)) {
    if (find(key) == nullptr) continue;
    Field& found = *std::ranges::find(fields_, key, [](const Field& f) { return f.key->name; });
    if (first == nullptr) {
      first = &found;
      continue;
    }
    diagnostics_.error(found.entry->key_mark,
                       "`" + std::string(first->key->name) + "` and `" + std::string(key) +
                           "` exclude one another",
                       "keep one of them");
    found.faulty = true;
  }
}

void Fields::report_unknown(const Node::Entry& entry, const Section& section) {
  if (&section == &sections::root && looks_like_service(entry.value)) {
    diagnostics_.error(entry.key_mark, "unknown key `" + entry.key + "`",
                       "if it is a service, write it under `services:`");
    return;
  }
  const std::vector<std::string_view> names = list_names(section);
  diagnostics_.error(entry.key_mark, "unknown key `" + entry.key + "`", suggest(entry.key, names));
  misspelt_.push_back(find_nearest(entry.key, names));
}

const Fields::Field* Fields::field(std::string_view key) const {
  const auto found = std::ranges::find(fields_, key, [](const Field& f) { return f.key->name; });
  return found == fields_.end() ? nullptr : &*found;
}

const Node* Fields::find(std::string_view key) const {
  const Field* found = field(key);
  if (found == nullptr) return nullptr;
  const Node* value = found->faulty ? found->rest.get() : &found->entry->value;
  return value == nullptr || value->is_null() ? nullptr : value;
}

Mark Fields::key_mark(std::string_view key) const {
  const Field* found = field(key);
  return found == nullptr ? Mark{} : found->entry->key_mark;
}

bool Fields::is_faulty(std::string_view key) const {
  const Field* found = field(key);
  if (found != nullptr) return found->faulty;
  return std::ranges::find(misspelt_, key) != misspelt_.end();
}

const Form* Fields::form(std::string_view key, Form::Kind kind) const {
  const Field* found = field(key);
  if (found == nullptr) return nullptr;
  const auto form = std::ranges::find(found->key->forms->list, kind, &Form::kind);
  assert(form != found->key->forms->list.end());
  return &*form;
}

std::optional<std::string> Fields::text(std::string_view key) const {
  const Node* value = find(key);
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::optional<Duration> Fields::duration(std::string_view key) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : read_duration(*value, diagnostics_);
}

std::optional<Duration> Fields::positive_duration(std::string_view key) const {
  const std::optional<Duration> read = duration(key);
  if (!read || *read > Duration::zero()) return read;
  diagnostics_.error(find(key)->mark, "expected a duration of more than 0");
  return std::nullopt;
}

std::optional<std::int64_t> Fields::bytes(std::string_view key) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : read_bytes(*value, diagnostics_);
}

std::optional<bool> Fields::boolean(std::string_view key) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : read_boolean(*value, diagnostics_);
}

std::optional<std::uint32_t> Fields::octal(std::string_view key) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : read_octal(*value, diagnostics_);
}

std::optional<int> Fields::signal(std::string_view key) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : read_signal(*value, diagnostics_);
}

std::optional<std::int64_t> Fields::integer(std::string_view key) const {
  const Node* value = find(key);
  if (value == nullptr) return std::nullopt;
  const Form* whole = form(key, Form::Kind::integer);
  return read_integer(*value, whole->min, whole->max, diagnostics_);
}

std::string_view Fields::chosen(std::string_view key) const {
  const Node* value = find(key);
  if (value == nullptr) return {};
  const Form* choice = form(key, Form::Kind::choice);
  const std::vector<std::string_view> words = split_words(choice->words);
  if (std::ranges::find(words, value->text) != words.end()) return value->text;
  diagnostics_.error(value->mark, "expected " + join(words),
                     value->expanded ? "" : suggest(value->text, words));
  return {};
}

}  // namespace pid1::config
