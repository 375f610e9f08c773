#include "supervisor/output/log_archive.h"

#include "supervisor/system/log_file.h"
#include "supervisor/system/small_file.h"

namespace pid1::output {
namespace {

// No more places are looked at: who keeps that many logs keeps them elsewhere.
constexpr std::size_t kMostPlaces = 1000;

}  // namespace

LogArchive::LogArchive(std::string path, std::size_t most, Compressor compressor)
    : path_(std::move(path)), most_(most), compressor_(std::move(compressor)) {}

Kept LogArchive::at(std::size_t place) const {
  if (system::exists(rotated_path(path_, place, Kept::compressed).c_str())) return Kept::compressed;
  if (system::exists(rotated_path(path_, place, Kept::plain).c_str())) return Kept::plain;
  return Kept::none;
}

// As far as files may be kept, and on to the next gap, where more were kept before.
std::vector<Kept> LogArchive::look() const {
  std::vector<Kept> kept;
  for (std::size_t place = 1; place <= kMostPlaces; ++place) {
    const Kept found = at(place);
    if (found == Kept::none && place > most_) break;
    kept.push_back(found);
  }
  return kept;
}

// A compressed file took its name when it was whole: the plain one beside it says the same.
void LogArchive::tidy() {
  if (!compressing_) system::remove_log(part().c_str());
  const std::vector<Kept> kept = look();
  for (std::size_t place = 1; place <= kept.size(); ++place) {
    if (kept[place - 1] == Kept::compressed) {
      system::remove_log(rotated_path(path_, place, Kept::plain).c_str());
    }
  }
  compress_next();
}

int LogArchive::rotate() {
  for (const Move& next : plan_rotation(look(), most_)) {
    if (const int error = move(next)) return error;
    if (compressing_ && next.from > 0 && next.from == source_) source_ = next.to;
  }
  compress_next();
  return 0;
}

int LogArchive::move(const Move& move) const {
  // Had it been removed when it was compressed, it would not be in the way now.
  if (move.kind == Kept::compressed) {
    system::remove_log(rotated_path(path_, move.from, Kept::plain).c_str());
  }
  const std::string from = rotated_path(path_, move.from, move.kind);
  if (move.to == 0) return system::remove_log(from.c_str());
  return system::rename_log(from.c_str(), rotated_path(path_, move.to, move.kind).c_str());
}

// The oldest first: the next rotation may be its last.
void LogArchive::compress_next() {
  if (!compressor_ || compressing_) return;
  const std::vector<Kept> kept = look();
  std::size_t place = kept.size();
  while (place > 0 && kept[place - 1] != Kept::plain) --place;
  if (place == 0) return;
  CompressRequest request = {
      .from = system::open_log_for_reading(rotated_path(path_, place, Kept::plain).c_str()),
      .to = system::create_log(part().c_str())};
  if (!request.from || !request.to || !compressor_(std::move(request))) {
    system::remove_log(part().c_str());
    return;
  }
  compressing_ = true;
  source_ = place;
}

// A failure, a full disk mostly, is tried again at the next rotation.
void LogArchive::compressed(Compression result) {
  if (!compressing_) return;
  compressing_ = false;
  if (result == Compression::failed || source_ == 0) {
    system::remove_log(part().c_str());
    if (result == Compression::succeeded) compress_next();
    return;
  }
  const std::string whole = rotated_path(path_, source_, Kept::compressed);
  if (system::rename_log(part().c_str(), whole.c_str()) != 0) return;
  system::remove_log(rotated_path(path_, source_, Kept::plain).c_str());
  compress_next();
}

}  // namespace pid1::output
