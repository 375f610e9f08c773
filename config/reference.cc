#include "config/reference.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "config/schema.h"

namespace pid1::config {

namespace {

constexpr std::string_view kIntroduction =
    R"(# Configuration reference

Generated from config/schema_*.cc by `bazel run //config:generate`; don't edit.

pid1 reads /etc/pid1.yaml, or the file that `--config` or `PID1_CONFIG` names. Its vocabulary is the
[Compose Specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md)'s: keys that
Compose has keep Compose's name, forms and meaning. An unknown key is an error, and so is one that
isn't supported yet: nothing is taken and ignored.

- **Durations**: numbers with a unit out of ns us µs ms s m h d w, one after the other: `1m30s`, `1.5h`,
  `500ms`; a bare `0`.
- **Sizes**: bytes, or a number with a unit out of b k m g t p, 1024-based, also as `mb` or `MiB`.
- **Signals**: a name with or without SIG (`SIGTERM`, `term`, `RTMIN+3`), or a number.
- **Strings** are taken as they are written: a plain `1.10`, `no` or `0x1F` is the text. Only an empty
  value, `null` and `~` are nothing.
- **Variables** in values: `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:?error}`,
  `${VAR?error}`, `${VAR:+replacement}`, `${VAR+replacement}`; `$$` is a dollar sign. One that is unset and
  has no default is nothing, with a warning. They come from pid1's own environment.
- **Anchors** and `<<` work. Explicit keys win, and of several mappings the first one.
- **Paths** of `include`, `extends` and `env_file` are relative to the file that names them. `~` isn't
  expanded.
- A service that **extends** another one takes over its keys: mappings merge key by key, lists append,
  anything else is overridden; null overrides nothing. Keys that are marked "replaces" are overridden
  whole.
)";

std::string join_words(std::string_view words) {
  std::string out;
  for (const std::string_view word : split_words(words)) {
    out += (out.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  return out;
}

// The anchor that Markdown makes of a heading.
std::string link_to(const Section& section) {
  std::string anchor(section.title);
  std::erase(anchor, '.');
  std::ranges::transform(anchor, anchor.begin(), [](char c) {
    return c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return "[mapping](#" + anchor + ")";
}

std::string describe_forms(const Forms& forms);

std::string describe_items(const Forms& forms) {
  const std::string items = describe_forms(forms);
  return items.find(" or ") == std::string::npos ? items : "(" + items + ")";
}

std::string describe_form(const Form& form) {
  switch (form.kind) {
    case Form::Kind::none:
    case Form::Kind::null: return "";
    case Form::Kind::text: return "string";
    case Form::Kind::choice: return join_words(form.words);
    case Form::Kind::integer:
      if (form.min == form.max) return "`" + std::to_string(form.min) + "`";
      return form.max == INT64_MAX || form.max == 0xFFFF'FFFF
                 ? "integer from " + std::to_string(form.min)
                 : "integer " + std::to_string(form.min) + "–" + std::to_string(form.max);
    case Form::Kind::boolean: return "`true`, `false`";
    case Form::Kind::duration: return "duration";
    case Form::Kind::bytes: return "size";
    case Form::Kind::octal: return "octal number";
    case Form::Kind::signal: return "signal";
    case Form::Kind::list: return "list of " + describe_items(*form.item);
    case Form::Kind::named: return "mapping from names to " + describe_items(*form.item);
    case Form::Kind::mapping: return link_to(*form.section);
  }
  return "";
}

std::string describe_forms(const Forms& forms) {
  std::string out;
  for (const Form& form : forms.list) {
    const std::string one = describe_form(form);
    if (!one.empty()) out += (out.empty() ? "" : " or ") + one;
  }
  return out;
}

bool works(const Key& key) {
  return key.support == Support::works || key.support == Support::accepted;
}

std::string describe_row(const Key& key) {
  std::string doc(key.doc);
  if (key.merge == Merge::replace) doc += " `extends` replaces it.";
  return "| `" + std::string(key.name) + "` | " + describe_forms(*key.forms) + " | " +
         std::string(key.fallback) + " | " + doc + " |\n";
}

std::string list_keys(const Section& section, Support support) {
  std::string out;
  for (const Key& key : section.keys) {
    if (key.support == support) out += (out.empty() ? "`" : ", `") + std::string(key.name) + "`";
  }
  return out;
}

// By the reason.
std::string describe_refused(const Section& section) {
  std::vector<std::string_view> reasons;
  for (const Key& key : section.keys) {
    if (key.support == Support::refused && std::ranges::find(reasons, key.doc) == reasons.end()) {
      reasons.push_back(key.doc);
    }
  }
  std::string out;
  for (const std::string_view reason : reasons) {
    std::string names;
    for (const Key& key : section.keys) {
      if (key.support != Support::refused || key.doc != reason) continue;
      names += (names.empty() ? "`" : ", `") + std::string(key.name) + "`";
    }
    out += "- " + names + ": " + std::string(reason) + "\n";
  }
  return out;
}

std::string describe_planned(const Section& section) {
  std::string out;
  for (const Key& key : section.keys) {
    if (key.support == Support::planned) {
      out += "- `" + std::string(key.name) + "`: " + std::string(key.doc) + "\n";
    }
  }
  return out;
}

std::string describe_section(const Section& section) {
  std::string out = "\n## " + std::string(section.title) + "\n\n" + std::string(section.doc) +
                    "\n\n| key | forms | default | |\n|---|---|---|---|\n";
  for (const Key& key : section.keys) {
    if (works(key)) out += describe_row(key);
  }
  if (const std::string planned = describe_planned(section); !planned.empty()) {
    out += "\nNot supported yet, and refused:\n\n" + planned;
  }
  if (const std::string ignored = list_keys(section, Support::ignored); !ignored.empty()) {
    out += "\nWithout effect here, with one warning: " + ignored + ".\n";
  }
  if (const std::string refused = describe_refused(section); !refused.empty()) {
    out += "\nRefused:\n\n" + refused;
  }
  return out;
}

void collect_from(const Forms& forms, std::vector<const Section*>& sections) {
  for (const Form& form : forms.list) {
    if (form.section != nullptr && std::ranges::find(sections, form.section) == sections.end()) {
      sections.push_back(form.section);
    }
    if (form.item != nullptr) collect_from(*form.item, sections);
  }
}

}  // namespace

std::string write_reference() {
  std::vector<const Section*> sections = {&sections::root};
  for (std::size_t i = 0; i < sections.size(); ++i) {
    for (const Key& key : sections[i]->keys) {
      if (works(key)) collect_from(*key.forms, sections);
    }
  }
  std::string out(kIntroduction);
  for (const Section* section : sections) out += describe_section(*section);
  return out;
}

}  // namespace pid1::config
