#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/logging_reader.h"
#include "config/node.h"
#include "config/service_draft.h"
#include "services/spec.h"

namespace pid1::config {

// The block `pid1` before the services that it names are looked for.
struct ContainerDraft {
  // `signo` goes to `service` as `as`.
  struct Target {
    int signo;
    std::string service;
    Mark mark;
    int as;
  };

  ContainerSpec spec;  // of its signals' rules, `only` is empty
  OwnLogging logging;
  NamePlace exit_code_from;
  Mark stop_grace_period;
  std::vector<Target> targets;
  std::vector<Mark> reloads;  // where `reload` is written
};

// `block` is the value of the key `pid1`, or nullptr.
ContainerDraft read_container(const Node* block, Diagnostics& diagnostics);

}  // namespace pid1::config
