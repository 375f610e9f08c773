#include "tests/support/event.h"

#include <stdexcept>

namespace pid1::testing {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool needs_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte >= 0x7f || c == '%' || c == '=';
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!needs_escape(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const std::string code(text.substr(i + 1, 2));
    out += static_cast<char>(std::stoi(code, nullptr, 16));
    i += 2;
  }
  return out;
}

std::string_view next_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

}  // namespace

const std::string& Event::operator[](const std::string& fact) const {
  const auto found = facts.find(fact);
  if (found == facts.end()) throw std::out_of_range(who + " " + what + " reports no " + fact);
  return found->second;
}

int Event::number(const std::string& fact) const { return std::stoi((*this)[fact]); }

std::string to_line(const Event& event) {
  std::string line = escaped(event.who) + ' ' + escaped(event.what);
  for (const auto& [name, value] : event.facts) line += ' ' + escaped(name) + '=' + escaped(value);
  return line + '\n';
}

Event from_line(std::string_view line) {
  Event event;
  event.who = unescaped(next_word(line));
  event.what = unescaped(next_word(line));
  if (event.what.empty()) throw std::runtime_error("no event: " + event.who);
  while (!line.empty()) {
    const std::string_view word = next_word(line);
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) throw std::runtime_error("no fact: " + std::string(word));
    event.facts[unescaped(word.substr(0, equals))] = unescaped(word.substr(equals + 1));
  }
  return event;
}

bool Matcher::matches(const Event& event) const {
  if (event.who != who || event.what != what) return false;
  for (const auto& [name, value] : facts) {
    const auto found = event.facts.find(name);
    if (found == event.facts.end() || found->second != value) return false;
  }
  return true;
}

std::string Matcher::describe() const { return to_line({who, what, facts}); }

Matcher started(std::string who) { return {std::move(who), "started", {}}; }

Matcher received(std::string who, int signo) {
  return {std::move(who), "signal", {{"signo", std::to_string(signo)}}};
}

Matcher exiting(std::string who) { return {std::move(who), "exiting", {}}; }

Matcher exiting(std::string who, int code) {
  return {std::move(who), "exiting", {{"code", std::to_string(code)}}};
}

Matcher reported(std::string who, std::string what) {
  return {std::move(who), std::move(what), {}};
}

}  // namespace pid1::testing
