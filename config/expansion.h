#pragma once

#include <set>
#include <string>

#include "config/diagnostic.h"
#include "config/interpolation.h"
#include "config/node.h"

namespace pid1::config {

// Fills variables into the values of trees; keys stay as they are. A variable that is unset and has
// no default is warned of once, however often it is used. Borrows everything it is given.
class Expansion {
 public:
  Expansion(const Lookup& lookup, Diagnostics& diagnostics)
      : lookup_(lookup), diagnostics_(diagnostics) {}

  // Every scalar below `node`. One that holds a NUL byte is an error: no program can be given it.
  void expand(Node& node);

 private:
  void expand_scalar(Node& scalar);

  const Lookup& lookup_;
  Diagnostics& diagnostics_;
  std::set<std::string> warned_;
};

}  // namespace pid1::config
