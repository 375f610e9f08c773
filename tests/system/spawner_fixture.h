#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>
#include <string>

#include "supervisor/system/spawner.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system::testing {

// Everything here holds for both ways of making a process.
class SpawnerFixture : public ::testing::TestWithParam<SpawnMethod> {
 protected:
  SpawnResult spawn(const StringList& argv, SpawnRequest request = {}) {
    Spawner spawner({}, GetParam());
    request.argv = argv.span();
    request.environment = environment_.span();
    return spawner.spawn(request);
  }

  SpawnError fail_to_spawn(const StringList& argv, SpawnRequest request = {}) {
    const SpawnResult result = spawn(argv, request);
    if (const auto* const error = std::get_if<SpawnError>(&result)) return *error;
    await_end(std::get<std::int32_t>(result));
    ADD_FAILURE() << "it was started";
    return {};
  }

  std::string output(const StringList& argv, SpawnRequest request = {}, SignalMask inherited = {}) {
    Spawner spawner(inherited, GetParam());
    request.argv = argv.span();
    request.environment = environment_.span();
    return output_of(spawner, request);
  }

  std::string status_of_child(SpawnRequest request = {}, SignalMask inherited = {}) {
    return output({"/bin/cat", "/proc/self/status"}, request, inherited);
  }

  // Looks from outside at a program that stands still: one that runs changes what it was given.
  void observe(const SpawnRequest& request, const std::function<void(pid_t)>& look) {
    const SpawnResult result = spawn({"sh", "-c", "kill -STOP $$"}, request);
    if (const auto* const error = std::get_if<SpawnError>(&result)) {
      FAIL() << "step " << static_cast<int>(error->step) << ": " << strerror(error->error);
    }
    const pid_t pid = std::get<std::int32_t>(result);
    siginfo_t info = {};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WEXITED), 0);
    ASSERT_EQ(info.si_code, CLD_STOPPED);
    look(pid);
    kill(pid, SIGKILL);
    await_end(pid);
  }

  const StringList environment_{"PATH=/usr/bin:/bin", "GREETING=hello"};
};

inline auto both_methods() { return ::testing::Values(SpawnMethod::clone, SpawnMethod::fork); }

inline std::string method_name(const ::testing::TestParamInfo<SpawnMethod>& method) {
  return method.param == SpawnMethod::clone ? "Clone" : "Fork";
}

}  // namespace pid1::system::testing
