#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "services/signal_names.h"
#include "services/spec.h"
#include "supervisor/log.h"

namespace pid1::supervisor {

// Whose wording and whose exit codes for errors of the init's own.
enum class Manner { pid1, tini, dumb_init, catatonit };

// The signal that is sent on for each that comes, by number; 0: none.
using Rewrites = std::array<int, kMaxSignal + 1>;
Rewrites no_rewrites();

// One program under an init. Whatever name pid1 was called by, flags and variables come down to
// this.
struct ProgramOptions {
  Manner manner = Manner::pid1;
  std::vector<std::string> argv = {};  // empty: none, reap for ever (--pause)
  LogLevel log_level = LogLevel::warning;

  SignalScope forward_to = SignalScope::process;
  Rewrites rewrites = no_rewrites();
  bool own_session = false;       // else a process group of its own in our session
  bool suspends_itself = false;   // after a TSTP, TTIN or TTOU, whoever is above or not
  bool leaves_directory = false;  // the init itself goes to /, so that it holds no mount

  std::vector<int> expected_codes = {};      // these end in 0; 128+n stands for signal n
  Duration grace = std::chrono::seconds(5);  // of what the program leaves behind; 0: none at all
  bool awaits_all = false;                   // ends only when every adopted process has
  bool warns_on_reap = false;
  int parent_death_signal = 0;  // 0: none

  std::optional<std::string> termination_log = {};  // none: it is the program's own

  std::optional<std::string> working_dir = {};
  std::vector<EnvironmentChange> environment = {};
  std::optional<UserSpec> user = {};

  bool operator==(const ProgramOptions&) const = default;
};

}  // namespace pid1::supervisor
