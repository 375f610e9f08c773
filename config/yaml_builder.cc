#include "config/yaml_builder.h"

#include <yaml-cpp/mark.h>

#include <algorithm>
#include <utility>

#include "config/duplicate_keys.h"

namespace pid1::config {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

std::size_t count_children(const Node& node) {
  return node.is_mapping() ? node.entries.size() : node.items.size();
}

const Node& child(const Node& node, std::size_t index) {
  return node.is_mapping() ? node.entries[index].value : node.items[index];
}

Node make_node(Node::Kind kind, const Mark& mark) {
  Node node;
  node.kind = kind;
  node.mark = mark;
  return node;
}

// Bounded by the depth limit.
void set_alias(Node& node, const Mark& alias) {
  node.alias = alias;
  for (Node& item : node.items) set_alias(item, alias);
  for (Node::Entry& entry : node.entries) set_alias(entry.value, alias);
}

// The null that is written at `offset`, if there is one: "null" out of "null # comment". Not that
// of "nullable" or of a key.
std::string_view find_written_null(std::string_view text, std::size_t offset) {
  text.remove_prefix(std::min(offset, text.size()));
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.starts_with(word)) continue;
    const std::string_view rest = text.substr(word.size());
    const std::size_t next = std::min(rest.find_first_not_of(" \t\r"), rest.size());
    if (next == rest.size() || std::string_view("\n,]}").find(rest[next]) != kNone) return word;
    if (next > 0 && rest[next] == '#') return word;
  }
  return "";
}

}  // namespace

YamlBuilder::YamlBuilder(SourcePtr source, std::string_view text, const YamlLimits& limits,
                         Diagnostics& diagnostics)
    : source_(std::move(source)),
      text_(text),
      limits_(limits),
      diagnostics_(diagnostics),
      tabs_(text) {}

