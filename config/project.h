#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/interpolation.h"
#include "config/node.h"

namespace pid1::config {

// A service as it is written, with variables filled in and what it extends merged below.
struct ServiceTree {
  std::string_view name;
  Mark mark;
  const Node* node;      // a mapping
  bool complete = true;  // false: what it extends is missing, which was reported
};

// All files of a configuration as one.
struct Project {
  std::unique_ptr<Documents> documents;  // what the trees are part of
  std::string name;
  const Node* container = nullptr;    // the block `pid1`, or none
  Mark mark;                          // of the key `services` in the main file, or of the file
  std::vector<ServiceTree> services;  // those of included files first
};

// Reads a file and all that it includes. Errors go to `diagnostics`, and what they don't concern is
// there all the same, so that it can be checked too.
Project read_project(const std::string& path, const Lookup& lookup, Diagnostics& diagnostics);

}  // namespace pid1::config
