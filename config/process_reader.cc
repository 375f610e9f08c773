#include "config/process_reader.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "config/shell_words.h"

namespace pid1::config {

namespace {

// The words of `command` or `entrypoint`.
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

bool is_assignment(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  return name.size() < word.size() && !name.empty() &&
         !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

// What a shell would make something else of before it runs it. In a list it may be meant.
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

std::vector<std::string> read_argv(const Fields& service, const Mark& service_mark, Needs needs,
                                   Diagnostics& diagnostics) {
  const Node* entrypoint = service.find("entrypoint");
  const Node* command = service.find("command");
  const std::size_t errors = diagnostics.error_count();
  std::vector<std::string> argv = read_words(entrypoint, diagnostics);
  const Node* first = argv.empty() && command != nullptr ? command : entrypoint;
  std::vector<std::string> arguments = read_words(command, diagnostics);
  argv.insert(argv.end(), std::make_move_iterator(arguments.begin()),
              std::make_move_iterator(arguments.end()));
  const bool known = diagnostics.error_count() == errors && !service.is_faulty("command") &&
                     !service.is_faulty("entrypoint");
  if (!known) return argv;
  if (argv.empty() && needs == Needs::checked) {
    diagnostics.error(first == nullptr ? service_mark : first->mark, "the service has no `command`",
                      "write which program it runs");
  } else if (!argv.empty() && argv.front().empty()) {
    diagnostics.error(first->mark, "the name of the program is empty");
  } else if (!argv.empty()) {
    check_program(*first, argv.front(), diagnostics);
  }
  return argv;
}

// The kernel's ids are 32 bits wide, and the last one stands for "none".
bool is_good_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && id != std::numeric_limits<std::uint32_t>::max();
}

// What to do about a user or group that can't be one; "" where it can.
std::string_view suggest_account(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return "a name can't hold a colon";
  if (text.find('\n') != std::string_view::npos) return "write it in one line";
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !is_good_id(text) ? "the largest number is 4294967294" : "";
}

std::string_view suggest_user(const UserSpec& user) {
  if (user.user.empty()) return "write a user's name or number first";
  if (user.group && user.group->empty()) return "write a group behind the colon, or no colon";
  const std::string_view hint = suggest_account(user.user);
  return hint.empty() && user.group ? suggest_account(*user.group) : hint;
}

std::optional<UserSpec> read_user(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value->text;
  const std::size_t colon = text.find(':');
  UserSpec user{std::string(text.substr(0, colon)), std::nullopt};
  if (colon != std::string_view::npos) user.group = text.substr(colon + 1);
  if (const std::string_view hint = suggest_user(user); !hint.empty()) {
    diagnostics.error(value->mark, "expected `user`, `uid`, `user:group` or `uid:gid`",
                      std::string(hint));
    return std::nullopt;
  }
  return user;
}

std::vector<std::string> read_groups(const Node* value, Diagnostics& diagnostics) {
  std::vector<std::string> groups;
  if (value == nullptr) return groups;
  for (const Node& item : value->items) {
    const std::string_view hint = item.text.empty() ? "leave it out" : suggest_account(item.text);
    if (!hint.empty()) {
      diagnostics.error(item.mark, "expected a group's name or number", std::string(hint));
    } else if (std::ranges::find(groups, item.text) == groups.end()) {
      groups.push_back(item.text);
    }
  }
  return groups;
}

std::optional<std::string> read_working_dir(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  if (!value->text.starts_with('/')) {
    diagnostics.error(value->mark, "expected an absolute path",
                      value->text.starts_with('~') ? "`~` is not expanded" : "begin it with `/`");
  }
  return value->text;
}

std::optional<std::uint32_t> read_umask(const Fields& service, Diagnostics& diagnostics) {
  const std::optional<std::uint32_t> umask = service.octal("umask");
  if (umask && *umask > 0777) {
    diagnostics.error(service.find("umask")->mark, "expected an octal number of at most 0777");
  }
  return umask;
}

}  // namespace

ProcessSpec read_process(const Fields& service, const Mark& service_mark, Needs needs,
                         Diagnostics& diagnostics) {
  ProcessSpec process;
  process.argv = read_argv(service, service_mark, needs, diagnostics);
  process.working_dir = read_working_dir(service.find("working_dir"), diagnostics);
  process.user = read_user(service.find("user"), diagnostics);
  process.group_add = read_groups(service.find("group_add"), diagnostics);
  process.umask = read_umask(service, diagnostics);
  return process;
}

}  // namespace pid1::config
