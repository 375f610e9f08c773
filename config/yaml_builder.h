#pragma once

#include <yaml-cpp/eventhandler.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/diagnostic.h"
#include "config/node.h"
#include "config/yaml_reader.h"
#include "config/yaml_text.h"

namespace pid1::config {

// Thrown through the parser where reading on would be dangerous; the error is already reported.
struct TooLarge : std::exception {};

// Makes a tree of the parser's events of one document and reports what the parser lets pass.
class YamlBuilder : public YAML::EventHandler {
 public:
  // `text` is what the parser reads: the text of `source` behind a byte order mark.
  YamlBuilder(SourcePtr source, std::string_view text, const YamlLimits& limits,
              Diagnostics& diagnostics);

  // Once the document has ended.
  Node take_root() { return std::move(root_); }

  // Where the last event was, and the innermost collection that hasn't ended, if it is written with
  // brackets: what is known where the parser gives up.
  std::size_t last_offset() const { return last_offset_; }
  const Node* open_flow() const;

  const TabIndents& tabs() const { return tabs_; }

  // Of the errors, those that leave the tree as it was meant but for equal keys.
  std::size_t harmless_errors() const { return harmless_errors_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { end_collection(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { end_collection(); }

 private:
  enum class Expected { key, value, value_of_bad_key };

  // A collection that hasn't ended.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    bool flow = false;
    int column = 0;                // 0-based
    std::size_t nodes_before = 0;  // nodes_ when it began
    std::size_t height = 0;        // of what it holds
    Expected expected = Expected::key;
    std::string key;
    Node::Style key_style = Node::Style::plain;
    Mark key_mark;
    std::size_t key_offset = 0;
  };

  // What an alias can bring, once it is complete.
  struct Anchored {
    bool complete = false;
    std::vector<std::size_t> path;  // a collection's: the place in each collection from the root on
    Node scalar;                    // anything else
    std::size_t nodes = 0;
    std::size_t height = 0;
  };

  Mark convert(const YAML::Mark& mark) const;
  void note(const YAML::Mark& mark);
  void count(std::size_t nodes, const Mark& mark);
  void check_tag(std::string_view tag, std::string_view own, const Mark& mark);
  Node::Style find_style(std::size_t offset);
  Mark find_null(const YAML::Mark& mark) const;
  void check_unwritten(const YAML::Mark& mark);
  void check_comma(const Frame& frame);

  void begin_collection(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                        YAML::EmitterStyle::value style);
  void end_collection();
  void add_leaf(Node node, YAML::anchor_t anchor);
  void attach(Node node, std::size_t height);
  void attach_key(Frame& frame, Node node);

  bool expects_key() const;
  std::vector<std::size_t> path_to_next() const;
  Anchored& anchored(YAML::anchor_t anchor);
  const Node& find(const Anchored& target) const;

  SourcePtr source_;
  std::string_view text_;
  YamlLimits limits_;
  Diagnostics& diagnostics_;
  TabIndents tabs_;
  std::vector<Frame> open_;
  std::vector<Anchored> anchors_;  // by the parser's numbers
  std::size_t nodes_ = 0;
  std::size_t last_offset_ = 0;
  std::size_t harmless_errors_ = 0;
  Node root_;
};

}  // namespace pid1::config
