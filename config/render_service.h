#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/resolved.h"
#include "config/value.h"

namespace pid1::config {

// The parts of a service as values under the keys that they are read from.

// `unwritten`: what holds where `logging` isn't written; nullopt: nothing that can be left out.
Value render_service(const ResolvedService& resolved, const std::optional<Logging>& unwritten);

// Where its output goes.
void render_logging(const ServiceSpec& service, const std::optional<Logging>& unwritten,
                    Value::Mapping& mapping);
// Where pid1's own messages go, and what else of the block `pid1` concerns output. `usual`: what
// holds where none of it is written.
void render_own_logging(const ContainerSpec& container, const Logging& usual,
                        Value::Mapping& mapping);

// Health, readiness, hooks and what else is about its life while it runs.
void render_life(const ServiceSpec& service, Value::Mapping& mapping);

// What it may do, and how much it may use.
void render_limits(const ServiceSpec& service, Value::Mapping& mapping);

// Pieces of more than one of them.
Value render_number(std::int64_t number);
Value render_duration(Duration duration);
Value render_texts(const std::vector<std::string>& texts);
Value render_user(const UserSpec& user);
Value render_environment(const std::vector<EnvironmentChange>& changes);
std::string_view action_name(EndAction action);

}  // namespace pid1::config
