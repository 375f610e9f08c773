#include "config/yaml_reader.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <utility>

#include "config/duplicate_keys.h"
#include "config/utf8.h"
#include "config/yaml_builder.h"
#include "config/yaml_errors.h"
#include "config/yaml_parser.h"
#include "config/yaml_text.h"

namespace pid1::config {

namespace {

class Reading {
 public:
  Reading(const SourcePtr& source, std::string_view text, const YamlLimits& limits,
          Diagnostics& diagnostics)
      : source_(source),
        text_(text),
        diagnostics_(diagnostics),
        builder_(source, text, limits, diagnostics) {}

  void read() {
    try {
      const std::optional<std::size_t> behind = parse_document(text_, builder_);
      if (!report_tabs(text_.size()) && behind) report_text_behind(*behind);
    } catch (const YAML::Exception& failure) {
      report(failure);
    } catch (const TooLarge&) {
      report_tabs(builder_.last_offset());
    }
  }

  std::size_t harmless_errors() const { return builder_.harmless_errors(); }
  Node take_root() { return builder_.take_root(); }

 private:
  void report_text_behind(std::size_t offset) {
    const bool another = text_.substr(std::min(offset, text_.size())).starts_with("---");
    diagnostics_.error(mark_at(source_, offset),
                       another ? "a second document in one file" : "text after the document's end",
                       another ? "keep one document, without '---' between its parts"
                               : "check the indentation, and quote a value that holds it");
  }

  // True where there is a tab as indentation before `end`.
  bool report_tabs(std::size_t end) {
    const std::size_t tab = builder_.tabs().find_first();
    if (tab >= end) return false;
    diagnostics_.error(mark_at(source_, tab), "a tab as indentation", "indent with spaces");
    return true;
  }

  void report(const YAML::Exception& failure) {
    const bool placed = failure.mark.pos >= 0;
    const ParseFailure seen{
        .message = failure.msg,
        .offset = placed ? static_cast<std::size_t>(failure.mark.pos) : builder_.last_offset(),
        .last_event = builder_.last_offset(),
        .open_flow = builder_.open_flow()};
    // What follows such a tab is often a failure that nobody understands.
    if (report_tabs(std::min(seen.offset + 1, text_.size()))) return;
    const Diagnostic explained = explain(seen, source_, text_);
    diagnostics_.error(explained.mark, explained.message, explained.hint);
  }

  SourcePtr source_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  YamlBuilder builder_;
};

}  // namespace

std::optional<Node> read_yaml(const SourcePtr& source, Diagnostics& diagnostics,
                              const YamlLimits& limits) {
  const std::size_t errors_before = diagnostics.error_count();
  if (source->text.size() > limits.bytes) {
    diagnostics.error({source, 0, 0}, "larger than " + std::to_string(limits.bytes) + " bytes");
    return std::nullopt;
  }
  if (!check_characters(source, diagnostics)) return std::nullopt;
  std::string_view text = source->text;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!check_directives(source, text, diagnostics)) return std::nullopt;
  Reading reading(source, text, limits, diagnostics);
  reading.read();
  const std::size_t errors = diagnostics.error_count() - errors_before;
  if (errors > reading.harmless_errors()) return std::nullopt;
  Node root = reading.take_root();
  if (errors > 0) unite_equal_keys(root);
  return root;
}

}  // namespace pid1::config
