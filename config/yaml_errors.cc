#include "config/yaml_errors.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>

#include "config/yaml_text.h"

namespace pid1::config {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kIndent =
    "check the indentation: the keys of one mapping and the items of one list begin at the same "
    "column";

// yaml-cpp's message, or how it begins, and ours.
struct Wording {
  std::string_view theirs;
  std::string_view ours;
  std::string_view hint;
};

namespace msg = YAML::ErrorMsg;

Diagnostic error(Mark mark, std::string_view message, std::string_view hint) {
  return {Severity::error, std::move(mark), std::string(message), std::string(hint)};
}

bool is_one_of(std::string_view message, std::initializer_list<std::string_view> messages) {
  return std::ranges::find(messages, message) != messages.end();
}

// The document's end has come: the text's, or a line of three dashes or dots.
bool is_at_end(std::string_view text, std::size_t offset) {
  if (text.find_first_not_of(" \t\r\n", std::min(offset, text.size())) == kNone) return true;
  const std::string_view rest = text.substr(offset);
  const bool begins_line = offset == 0 || text[offset - 1] == '\n';
  return begins_line && (rest.starts_with("---") || rest.starts_with("..."));
}

// Something stands before `offset` on its line.
bool follows_text(std::string_view text, std::size_t offset) {
  const std::size_t last = text.substr(0, offset).find_last_not_of(" \t");
  return offset > 0 && last != kNone && text[last] != '\n';
}

Diagnostic explain_flow(const ParseFailure& failure, const SourcePtr& source,
                        std::string_view text) {
  const bool list = failure.message == msg::END_OF_SEQ_FLOW;
  const std::string_view message =
      list ? "expected ',' or ']' in the list" : "expected ',' or '}' in the mapping";
  const Mark place = mark_at(source, failure.offset);
  if (failure.open_flow == nullptr) return error(place, message, "");
  const Mark& opening = failure.open_flow->mark;
  const bool sequence = failure.open_flow->is_sequence();
  const std::string_view closing = sequence ? "close the list with ]" : "close the mapping with }";
  if (is_at_end(text, failure.offset)) {
    return error(opening, sequence ? "a '[' that is never closed" : "a '{' that is never closed",
                 closing);
  }
  if (opening.line < place.line) {
    return error(
        place, message,
        std::string(closing) + " (it begins at line " + std::to_string(opening.line) + ")");
  }
  return error(place, message, "quote a text that holds one of , [ ] { }");
}

Diagnostic explain_unknown_token(const ParseFailure& failure, const SourcePtr& source,
                                 std::string_view text) {
  const std::string_view rest = text.substr(std::min(failure.offset, text.size()));
  const bool is_tab = rest.starts_with('\t');
  const std::string first(is_tab || rest.empty() ? "this" : rest.substr(0, 1));
  return error(mark_at(source, failure.offset), "a value can't begin with " + first,
               "quote the value");
}

// Empty where yaml-cpp says something that isn't in the table.
Wording find_wording(std::string_view message) {
  const std::array wordings = {
      Wording{msg::MAP_VALUE, "a ':' that isn't allowed here",
              "check the indentation, and quote a text that holds ': '"},
      Wording{msg::MAP_KEY, "a key that isn't allowed here", kIndent},
      Wording{msg::BLOCK_ENTRY, "a list item that isn't allowed here",
              "begin a list on a line of its own, or quote a text that begins with '- '"},
      Wording{msg::END_OF_MAP, "expected another key of the mapping or its end", kIndent},
      Wording{msg::END_OF_SEQ, "expected another '- ' item of the list or its end", kIndent},
      Wording{msg::FLOW_END, "a closing bracket that nothing opened",
              "quote a text that begins with ] or }"},
      Wording{msg::TAB_IN_INDENTATION, "a tab where indentation is expected", "indent with spaces"},
      Wording{msg::INVALID_ESCAPE, "an unknown escape in double quotes",
              "write \\\\ for a backslash, or use single quotes"},
      Wording{msg::INVALID_HEX, "an escape with a wrong hexadecimal digit",
              "write \\xNN, \\uNNNN or \\UNNNNNNNN"},
      Wording{msg::INVALID_UNICODE, "an escape for what is no Unicode character", ""},
      Wording{msg::UNKNOWN_ANCHOR, "an alias to an anchor that isn't defined before it",
              "define it with & above, or quote a text that begins with *"},
      Wording{msg::ALIAS_NOT_FOUND, "an alias without a name", "quote a text that begins with *"},
      Wording{msg::CHAR_IN_ALIAS, "an alias with a character that no name can have",
              "quote a text that begins with *"},
      Wording{msg::ANCHOR_NOT_FOUND, "an anchor without a name", "quote a text that begins with &"},
      Wording{msg::CHAR_IN_ANCHOR, "an anchor with a character that no name can have",
              "quote a text that begins with &"},
      Wording{msg::ALIAS_CONTENT, "an alias with a value, an anchor or a tag of its own", ""},
      Wording{msg::MULTIPLE_ANCHORS, "two anchors for one value", ""},
      Wording{msg::MULTIPLE_TAGS, "two tags for one value", ""},
      Wording{msg::CHAR_IN_TAG_HANDLE, "a tag with a character that no tag can have",
              "quote a text that begins with !"},
      Wording{msg::TAG_WITH_NO_SUFFIX, "a tag without a name", "quote a text that begins with !"},
      Wording{msg::END_OF_VERBATIM_TAG, "a tag '!<' without its '>'",
              "quote a text that begins with !"},
      Wording{msg::CHAR_IN_BLOCK, "unexpected text after | or >",
              "begin the block's text on the next line"},
      Wording{msg::ZERO_INDENT_IN_BLOCK, "an indentation of 0 after | or >", "write 1 to 9"},
      Wording{msg::YAML_DIRECTIVE_ARGS, "a %YAML line without exactly one version", "leave it out"},
      Wording{msg::YAML_VERSION, "a %YAML line without a version",
              "write %YAML 1.2 or leave it out"},
      Wording{msg::YAML_MAJOR_VERSION, "a version of YAML that isn't known",
              "write %YAML 1.2 or leave it out"},
      Wording{msg::REPEATED_YAML_DIRECTIVE, "a second %YAML line", "leave it out"},
      Wording{msg::TAG_DIRECTIVE_ARGS, "a %TAG line without exactly two arguments", "leave it out"},
      Wording{msg::REPEATED_TAG_DIRECTIVE, "a second %TAG line for one handle", "leave it out"},
  };
  const auto found = std::ranges::find_if(
      wordings, [&](const Wording& one) { return message.starts_with(one.theirs); });
  return found == wordings.end() ? Wording{} : *found;
}

}  // namespace

