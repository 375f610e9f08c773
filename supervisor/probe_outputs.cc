#include "supervisor/probe_outputs.h"

#include <utility>

#include "supervisor/system/text.h"

namespace pid1::supervisor {

void ProbeOutputs::add(const ProbeRecord& record, std::string_view output) {
  if (count_ == max_records) {
    first_ = (first_ + 1) % max_records;
  } else {
    ++count_;
  }
  ProbeRecord& place = records_[(first_ + count_ - 1) % max_records];
  std::string text = std::move(place.output);
  text = system::cut_text(output, max_output);
  system::make_harmless(text);
  text.erase(text.find_last_not_of('\n') + 1);
  place = record;
  place.output = std::move(text);
}

const ProbeRecord& ProbeOutputs::operator[](std::size_t place) const {
  return records_[(first_ + place) % max_records];
}

}  // namespace pid1::supervisor
