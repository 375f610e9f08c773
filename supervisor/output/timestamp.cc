#include "supervisor/output/timestamp.h"

namespace pid1::output {
namespace {

// As many digits as there is room for.
template <typename Number>
void put(char* first, std::size_t digits, Number number) {
  auto rest = static_cast<std::uint64_t>(number);
  for (char* at = first + digits; at != first; rest /= 10) {
    *--at = static_cast<char>('0' + rest % 10);
  }
}

}  // namespace

Timestamp::Timestamp(WallTime time) {
  using std::chrono::days;
  constexpr std::string_view form = "0000-00-00T00:00:00.000000000Z";
  form.copy(text_.data(), form.size());
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  put(text_.data(), 4, static_cast<int>(date.year()));
  put(text_.data() + 5, 2, static_cast<unsigned>(date.month()));
  put(text_.data() + 8, 2, static_cast<unsigned>(date.day()));
  put(text_.data() + 11, 2, clock.hours().count());
  put(text_.data() + 14, 2, clock.minutes().count());
  put(text_.data() + 17, 2, clock.seconds().count());
  put(text_.data() + 20, 9, clock.subseconds().count());
}

}  // namespace pid1::output
