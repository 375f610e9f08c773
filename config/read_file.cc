#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "config/yaml_reader.h"

namespace pid1::config {

namespace {

constexpr std::size_t kMebibyte = 1u << 20;
constexpr std::string_view kSplit = "split it: `include` and `env_file` take several files";

// What to do about a text that was read but for its end.
std::string suggest_for(const std::string& bytes, std::size_t limit) {
  return bytes.size() > limit ? std::string(kSplit) : "";
}

std::string describe_limit(std::size_t bytes) {
  if (bytes >= kMebibyte && bytes % kMebibyte == 0)
    return std::to_string(bytes / kMebibyte) + " MiB";
  return std::to_string(bytes) + " bytes";
}

// Why `path` can't be read, before it is opened: opening a FIFO would wait for a writer, and
// reading /dev/zero would never end. Empty where it can.
std::string find_obstacle(const std::string& path) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  switch (status.type()) {
    case std::filesystem::file_type::regular: return "";
    case std::filesystem::file_type::directory: return "it is a directory";
    case std::filesystem::file_type::not_found:
      return failure ? failure.message() : std::strerror(ENOENT);
    case std::filesystem::file_type::none: return failure.message();
    case std::filesystem::file_type::symlink:
    case std::filesystem::file_type::block:
    case std::filesystem::file_type::character:
    case std::filesystem::file_type::fifo:
    case std::filesystem::file_type::socket:
    case std::filesystem::file_type::unknown: return "it isn't a regular file";
  }
  return "";
}

// Up to one byte more than `limit`. An empty answer where all went well, else why not.
std::string read_bytes(std::FILE* file, std::size_t limit, std::string& bytes) {
  std::setvbuf(file, nullptr, _IONBF, 0);
  constexpr std::size_t kChunk = 64u << 10;
  std::size_t size = 0;
  while (size <= limit) {
    const std::size_t wanted = std::min(kChunk, limit + 1 - size);
    bytes.resize(size + wanted);
    const std::size_t got = std::fread(bytes.data() + size, 1, wanted, file);
    size += got;
    if (got < wanted) break;
  }
  bytes.resize(size);
  if (std::ferror(file) != 0) return std::strerror(errno);
  return size > limit ? "it is larger than " + describe_limit(limit) : "";
}

std::string open_and_read(const std::string& path, std::size_t limit, std::string& bytes) {
  using File = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;
  const File file(std::fopen(path.c_str(), "rbe"));
  return file ? read_bytes(file.get(), limit, bytes) : std::strerror(errno);
}

}  // namespace

SourcePtr read_file(const std::string& path, const Mark& from, std::size_t limit,
                    Diagnostics& diagnostics) {
  auto source = std::make_shared<Source>();
  source->name = path;
  std::string obstacle = path.find('\0') != std::string::npos ? "its name holds a NUL" : "";
  if (obstacle.empty()) obstacle = find_obstacle(path);
  if (obstacle.empty()) obstacle = open_and_read(path, limit, source->text);
  if (obstacle.empty()) return source;
  diagnostics.error(from, "cannot read " + printable(path) + ": " + obstacle,
                    suggest_for(source->text, limit));
  return nullptr;
}

SourcePtr read_standard_input(std::size_t limit, Diagnostics& diagnostics) {
  auto source = std::make_shared<Source>();
  source->name = "<stdin>";
  const std::string obstacle = read_bytes(stdin, limit, source->text);
  if (obstacle.empty()) return source;
  diagnostics.error({}, "cannot read standard input: " + obstacle,
                    suggest_for(source->text, limit));
  return nullptr;
}

}  // namespace pid1::config
