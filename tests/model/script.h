#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace pid1::model {

// Takes bytes for a plan of up to twelve services and for a script of what happens to it, and lets
// it happen, every step checked against the invariants. Then somebody asks for the end, everything
// goes on as it does by itself, each service's processes with manners of their own, and the end has
// to come: with its code, within the budget, and without SIGKILL for a service that would have
// stopped in its time. Returns what went wrong, in words, or nullopt.
//
// Any bytes will do; those after the last that is needed are left. The fuzzer, its replay and the
// property tests share this.
std::optional<std::string> play(std::span<const std::uint8_t> bytes);

}  // namespace pid1::model
