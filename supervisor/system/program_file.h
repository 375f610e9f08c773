#pragma once

#include <string>

namespace pid1::system {

// What may be learnt about a program's file after the kernel refused to run it. Paths are taken
// from `directory`, or where that is null from the current one.
struct ProgramFile {
  bool exists = false;
  bool is_regular = false;
  bool is_directory = false;
  bool has_execute_bit = false;
  bool is_on_noexec_mount = false;
  // Of a "#!" line, or the loader of a dynamic ELF program; empty: none, or the file can't be read.
  std::string interpreter;
};

ProgramFile examine_program(const char* directory, const char* path);

}  // namespace pid1::system
