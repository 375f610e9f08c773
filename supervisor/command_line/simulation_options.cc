#include "supervisor/command_line/simulation_options.h"

#include "config/scalars.h"

namespace pid1::supervisor {

std::optional<SimulationOptions::Happening> parse_happening(Incident::Kind kind,
                                                            std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  SimulationOptions::Happening happening{.kind = kind, .service = std::string(text.substr(0, at))};
  std::string_view time = text.substr(at + 1);
  const auto colon = time.find(':');
  if (kind == Incident::Kind::ends && colon != std::string_view::npos) {
    const auto code = config::parse_integer(time.substr(colon + 1), 0, 255);
    if (!std::holds_alternative<std::int64_t>(code)) return std::nullopt;
    happening.code = static_cast<int>(std::get<std::int64_t>(code));
    time = time.substr(0, colon);
  }
  const auto duration = config::parse_duration(time);
  if (!std::holds_alternative<Duration>(duration)) return std::nullopt;
  happening.at = std::get<Duration>(duration);
  return happening;
}

}  // namespace pid1::supervisor
