#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::supervisor {

// One probe that has ended, for people and programs to look at.
struct ProbeRecord {
  enum class Result {
    success,
    failure,
    timeout,  // it was killed, or cancelled, because it took too long
  };

  std::chrono::system_clock::time_point began;
  std::chrono::nanoseconds duration{};
  Result result = Result::failure;
  std::optional<int> exit_code;  // of a program that ended by itself
  // At most ProbeOutputs::max_output bytes, in UTF-8, with newlines and tabs but no other control
  // characters. Trailing newlines are cut off.
  std::string output;

  bool operator==(const ProbeRecord&) const = default;
};

// The last probes of a service. Bounded memory, and once it is full none is allocated but for an
// output longer than any before in its place.
class ProbeOutputs {
 public:
  static constexpr std::size_t max_records = 5;
  static constexpr std::size_t max_output = 4096;

  // `output` may hold any bytes, and takes the place of what the record has.
  void add(const ProbeRecord& record, std::string_view output);
  // Of an incarnation that has ended.
  void clear() { count_ = 0; }

  std::size_t size() const { return count_; }
  // The oldest one first; `place` is less than size().
  const ProbeRecord& operator[](std::size_t place) const;

 private:
  std::array<ProbeRecord, max_records> records_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace pid1::supervisor
