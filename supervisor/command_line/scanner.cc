#include "supervisor/command_line/scanner.h"

namespace pid1::supervisor {

Scanner::Scanner(int argc, const char* const* argv, std::string_view short_flags,
                 const option* long_flags)
    : argc_(argc),
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): with "+" it permutes nothing
      argv_(const_cast<char* const*>(argv)),
      short_flags_("+:" + std::string(short_flags)),
      long_flags_(long_flags) {
  ::optind = 0;  // GNU's way to begin anew
  ::opterr = 0;
}

int Scanner::next() {
  word_ = ::optind == 0 ? 1 : ::optind;
  key_ = ::getopt_long(argc_, argv_, short_flags_.c_str(), long_flags_, nullptr);
  return key_;
}

std::string_view Scanner::argument() const { return ::optarg == nullptr ? "" : ::optarg; }

std::string Scanner::flag() const {
  const std::string_view word = word_ < argc_ ? argv_[word_] : "";
  if (word.starts_with("--")) return std::string(word.substr(0, word.find('=')));
  const bool is_wrong = key_ == unknown || key_ == no_argument_given;
  return {'-', static_cast<char>(is_wrong ? ::optopt : key_)};
}

std::vector<std::string> Scanner::rest() const { return {argv_ + ::optind, argv_ + argc_}; }

// Nothing else is taken where no flag is left.
bool Scanner::ended_by_dashes() const { return key_ == end && ::optind > word_; }

}  // namespace pid1::supervisor
