#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pid1::config {

// The table of every key that a configuration may hold. Three things are made of it and so can't
// disagree: the checks of the parser (fields.h), schema/pid1.schema.json and
// docs/reference/config.md. The vocabulary is the Compose Specification's
// (https://github.com/compose-spec/compose-spec/blob/main/spec.md), what it lacks is added.

// What pid1 does about a key.
enum class Support {
  works,
  accepted,  // what it asks for is so in any case
  planned,   // refused as "not supported yet", never taken and ignored
  ignored,   // says nothing about how a service runs: one warning
  refused,   // is the container's business: an error that says so
};

// How the value of a base and that of an overriding service become one (`extends`).
enum class Merge {
  by_kind,    // mappings merge key by key, lists append, anything else overrides
  replace,    // the overriding value, whole
  by_name,    // as mappings, also where one is written as a list of `NAME=VALUE` or of names
  by_driver,  // as mappings; one that names another `driver` replaces it all, its options too
};

struct Section;
struct Form;

struct Forms;

struct Form {
  enum class Kind {
    none,
    null,     // nothing: the same as not written
    text,     // any scalar, as written; `words` may hold a pattern (ECMA-262, for editors)
    choice,   // one of `words`, which '|' separates
    integer,  // min … max
    boolean,
    duration,  // scalars.h
    bytes,     // scalars.h
    octal,     // scalars.h
    signal,    // services/signal_names.h
    list,      // of `item`
    mapping,   // with the keys of `section`
    named,     // a mapping from names that the person chooses to `item`
  };
  Kind kind = Kind::none;
  std::string_view words = {};
  std::int64_t min = 0;
  std::int64_t max = 0;
  const Section* section = nullptr;
  const Forms* item = nullptr;
};

// The forms that one value may take, up to the first that is `none`.
struct Forms {
  std::array<Form, 4> list = {};
};

struct Key {
  std::string_view name;
  Support support = Support::works;
  const Forms* forms = nullptr;    // where it is written, or will be; null where any form will do
  std::string_view fallback = {};  // what holds where it isn't written, for people
  std::string_view doc;            // a sentence; of a refused key the reason
  Merge merge = Merge::by_kind;
  // What to do about a refused key, where it isn't to be said where the container is started.
  std::string_view instead = {};
};

// A mapping whose keys are known.
struct Section {
  std::string_view title;
  std::string_view doc;
  std::span<const Key> keys;
  // Keys of which one at the most is written, '|' between them. One of them over a base's other one
  // takes its place.
  std::string_view alternatives = {};
};

// The words that '|' separates.
std::vector<std::string_view> split_words(std::string_view words);

namespace sections {
extern const Section root;
extern const Section include;
extern const Section container;  // the block `pid1`
extern const Section service;
extern const Section env_file;
extern const Section dependency;
extern const Section restart;
extern const Section deploy;
extern const Section resources;  // deploy.resources
extern const Section resource_limits;
extern const Section resource_reservations;
extern const Section extends;
extern const Section healthcheck;
extern const Section http_check;
extern const Section tcp_check;
extern const Section readiness;
extern const Section reload;
extern const Section hook;
extern const Section logging;
extern const Section logging_options;
extern const Section container_log;  // pid1.log
extern const Section ulimits;
extern const Section limit;
extern const Section mount;  // of a secret or a config
extern const Section schedule;
extern const Section socket;
}  // namespace sections

// nullptr where the section has no such key.
const Key* find_key(const Section& section, std::string_view name);

// Keys that a person may use for anything: they are never read.
bool is_extension(std::string_view key);

}  // namespace pid1::config
