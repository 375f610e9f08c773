#include "supervisor/system/program_file.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

constexpr std::size_t script_limit =
    256;  // BINPRM_BUF_SIZE: all that the kernel reads of a "#!" line
constexpr std::size_t path_limit = 4096;

// At `offset`; shorter where the file is, empty where it can't be read.
std::string read_at(int fd, std::size_t size, off_t offset) {
  std::string bytes(size, '\0');
  const ssize_t count = ::pread(fd, bytes.data(), size, offset);
  bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return bytes;
}

std::string script_interpreter(std::string_view line) {
  static constexpr std::string_view blanks = " \t";
  line = line.substr(2, line.find('\n') - 2);
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return std::string(line.substr(0, line.find_first_of(blanks)));
}

// Of a program for this machine's word size; elf(5), PT_INTERP.
std::string elf_interpreter(int fd) {
  ElfW(Ehdr) header;
  if (::pread(fd, &header, sizeof header, 0) != sizeof header) return {};
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    const auto offset = static_cast<off_t>(header.e_phoff + i * sizeof segment);
    if (::pread(fd, &segment, sizeof segment, offset) != sizeof segment) return {};
    if (segment.p_type != PT_INTERP || segment.p_filesz > path_limit) continue;
    const std::string path = read_at(fd, segment.p_filesz, static_cast<off_t>(segment.p_offset));
    return path.substr(0, path.find('\0'));
  }
  return {};
}

std::string find_interpreter(int fd) {
  const std::string begin = read_at(fd, script_limit, 0);
  if (begin.starts_with("#!")) return script_interpreter(begin);
  if (begin.starts_with(ELFMAG)) return elf_interpreter(fd);
  return {};
}

}  // namespace

ProgramFile examine_program(const char* directory, const char* path) {
  ProgramFile file;
  const UniqueFd base(directory == nullptr ? -1 : ::open(directory, O_PATH | O_CLOEXEC));
  const int from = directory == nullptr ? AT_FDCWD : base.get();
  struct stat status;
  if (::fstatat(from, path, &status, 0) != 0) return file;
  file.exists = true;
  file.is_regular = S_ISREG(status.st_mode);
  file.is_directory = S_ISDIR(status.st_mode);
  file.has_execute_bit = (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
  if (!file.is_regular) return file;

  const UniqueFd place(::openat(from, path, O_PATH | O_CLOEXEC));
  struct statvfs mount;
  file.is_on_noexec_mount =
      place && ::fstatvfs(place.get(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0;
  const UniqueFd content(::openat(from, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (content) file.interpreter = find_interpreter(content.get());
  return file;
}

}  // namespace pid1::system
