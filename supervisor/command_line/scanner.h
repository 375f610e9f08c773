#pragma once

#include <getopt.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::supervisor {

// getopt_long(3), quiet, for the flags of an init: they end at the first word that is none, and
// after `--` (POSIX, Utility Syntax Guidelines 9 and 10), so that the program's own are left alone.
class Scanner {
 public:
  enum Special { end = -1, unknown = '?', no_argument_given = ':' };

  // `short_flags` as in getopt(3), without a leading `+` or `:`. The words, argv[0] among them, and
  // `long_flags`, whose last entry is all zero, outlive this object. One scanner at a time: libc
  // has one state.
  Scanner(int argc, const char* const* argv, std::string_view short_flags,
          const option* long_flags);

  // The next flag's key, or a Special.
  int next();

  // Of the flag that next() returned.
  std::string_view argument() const;
  // The flag as it was written, for messages: "-x", "--nonsense".
  std::string flag() const;

  // After Special::end: the words that follow.
  std::vector<std::string> rest() const;
  // … and whether `--` has ended the flags.
  bool ended_by_dashes() const;

 private:
  int argc_;
  char* const* argv_;
  std::string short_flags_;
  const option* long_flags_;
  int word_ = 1;  // where next() began to look
  int key_ = end;
};

}  // namespace pid1::supervisor
