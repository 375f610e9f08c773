#include "supervisor/host_lookup.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>

namespace pid1::supervisor {
namespace {

using boost::asio::ip::address;

constexpr std::size_t kMaxHostsFile = std::size_t{1} << 20;
constexpr std::string_view kBlanks = " \t\r";

std::optional<address> to_address(std::string_view text) {
  boost::system::error_code error;
  address result = boost::asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return result;
}

// Takes the first word from a line; empty where there is none left.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

bool names_host(std::string_view line, std::string_view host) {
  for (std::string_view name = take_word(line); !name.empty(); name = take_word(line)) {
    if (boost::algorithm::iequals(name, host)) return true;
  }
  return false;
}

}  // namespace

std::vector<address> look_up_host(std::string_view host, std::string_view hosts) {
  if (const auto itself = to_address(host)) return {*itself};
  std::vector<address> found;
  while (!hosts.empty()) {
    std::string_view line = hosts.substr(0, hosts.find('\n'));
    hosts.remove_prefix(std::min(line.size() + 1, hosts.size()));
    line = line.substr(0, line.find('#'));
    const auto numbers = to_address(take_word(line));
    if (!numbers || !names_host(line, host)) continue;
    if (std::ranges::find(found, *numbers) == found.end()) found.push_back(*numbers);
  }
  if (found.empty() && boost::algorithm::iequals(host, "localhost")) {
    return {boost::asio::ip::address_v4::loopback(), boost::asio::ip::address_v6::loopback()};
  }
  return found;
}

std::string read_hosts_file(int& error) {
  using File = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;
  const File file(std::fopen("/etc/hosts", "re"));
  error = file ? 0 : errno;
  if (!file) return {};
  std::string text;
  char chunk[4096];
  while (text.size() < kMaxHostsFile) {
    const std::size_t bytes = std::fread(chunk, 1, sizeof chunk, file.get());
    if (bytes == 0) break;
    text.append(chunk, bytes);
  }
  return text;
}

}  // namespace pid1::supervisor
