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

std::vector<std::string> read_argv(const Fields& service, const Mark& service_mark, Needs needs,
                                   Diagnostics& diagnostics) {
  const Node* entrypoint = service.find("entrypoint");
  const Node* command = service.find("command");
  const std::size_t errors = diagnostics.error_count();
  std::vector<std::string> argv = read_words(entrypoint, diagnostics);
  std::vector<std::string> arguments = read_words(command, diagnostics);
  argv.insert(argv.end(), std::make_move_iterator(arguments.begin()),
              std::make_move_iterator(arguments.end()));
  const bool known = diagnostics.error_count() == errors && !service.is_faulty("command") &&
                     !service.is_faulty("entrypoint");
  if (!known) return argv;
  const Node* first = entrypoint != nullptr ? entrypoint : command;
  if (argv.empty() && needs == Needs::checked) {
    diagnostics.error(first == nullptr ? service_mark : first->mark, "the service has no `command`",
                      "write which program it runs");
  } else if (!argv.empty() && argv.front().empty()) {
    diagnostics.error(first->mark, "the name of the program is empty");
  }
  return argv;
}

// The kernel's ids are 32 bits wide, and the last one stands for "none".
bool is_good_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && id != std::numeric_limits<std::uint32_t>::max();
}

bool is_good_account(std::string_view text) {
  if (text.empty() || text.find_first_of(":\n") != std::string_view::npos) return false;
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return !digits || is_good_id(text);
}

std::optional<UserSpec> read_user(const Node* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value->text;
  const std::size_t colon = text.find(':');
  UserSpec user{std::string(text.substr(0, colon)), std::nullopt};
  if (colon != std::string_view::npos) user.group = text.substr(colon + 1);
  if (!is_good_account(user.user) || (user.group && !is_good_account(*user.group))) {
    diagnostics.error(value->mark, "expected `user`, `uid`, `user:group` or `uid:gid`");
    return std::nullopt;
  }
  return user;
}

std::vector<std::string> read_groups(const Node* value, Diagnostics& diagnostics) {
  std::vector<std::string> groups;
  if (value == nullptr) return groups;
  for (const Node& item : value->items) {
    if (!is_good_account(item.text)) {
      diagnostics.error(item.mark, "expected a group's name or number");
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
