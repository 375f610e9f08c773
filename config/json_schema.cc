#include "config/json_schema.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "config/schema.h"
#include "config/value.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

// scalars.h and signal_names.h in the words of ECMA-262.
constexpr std::string_view kDuration =
    "^(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w))+$";
constexpr std::string_view kBytes =
    "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)? ?([bB]|[kKmMgGtTpP]([iI]?[bB])?)?$";
constexpr std::string_view kOctal = "^(0|0o)?[0-7]{1,4}$";
constexpr std::string_view kSignal =
    "^([Ss][Ii][Gg])?([A-Za-z]+[12]?|[Rr][Tt][Mm][Ii][Nn]\\+[0-9]+|[Rr][Tt][Mm][Aa][Xx]-[0-9]+)$";

// A `$` anywhere: what comes out of it isn't known yet.
constexpr std::string_view kVariable = "\\$";

Value words(std::initializer_list<std::string_view> names) {
  List list;
  for (const std::string_view name : names) list.push_back(text(name));
  return {std::move(list)};
}

std::string reference_name(const Section& section) {
  std::string name(section.title);
  std::ranges::replace(name, ' ', '-');
  return name;
}

Mapping refer_to(std::string_view name) { return {{"$ref", text("#/$defs/" + std::string(name))}}; }

Value pattern(std::string_view regex) {
  return {Mapping{{"type", text("string")}, {"pattern", text(regex)}}};
}

Mapping any_of(List alternatives) {
  if (alternatives.size() == 1) return std::get<Mapping>(std::move(alternatives.front().data));
  return {{"anyOf", Value{std::move(alternatives)}}};
}

Mapping describe_choice(std::string_view choices) {
  List list;
  for (const std::string_view choice : split_words(choices)) list.push_back(text(choice));
  return any_of({Value{Mapping{{"enum", Value{std::move(list)}}}}, pattern(kVariable)});
}

Mapping describe_integer(const Form& form) {
  Mapping number = {{"type", text("integer")}, {"minimum", Value{form.min}}};
  if (form.max != INT64_MAX) number.emplace_back("maximum", Value{form.max});
  return any_of({Value{std::move(number)}, pattern("^-?[0-9]+$|\\$")});
}

class SchemaWriter {
 public:
  Value write() {
    Mapping root = describe_section(sections::root);
    Mapping definitions = {
        {"duration", Value{any_of({Value{Mapping{{"const", Value{std::int64_t{0}}}}},
                                   pattern(kDuration), pattern(kVariable)})}},
        {"size", Value{any_of(
                     {Value{Mapping{{"type", text("number")}, {"minimum", Value{std::int64_t{0}}}}},
                      pattern(kBytes), pattern(kVariable)})}},
        {"octal", Value{any_of({Value{Mapping{{"type", text("integer")}}}, pattern(kOctal),
                                pattern(kVariable)})}},
        {"signal",
         Value{any_of({describe_signal_number(), pattern(kSignal), pattern("^[0-9]+$|\\$")})}},
    };
    while (!open_.empty()) {
      const Section* section = open_.back();
      open_.pop_back();
      definitions.emplace_back(reference_name(*section), Value{describe_section(*section)});
    }
    std::ranges::sort(definitions, {}, [](const auto& entry) { return entry.first; });
    Mapping out = {{"$schema", text("https://json-schema.org/draft/2020-12/schema")},
                   {"title", text("pid1's configuration")}};
    out.insert(out.end(), root.begin(), root.end());
    out.emplace_back("$defs", Value{std::move(definitions)});
    return {std::move(out)};
  }

 private:
  static Value describe_signal_number() {
    return {Mapping{{"type", text("integer")},
                    {"minimum", Value{std::int64_t{1}}},
                    {"maximum", Value{std::int64_t{64}}}}};
  }

  Mapping describe_section(const Section& section) {
    Mapping properties;
    for (const Key& key : section.keys) {
      properties.emplace_back(std::string(key.name), Value{describe_key(key)});
    }
    Mapping out = {{"description", text(section.doc)},
                   {"type", text("object")},
                   {"properties", Value{std::move(properties)}},
                   {"patternProperties", Value{Mapping{{"^x-", Value{true}}}}},
                   {"additionalProperties", Value{false}}};
    if (!section.alternatives.empty()) out.emplace_back("not", exclude_pairs(section));
    return out;
  }

  // Any two of the section's alternatives.
  static Value exclude_pairs(const Section& section) {
    const std::vector<std::string_view> keys = split_words(section.alternatives);
    List pairs;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      for (std::size_t j = i + 1; j < keys.size(); ++j) {
        pairs.push_back({Mapping{{"required", words({keys[i], keys[j]})}}});
      }
    }
    return {Mapping{{"anyOf", Value{std::move(pairs)}}}};
  }

  Mapping describe_key(const Key& key) {
    const std::string doc(key.doc);
    switch (key.support) {
      case Support::works:
      case Support::accepted: {
        Mapping out = {{"description", text(doc + describe_fallback(key))}};
        Mapping forms = describe_forms(*key.forms);
        out.insert(out.end(), forms.begin(), forms.end());
        return out;
      }
      case Support::planned:
        return {{"description", text("Not supported yet. " + doc)}, {"not", Value{Mapping{}}}};
      case Support::ignored:
        return {{"description", text("Has no effect here. " + doc)}, {"deprecated", Value{true}}};
      case Support::refused:
        return {{"description", text("`" + std::string(key.name) + "` " + doc + ".")},
                {"not", Value{Mapping{}}}};
    }
    return {};
  }

  static std::string describe_fallback(const Key& key) {
    return key.fallback.empty() ? "" : " Default: " + std::string(key.fallback) + ".";
  }

  Mapping describe_forms(const Forms& forms) {
    List alternatives;
    for (const Form& form : forms.list) {
      if (form.kind != Form::Kind::none) alternatives.push_back({describe_form(form)});
    }
    return any_of(std::move(alternatives));
  }

  Mapping describe_form(const Form& form) {
    switch (form.kind) {
      case Form::Kind::none: return {};
      case Form::Kind::null: return {{"type", text("null")}};
      case Form::Kind::text:
        if (form.words.empty()) return {{"type", words({"string", "number", "boolean"})}};
        return {{"type", words({"string", "number", "boolean"})},
                {"pattern", text(std::string(form.words) + "|" + std::string(kVariable))}};
      case Form::Kind::choice: return describe_choice(form.words);
      case Form::Kind::integer: return describe_integer(form);
      case Form::Kind::boolean:
        return any_of({Value{Mapping{{"type", text("boolean")}}},
                       pattern("^(true|True|TRUE|false|False|FALSE)$|\\$")});
      case Form::Kind::duration: return refer_to("duration");
      case Form::Kind::bytes: return refer_to("size");
      case Form::Kind::octal: return refer_to("octal");
      case Form::Kind::signal: return refer_to("signal");
      case Form::Kind::list:
        return {{"type", text("array")}, {"items", Value{describe_forms(*form.item)}}};
      case Form::Kind::named:
        return {{"type", text("object")},
                {"additionalProperties", Value{describe_forms(*form.item)}}};
      case Form::Kind::mapping:
        if (seen_.insert(form.section).second) open_.push_back(form.section);
        return refer_to(reference_name(*form.section));
    }
    return {};
  }

  std::set<const Section*> seen_;
  std::vector<const Section*> open_;
};

}  // namespace

std::string write_json_schema() { return write_json(SchemaWriter().write()); }

}  // namespace pid1::config