Diagnostic explain(const ParseFailure& failure, const SourcePtr& source, std::string_view text) {
  const std::string_view message = failure.message;
  if (is_one_of(message, {msg::DOC_IN_SCALAR, msg::EOF_IN_SCALAR})) {
    const std::size_t quote = find_open_quote(text, failure.last_event, failure.offset);
    return error(mark_at(source, quote == kNone ? failure.offset : quote),
                 "a quote that is never closed", "close it, or put the whole text in other quotes");
  }
  if (is_one_of(message, {msg::END_OF_SEQ_FLOW, msg::END_OF_MAP_FLOW})) {
    return explain_flow(failure, source, text);
  }
  if (message == msg::UNKNOWN_TOKEN) return explain_unknown_token(failure, source, text);
  if (is_one_of(message, {msg::END_OF_MAP, msg::END_OF_SEQ}) &&
      follows_text(text, failure.offset)) {
    return error(mark_at(source, failure.offset), "unexpected text after a value",
                 "put the whole value in quotes");
  }
  const Wording wording = find_wording(message);
  if (wording.ours.empty()) {
    return error(mark_at(source, failure.offset), "no YAML: " + printable(message), "");
  }
  return error(mark_at(source, failure.offset), wording.ours, wording.hint);
}

}  // namespace pid1::config