const Node* YamlBuilder::open_flow() const {
  return !open_.empty() && open_.back().flow ? &open_.back().node : nullptr;
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Node node;
  const auto begin = static_cast<std::size_t>(mark.pos);
  const std::size_t offset = anchor == 0 ? begin : skip_properties(text_, begin);
  // A value that is missing gets the place of its key.
  const bool at_key = !open_.empty() && open_.back().expected == Expected::value &&
                      open_.back().key_offset == begin;
  const std::string_view word = at_key ? "" : find_written_null(text_, offset);
  const bool is_written = !word.empty() || anchor != 0;
  if (is_written) note(mark);
  if (!is_written) check_unwritten(mark);
  node.mark = is_written ? convert(mark) : find_null(mark);
  node.text = word;
  add_leaf(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  note(mark);
  const Mark place = convert(mark);
  if (expects_key()) {
    attach(make_node(Node::Kind::sequence, place), 0);  // no string: refused as a key
    return;
  }
  const Anchored& target = anchored(anchor);
  if (!target.complete) {
    diagnostics_.error(place, "an alias to what it is a part of",
                       "end the anchored value before its alias");
    attach(make_node(Node::Kind::null, place), 0);
    return;
  }
  count(target.nodes, place);
  if (open_.size() + target.height > limits_.depth) {
    diagnostics_.error(place, "nested more than " + std::to_string(limits_.depth) + " deep");
    throw TooLarge();
  }
  Node copy = find(target);
  set_alias(copy, place);
  attach(std::move(copy), target.height);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  note(mark);
  Node node = make_node(Node::Kind::scalar, convert(mark));
  node.text = value;
  check_tag(tag, "str", node.mark);
  node.style = tag == "?" ? Node::Style::plain
                          : find_style(skip_properties(text_, static_cast<std::size_t>(mark.pos)));
  add_leaf(std::move(node), anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  check_tag(tag, "seq", convert(mark));
  begin_collection(Node::Kind::sequence, mark, anchor, style);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  check_tag(tag, "map", convert(mark));
  begin_collection(Node::Kind::mapping, mark, anchor, style);
}

Mark YamlBuilder::convert(const YAML::Mark& mark) const {
  return {source_, static_cast<std::uint32_t>(mark.line + 1),
          static_cast<std::uint32_t>(mark.column + 1)};
}

void YamlBuilder::note(const YAML::Mark& mark) {
  last_offset_ = static_cast<std::size_t>(mark.pos);
  if (!tabs_.none() && open_flow() != nullptr) tabs_.excuse_line_of(last_offset_);
}

void YamlBuilder::count(std::size_t nodes, const Mark& mark) {
  nodes_ += nodes;
  if (nodes_ <= limits_.nodes) return;
  diagnostics_.error(mark, "more than " + std::to_string(limits_.nodes) +
                               " values, counted after aliases are expanded");
  throw TooLarge();
}

// `own` is the tag that says of this kind of node what it is anyway; "!" and "?" stand for none.
void YamlBuilder::check_tag(std::string_view tag, std::string_view own, const Mark& mark) {
  if (tag == "?" || tag == "!") return;
  const bool core = tag.starts_with(kCoreTag);
  if (core && tag.substr(kCoreTag.size()) == own) return;
  const std::string shown =
      core ? "!!" + std::string(tag.substr(kCoreTag.size())) : std::string(tag);
  diagnostics_.error(mark, "the tag " + shown + " means nothing here",
                     "leave it out; only !!str, !!seq and !!map are known");
  ++harmless_errors_;
}

Node::Style YamlBuilder::find_style(std::size_t offset) {
  const char first = offset < text_.size() ? text_[offset] : '\0';
  if (first == '"' || first == '\'') {
    if (!tabs_.none()) tabs_.excuse_quoted(offset);
  } else if ((first == '|' || first == '>') && open_flow() == nullptr) {
    if (!tabs_.none()) tabs_.excuse_block(offset, open_.empty() ? -1 : open_.back().column);
    return Node::Style::block;
  }
  return Node::Style::quoted;  // or plain with a tag that makes it a string
}

// The parser gives a value that isn't written the place of what comes next: that helps nobody.
Mark YamlBuilder::find_null(const YAML::Mark& mark) const {
  if (open_.empty()) return {source_, 1, 1};
  const Frame& frame = open_.back();
  if (frame.node.is_mapping() && frame.expected != Expected::key) return frame.key_mark;
  if (frame.node.is_mapping()) return convert(mark);
  return mark_at(source_, find_before(text_, static_cast<std::size_t>(mark.pos)));
}

// The parser fills in more nulls than YAML allows.
void YamlBuilder::check_unwritten(const YAML::Mark& mark) {
  if (open_.empty()) return;
  const Frame& frame = open_.back();
  const bool before_comma =
      text_.substr(std::min(text_.size(), static_cast<std::size_t>(mark.pos))).starts_with(',');
  if (frame.node.is_sequence() && frame.flow && before_comma) {
    diagnostics_.error(convert(mark), "expected a value before ','", "write ~ for none");
  }
  if (frame.node.is_sequence() || frame.expected != Expected::value) return;
  const std::size_t content = skip_properties(text_, frame.key_offset);
  if (is_written_as_key(text_, content, frame.key)) return;
  if (frame.flow) return check_comma(frame);
  diagnostics_.error(frame.key_mark, "expected ':' behind the key " + in_quotes(frame.key),
                     "check the indentation where it isn't meant as a key");
}

// Between brackets a key needs no ':', but behind a value without quotes it is rather the rest of
// that value.
void YamlBuilder::check_comma(const Frame& frame) {
  if (frame.node.entries.empty()) return;
  const Node& before = frame.node.entries.back().value;
  const bool is_rest = before.is_scalar() && before.style == Node::Style::plain &&
                       before.alias.line == 0 && before.mark.line == frame.key_mark.line;
  if (!is_rest) return;
  diagnostics_.error(before.mark, "a value with a comma inside {} must be quoted",
                     "write " + in_quotes(before.text + ", " + frame.key) + ", or, where " +
                         in_quotes(frame.key) + " is a key without a value, ':' behind it");
}

void YamlBuilder::begin_collection(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value style) {
  note(mark);
  Frame frame;
  frame.node = make_node(kind, convert(mark));
  frame.anchor = anchor;
  frame.flow = style == YAML::EmitterStyle::Flow;
  frame.column = mark.column;
  frame.nodes_before = nodes_;
  if (open_.size() >= limits_.depth) {
    diagnostics_.error(frame.node.mark,
                       "nested more than " + std::to_string(limits_.depth) + " deep");
    throw TooLarge();
  }
  count(1, frame.node.mark);
  if (anchor != 0) anchored(anchor).complete = false;
  open_.push_back(std::move(frame));
}

void YamlBuilder::end_collection() {
  Frame frame = std::move(open_.back());
  open_.pop_back();
  if (frame.node.is_mapping()) harmless_errors_ += report_duplicate_keys(frame.node, diagnostics_);
  const std::size_t height = frame.height + 1;
  if (frame.anchor != 0) {
    Anchored& target = anchored(frame.anchor);
    target.path = path_to_next();
    target.nodes = nodes_ - frame.nodes_before;
    target.height = height;
    target.complete = true;
  }
  attach(std::move(frame.node), height);
}

void YamlBuilder::add_leaf(Node node, YAML::anchor_t anchor) {
  count(1, node.mark);
  if (anchor != 0) anchored(anchor) = {.complete = true, .path = {}, .scalar = node, .nodes = 1};
  attach(std::move(node), 0);
}

void YamlBuilder::attach(Node node, std::size_t height) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = open_.back();
  if (expects_key()) {
    attach_key(frame, std::move(node));
    return;
  }
  frame.height = std::max(frame.height, height);
  if (frame.node.is_sequence()) {
    frame.node.items.push_back(std::move(node));
    return;
  }
  if (frame.expected == Expected::value) {
    frame.node.entries.push_back(
        {std::move(frame.key), std::move(frame.key_mark), std::move(node), frame.key_style});
  }
  frame.expected = Expected::key;
}

void YamlBuilder::attach_key(Frame& frame, Node node) {
  frame.key_mark = node.mark;
  frame.key_offset = last_offset_;
  if (node.is_scalar()) {
    frame.key = std::move(node.text);
    frame.key_style = node.style;
    frame.expected = Expected::value;
    return;
  }
  diagnostics_.error(node.mark, "expected a string as key", "quote it where it is meant as text");
  frame.expected = Expected::value_of_bad_key;
}

bool YamlBuilder::expects_key() const {
  return !open_.empty() && open_.back().node.is_mapping() && open_.back().expected == Expected::key;
}

// Nothing is added to an outer collection before the inner one has ended, so this is where the next
// node will be for good.
std::vector<std::size_t> YamlBuilder::path_to_next() const {
  std::vector<std::size_t> path;
  path.reserve(open_.size());
  for (const Frame& frame : open_) path.push_back(count_children(frame.node));
  return path;
}

YamlBuilder::Anchored& YamlBuilder::anchored(YAML::anchor_t anchor) {
  if (anchor >= anchors_.size()) anchors_.resize(anchor + 1);
  return anchors_[anchor];
}

const Node& YamlBuilder::find(const Anchored& target) const {
  if (target.path.empty()) return target.scalar;
  const Node* node = &open_.front().node;
  for (std::size_t depth = 0; depth < target.path.size(); ++depth) {
    const std::size_t place = target.path[depth];
    const bool is_open = place == count_children(*node);
    node = is_open ? &open_[depth + 1].node : &child(*node, place);
  }
  return *node;
}

}  // namespace pid1::config
