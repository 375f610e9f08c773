#include "config/override.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/names.h"

namespace pid1::config {

namespace {

void combine(Node& base, Node over, const Key* key);

const Form* find_form(const Key* key, Form::Kind kind) {
  if (key == nullptr || key->forms == nullptr) return nullptr;
  const auto found = std::ranges::find(key->forms->list, kind, &Form::kind);
  return found == key->forms->list.end() ? nullptr : &*found;
}

bool takes_null(const Key* key) {
  return key == nullptr || key->forms == nullptr || find_form(key, Form::Kind::null) != nullptr;
}

// Of the mappings that names are mapped to.
const Section* find_item_section(const Key* key) {
  const Form* named = find_form(key, Form::Kind::named);
  if (named == nullptr) return nullptr;
  const auto mapping = std::ranges::find(named->item->list, Form::Kind::mapping, &Form::kind);
  return mapping == named->item->list.end() ? nullptr : mapping->section;
}

// Of keys that exclude one another, the base's go where the overriding mapping has one.
void drop_alternatives(Node& base, const Node& over, const Section& section) {
  const std::vector<std::string_view> names = split_words(section.alternatives);
  const auto is_one = [&names](const Node::Entry& entry) {
    return !entry.value.is_null() && std::ranges::find(names, entry.key) != names.end();
  };
  const auto chosen = std::ranges::find_if(over.entries, is_one);
  if (chosen == over.entries.end()) return;
  std::erase_if(base.entries, [&](const Node::Entry& entry) {
    return is_one(entry) && entry.key != chosen->key;
  });
}

void combine_mappings(Node& base, Node over, const Section* section) {
  if (section != nullptr) drop_alternatives(base, over, *section);
  for (Node::Entry& entry : over.entries) {
    const Key* key = section == nullptr ? nullptr : find_key(*section, entry.key);
    const auto below = std::ranges::find(base.entries, entry.key, &Node::Entry::key);
    if (below == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else if (!entry.value.is_null()) {
      below->key_mark = entry.key_mark;
      combine(below->value, std::move(entry.value), key);
    } else if (!takes_null(key)) {
      *below = std::move(entry);
    }
  }
}

// `environment: {NAME: }` takes the name from pid1 again, so unlike elsewhere null overrides.
void combine_names(Node& base, Node over, const Section* section) {
  for (Node::Entry& entry : over.entries) {
    const auto below = std::ranges::find(base.entries, entry.key, &Node::Entry::key);
    if (below == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else if (below->value.is_mapping() && entry.value.is_mapping()) {
      below->key_mark = entry.key_mark;
      combine_mappings(below->value, std::move(entry.value), section);
    } else {
      *below = std::move(entry);
    }
  }
}

// Where a list may be written as a single string, it is a list of one.
void make_list(Node& node) {
  if (!node.is_scalar()) return;
  Node list;
  list.kind = Node::Kind::sequence;
  list.mark = node.mark;
  list.items.push_back(std::move(node));
  node = std::move(list);
}

void combine_by_kind(Node& base, Node over, const Key* key) {
  if (find_form(key, Form::Kind::list) != nullptr) {
    make_list(base);
    make_list(over);
  }
  if (base.is_mapping() && over.is_mapping()) {
    const Form* mapping = find_form(key, Form::Kind::mapping);
    combine_mappings(base, std::move(over), mapping == nullptr ? nullptr : mapping->section);
  } else if (base.is_sequence() && over.is_sequence()) {
    base.items.insert(base.items.end(), std::make_move_iterator(over.items.begin()),
                      std::make_move_iterator(over.items.end()));
  } else {
    base = std::move(over);
  }
}

const Node* find_driver(const Node& mapping) {
  const auto found = std::ranges::find(mapping.entries, "driver", &Node::Entry::key);
  return found == mapping.entries.end() || found->value.is_null() ? nullptr : &found->value;
}

// What its options mean depends on it.
bool names_another_driver(const Node& base, const Node& over) {
  if (!base.is_mapping() || !over.is_mapping()) return false;
  const Node* below = find_driver(base);
  const Node* above = find_driver(over);
  return below != nullptr && above != nullptr && below->text != above->text;
}

void combine(Node& base, Node over, const Key* key) {
  switch (key == nullptr ? Merge::by_kind : key->merge) {
    case Merge::replace: base = std::move(over); return;
    case Merge::by_name:
      make_mapping(base, *key);
      make_mapping(over, *key);
      if (base.is_mapping() && over.is_mapping()) {
        return combine_names(base, std::move(over), find_item_section(key));
      }
      base = std::move(over);
      return;
    case Merge::by_driver:
      if (names_another_driver(base, over)) {
        base = std::move(over);
        return;
      }
      return combine_by_kind(base, std::move(over), key);
    case Merge::by_kind: return combine_by_kind(base, std::move(over), key);
  }
}

}  // namespace

void override_with(Node& base, Node over, const Section& section) {
  combine_mappings(base, std::move(over), &section);
}

}  // namespace pid1::config
