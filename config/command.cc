#include "config/command.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "config/shell_words.h"

namespace pid1::config {

namespace {

bool is_assignment(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  return name.size() < word.size() && !name.empty() &&
         !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

}  // namespace

std::vector<std::string> read_words(const Node* value, Diagnostics& diagnostics) {
  std::vector<std::string> words;
  if (value == nullptr) return words;
  if (value->is_sequence()) {
    for (const Node& item : value->items) words.push_back(item.text);
    return words;
  }
  Scalar<std::vector<std::string>> split = split_shell_words(value->text);
  if (ScalarError* error = std::get_if<ScalarError>(&split)) {
    diagnostics.error(value->mark, std::move(error->message),
                      value->expanded ? "" : std::move(error->hint));
    return words;
  }
  return std::get<std::vector<std::string>>(std::move(split));
}

void check_program(const Node& value, const std::string& program, Diagnostics& diagnostics) {
  if (!value.is_scalar()) return;
  if (is_assignment(program)) {
    diagnostics.error(value.mark,
                      "expected a program first, and no shell runs that would set a variable",
                      "write the variable under `environment:`");
  } else if (program.starts_with('~')) {
    diagnostics.error(value.mark, "expected a program: `~` is not expanded, no shell runs",
                      "write the full path");
  }
}

std::vector<std::string> read_command(const Node& value, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.error_count();
  std::vector<std::string> argv = read_words(&value, diagnostics);
  if (diagnostics.error_count() > errors) return {};
  if (argv.empty()) {
    diagnostics.error(value.mark, "the command is empty", "write which program it runs");
  } else if (argv.front().empty()) {
    diagnostics.error(value.mark, "the name of the program is empty");
  } else {
    check_program(value, argv.front(), diagnostics);
  }
  if (diagnostics.error_count() > errors) argv.clear();
  return argv;
}

}  // namespace pid1::config
