#pragma once

#include "supervisor/output/format.h"

namespace pid1::output {

// `web    | text`, names aligned, each service in a colour of its own on a terminal. A line that
// was cut ends and goes on with `[...]`.
class PrefixFormat final : public Format {
 public:
  PrefixFormat(const Origin& origin, const FormatOptions& options);

  void begin(const Moment& moment) override;
  void append(const Line& line, std::string& text) const override;

 private:
  const Reader reader_;
  const bool timestamps_;
  std::string name_;    // with what follows it
  std::string prefix_;  // the name, and the time of this read
};

}  // namespace pid1::output
