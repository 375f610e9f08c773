#include "config/input_owner.h"

#include <string>

namespace pid1::config {

void check_input_owner(std::span<const ServiceDraft> drafts, Diagnostics& diagnostics) {
  const ServiceDraft* owner = nullptr;
  for (const ServiceDraft& draft : drafts) {
    const bool reads = draft.enabled && draft.spec.input != Input::nothing;
    if (!reads || draft.replicas == 0u) continue;
    const std::string name = "`" + draft.spec.name + "`";
    if (draft.replicas.value_or(1) > 1) {
      diagnostics.error(draft.input, "the replicas of " + name + " can't all read standard input",
                        "give it a `scale` of 1, or take this out");
    } else if (owner != nullptr) {
      // The program of the command line is written nowhere.
      const bool has_place = draft.input.source != nullptr;
      diagnostics.error(has_place ? draft.input : owner->input,
                        "both `" + owner->spec.name + "` and " + name + " read standard input",
                        "take it out of one of them");
    } else {
      owner = &draft;
    }
  }
}

}  // namespace pid1::config
