#pragma once

#include <string>

namespace pid1::testing {

// Where tests keep their files: a tmpfs on /mnt that nobody but this process and its children sees,
// so that nothing is left behind however the process ends. Everyone may enter it, services that run
// as other users too.

// Prepares it, with bin/ in it: pid1, links to it
// (pid1ctl and each name of other inits), probe, probe-of-root (the same, setuid) and guard. Once
// per process, as root. Throws where a step fails.
void make_scratch();

inline const std::string kScratch = "/mnt";
inline const std::string kScratchBin = "/mnt/bin";

// A new folder in it that everyone may write to.
std::string make_scratch_folder();

}  // namespace pid1::testing
