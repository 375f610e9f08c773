#include "config/env_files.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "config/fields.h"
#include "config/paths.h"
#include "config/schema.h"
#include "config/yaml_reader.h"

namespace pid1::config {

namespace {

// Not there, as opposed to there and unreadable.
bool is_missing(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             &std::fclose);
  return file == nullptr && (errno == ENOENT || errno == ENOTDIR);
}

std::string resolve(const Node& path) {
  return path.mark.source == nullptr ? path.text : resolve_path(path.text, path.mark.source->name);
}

void read_request(const Node& item, std::vector<EnvFileRequest>& requests,
                  Diagnostics& diagnostics) {
  if (item.is_scalar()) {
    requests.push_back({resolve(item), item.mark});
    return;
  }
  const Fields fields(item, sections::env_file, diagnostics);
  const Node* path = fields.find("path");
  if (path == nullptr) {
    if (!fields.is_faulty("path")) {
      diagnostics.error(item.mark, "an env file needs the key `path`");
    }
    return;
  }
  EnvFileRequest request{resolve(*path), path->mark};
  request.required = fields.boolean("required").value_or(true);
  request.format = fields.choice<EnvFileFormat>("format", {{"raw", EnvFileFormat::raw}})
                       .value_or(EnvFileFormat::dotenv);
  requests.push_back(std::move(request));
}

}  // namespace

std::vector<EnvFileRequest> read_env_file_requests(const Node* env_file, Diagnostics& diagnostics) {
  std::vector<EnvFileRequest> requests;
  if (env_file == nullptr) return requests;
  if (env_file->is_scalar()) {
    read_request(*env_file, requests, diagnostics);
  } else {
    for (const Node& item : env_file->items) read_request(item, requests, diagnostics);
  }
  return requests;
}

std::vector<EnvFileEntry> EnvFiles::read(const EnvFileRequest& request, const Lookup& lookup) {
  if (!request.required && is_missing(request.path)) return {};
  const auto [place, is_new] = sources_.try_emplace(request.path);
  if (is_new) {
    place->second = read_file(request.path, request.mark, YamlLimits{}.bytes, diagnostics_);
  }
  if (place->second == nullptr) return {};
  return parse_env_file(place->second, request.format, lookup, diagnostics_);
}

}  // namespace pid1::config
