#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Log files. Their folder may belong to the service whose lines they hold, which must not lead us
// elsewhere: no symbolic link is followed in the last place of a path.

struct LogFile {
  UniqueFd fd = {};
  std::uint64_t size = 0;
  bool ends_within_line = false;  // whoever wrote it last was interrupted
  int error = 0;  // errno, where there is no file: EINVAL for what isn't a regular one
};

// Opens for appending, closed on exec; makes it with mode 0640 where there is none.
LogFile open_log(const char* path);

// How many bytes went, as many as the disk had room for; or -errno: -ENOSPC, -EDQUOT, -EIO …
ssize_t append_to_log(int fd, std::span<const std::string_view> pieces);

// A regular file from its beginning. Empty, and errno, where there is none.
UniqueFd open_log_for_reading(const char* path);

// A new file for writing, mode 0640; what had its name before is removed. Empty, and errno.
UniqueFd create_log(const char* path);

// rename(2), unlink(2). 0 or errno.
int rename_log(const char* from, const char* to);
int remove_log(const char* path);

}  // namespace pid1::system
