#include "supervisor/resource_number.h"

namespace pid1::supervisor {

int resource_number(LimitedResource resource) {
  switch (resource) {
    case LimitedResource::cpu: return 0;
    case LimitedResource::fsize: return 1;
    case LimitedResource::data: return 2;
    case LimitedResource::stack: return 3;
    case LimitedResource::core: return 4;
    case LimitedResource::rss: return 5;
    case LimitedResource::nproc: return 6;
    case LimitedResource::nofile: return 7;
    case LimitedResource::memlock: return 8;
    case LimitedResource::address_space: return 9;
    case LimitedResource::locks: return 10;
    case LimitedResource::sigpending: return 11;
    case LimitedResource::msgqueue: return 12;
    case LimitedResource::nice: return 13;
    case LimitedResource::rtprio: return 14;
    case LimitedResource::rttime: return 15;
  }
  return -1;
}

}  // namespace pid1::supervisor
