#include "config/forms.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pid1::config {

namespace {

bool fits(Node::Kind node, Form::Kind form) {
  switch (form) {
    case Form::Kind::none: return false;
    case Form::Kind::null: return node == Node::Kind::null;
    case Form::Kind::text:
    case Form::Kind::choice:
    case Form::Kind::integer:
    case Form::Kind::boolean:
    case Form::Kind::duration:
    case Form::Kind::bytes:
    case Form::Kind::octal:
    case Form::Kind::signal: return node == Node::Kind::scalar;
    case Form::Kind::list: return node == Node::Kind::sequence;
    case Form::Kind::mapping:
    case Form::Kind::named: return node == Node::Kind::mapping;
  }
  return false;
}

std::string describe(const Form& form) {
  switch (form.kind) {
    case Form::Kind::none:
    case Form::Kind::null: return "";
    case Form::Kind::text: return "a string";
    case Form::Kind::choice: return "a word";
    case Form::Kind::integer: return "an integer";
    case Form::Kind::boolean: return "true or false";
    case Form::Kind::duration: return "a duration such as 1m30s";
    case Form::Kind::bytes: return "a size such as 512m";
    case Form::Kind::octal: return "an octal number";
    case Form::Kind::signal: return "a signal";
    case Form::Kind::list: return "a list";
    case Form::Kind::mapping:
    case Form::Kind::named: return "a mapping";
  }
  return "";
}

bool check_items(const Node& value, const Form& form, Diagnostics& diagnostics) {
  bool good = true;
  if (form.kind == Form::Kind::list) {
    for (const Node& item : value.items) {
      good &= check_form(item, item.mark, *form.item, diagnostics);
    }
  }
  if (form.kind == Form::Kind::named) {
    for (const Node::Entry& entry : value.entries) {
      good &= check_form(entry.value, entry.key_mark, *form.item, diagnostics);
    }
  }
  return good;
}

const Form* find_form(const Node& value, const Forms& forms) {
  const auto form = std::ranges::find_if(
      forms.list, [&](const Form& candidate) { return fits(value.kind, candidate.kind); });
  return form == forms.list.end() ? nullptr : &*form;
}

// A single word where a list is expected was meant as its only item.
std::string suggest_list(const Node& value, const Forms& forms) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=-";
  const auto list = std::ranges::find(forms.list, Form::Kind::list, &Form::kind);
  if (!value.is_scalar() || list == forms.list.end() || find_form(value, *list->item) == nullptr) {
    return "";
  }
  const bool shown = !value.expanded && !value.text.empty() &&
                     value.text.find_first_not_of(kPlain) == std::string::npos;
  return shown ? "write [" + value.text + "]" : "write it as the item of a list";
}

}  // namespace

bool check_form(const Node& value, const Mark& key_mark, const Forms& forms,
                Diagnostics& diagnostics) {
  if (value.failed) return false;
  if (const Form* form = find_form(value, forms)) return check_items(value, *form, diagnostics);
  if (value.is_null()) {
    diagnostics.error(key_mark, "expected " + describe(forms) + ", found nothing");
  } else {
    const std::string found(describe(value.kind));
    diagnostics.error(value.mark, "expected " + describe(forms) + ", found " + found,
                      suggest_list(value, forms));
  }
  return false;
}

std::optional<Node> keep_fitting(const Node& value, const Forms& forms) {
  const Form* form = value.failed ? nullptr : find_form(value, forms);
  if (form == nullptr) return std::nullopt;
  if (form->kind != Form::Kind::list && form->kind != Form::Kind::named) return value;
  Node kept;
  kept.kind = value.kind;
  kept.mark = value.mark;
  kept.alias = value.alias;
  for (const Node& item : value.items) {
    if (std::optional<Node> good = keep_fitting(item, *form->item)) {
      kept.items.push_back(std::move(*good));
    }
  }
  for (const Node::Entry& entry : value.entries) {
    if (std::optional<Node> good = keep_fitting(entry.value, *form->item)) {
      kept.entries.push_back({entry.key, entry.key_mark, std::move(*good), entry.key_style});
    }
  }
  return kept;
}

std::string describe(const Forms& forms) {
  std::vector<std::string> parts;
  for (const Form& form : forms.list) {
    if (std::string part = describe(form); !part.empty()) parts.push_back(std::move(part));
  }
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " or " : ", ";
    out += parts[i];
  }
  return out;
}

}  // namespace pid1::config
