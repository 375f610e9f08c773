#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/simulation/simulation.h"

namespace pid1::supervisor {

// What `pid1ctl simulate` was asked for, before the names of services are known.
struct SimulationOptions {
  struct Happening {
    Incident::Kind kind = Incident::Kind::ends;
    std::string service;
    Duration at{};
    int code = 1;
  };
  std::vector<Happening> happenings;
  std::vector<std::string> deaf;
  std::optional<Duration> stop_at;
  std::optional<Duration> until;
  std::uint64_t seed = 0;
};

// "NAME@TIME", and where something ends "NAME@TIME:CODE" with a code 0–255; nullopt where the text
// is none. A name may contain @: the last one counts.
std::optional<SimulationOptions::Happening> parse_happening(Incident::Kind kind,
                                                            std::string_view text);

}  // namespace pid1::supervisor
