#include "config/project.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/expansion.h"
#include "config/extends.h"
#include "config/fields.h"
#include "config/paths.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

// Deeper ones are nobody's purpose, and the stack is finite.
constexpr std::size_t kDeepestInclude = 16;

constexpr std::string_view kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

class ProjectReader {
 public:
  ProjectReader(const Lookup& lookup, Diagnostics& diagnostics)
      : diagnostics_(diagnostics),
        documents_(std::make_unique<Documents>(diagnostics)),
        expansion_(lookup, diagnostics),
        resolver_(*documents_, expansion_, diagnostics) {}

  Project read_main(const std::string& path) {
    read_files(path);
    project_.documents = std::move(documents_);
    return std::move(project_);
  }

 private:
  void read_files(const std::string& path) {
    Document* document = documents_->open_main(path);
    if (document == nullptr) return;
    chain_.push_back(normalize_path(document->path));
    added_.push_back(document);
    expand_top_level(*document);
    const Fields fields(document->root, sections::root, diagnostics_);
    read_name(fields);
    if (const Node* container = fields.find("pid1")) project_.container = container;
    project_.mark = fields.key_mark("services");
    if (project_.mark.source == nullptr) project_.mark = {document->root.mark.source, 0, 0};
    add_includes(*document, fields);
    add_services(*document);
  }

  void expand_top_level(Document& document) {
    for (Node::Entry& entry : document.root.entries) {
      if (entry.key != "services") expansion_.expand(entry.value);
    }
  }

  void read_name(const Fields& fields) {
    const std::optional<std::string> name = fields.text("name");
    if (!name) return;
    const bool good =
        !name->empty() && name->front() != '-' && name->front() != '_' &&
        std::ranges::all_of(*name, [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (!good) {
      diagnostics_.error(fields.find("name")->mark, "this is no name for the whole",
                         "use lower-case letters, digits, `-` and `_`, and begin with a letter or "
                         "digit");
    }
    project_.name = *name;
  }

  void add_includes(const Document& document, const Fields& fields) {
    const Node* includes = fields.find("include");
    if (includes == nullptr) return;
    for (const Node& item : includes->items) {
      if (item.is_scalar()) {
        include(resolve_path(item.text, document.path), item.mark);
        continue;
      }
      const Fields include_fields(item, sections::include, diagnostics_);
      if (const Node* path = include_fields.find("path")) {
        include(resolve_path(path->text, document.path), path->mark);
      } else if (!include_fields.is_faulty("path")) {
        diagnostics_.error(item.mark, "an included file needs the key `path`");
      }
    }
  }

  void include(const std::string& path, const Mark& mark) {
    const std::string normalized = normalize_path(path);
    const auto begin = std::ranges::find(chain_, normalized);
    if (begin != chain_.end()) return report_cycle(begin, mark);
    if (chain_.size() > kDeepestInclude) {
      diagnostics_.error(mark, "more than " + std::to_string(kDeepestInclude) +
                                   " files include one another in a row");
      return;
    }
    Document* document = documents_->open(path, mark);
    // The same file by two ways is one file.
    if (document == nullptr || std::ranges::find(added_, document) != added_.end()) return;
    added_.push_back(document);
    chain_.push_back(normalized);
    expand_top_level(*document);
    const Fields fields(document->root, sections::root, diagnostics_);
    if (fields.find("pid1") != nullptr) {
      diagnostics_.error(fields.key_mark("pid1"), "`pid1` belongs in the main file",
                         "this file is included by " + mark.source->name);
    }
    add_includes(*document, fields);
    add_services(*document);
    chain_.pop_back();
  }

  void report_cycle(std::vector<std::string>::iterator begin, const Mark& mark) {
    std::string path;
    for (auto link = begin; link != chain_.end(); ++link) path += *link + " -> ";
    diagnostics_.error(mark, "files include one another: " + path + *begin);
  }

  void add_services(Document& document) {
    Node* services = document.root.find("services");
    if (services == nullptr) return;
    for (Node::Entry& entry : services->entries) add_service(document, entry);
  }

  void add_service(Document& document, Node::Entry& entry) {
    if (entry.key.empty() || entry.key.find_first_not_of(kNameLetters) != std::string::npos) {
      diagnostics_.error(entry.key_mark, "`" + entry.key + "` is no name for a service",
                         "use letters, digits, `.`, `_` and `-`");
    }
    const auto [first, is_new] = names_.emplace(entry.key, entry.key_mark);
    if (!is_new) {
      diagnostics_.error(entry.key_mark, "a service `" + entry.key + "` is defined twice",
                         "the other is at " + first->second.source->name + ":" +
                             std::to_string(first->second.line) +
                             "; to build on it, use `extends`");
      return;
    }
    const bool complete = resolver_.resolve(document, entry);
    // A service that isn't a mapping was reported with the form of `services`.
    if (!entry.value.is_mapping()) return;
    project_.services.push_back({entry.key, entry.key_mark, &entry.value, complete});
  }

  Diagnostics& diagnostics_;
  std::unique_ptr<Documents> documents_;
  Expansion expansion_;
  Resolver resolver_;
  Project project_;
  std::vector<std::string> chain_;  // normalized paths, each including the next
  std::vector<const Document*> added_;
  std::map<std::string, Mark> names_;
};

}  // namespace

Project read_project(const std::string& path, const Lookup& lookup, Diagnostics& diagnostics) {
  return ProjectReader(lookup, diagnostics).read_main(path);
}

}  // namespace pid1::config
