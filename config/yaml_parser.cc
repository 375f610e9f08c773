#include "config/yaml_parser.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>
#include <string>

namespace pid1::config {

namespace {

// yaml-cpp reads streams only. It never writes to what it reads, but a streambuf's pointers can't
// be const.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string& text) {
    setg(text.data(), text.data(), text.data() + text.size());
  }
};

// With the end of the document made explicit: yaml-cpp takes the end of the file for a closing
// quote.
std::string with_end(std::string_view text) {
  constexpr std::string_view end = "\n...\n";
  std::string ended;
  ended.reserve(text.size() + end.size());
  ended += text;
  // A newline more would be a part of a block scalar that keeps its last ones.
  ended += text.ends_with('\n') ? end.substr(1) : end;
  return ended;
}

// Takes the first sign of another document.
class EndChecker : public YAML::EventHandler {
 public:
  std::optional<std::size_t> found;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!found) found = static_cast<std::size_t>(mark.pos);
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

}  // namespace

std::optional<std::size_t> parse_document(std::string_view text, YAML::EventHandler& handler) {
  std::string ended = with_end(text);
  TextBuffer buffer(ended);
  std::istream stream(&buffer);
  YAML::Parser parser(stream);
  parser.HandleNextDocument(handler);
  EndChecker checker;
  try {
    parser.HandleNextDocument(checker);
  } catch (const YAML::Exception&) {
    // What is wrong within another document doesn't matter.
    if (!checker.found) throw;
  }
  return checker.found;
}

}  // namespace pid1::config
