#include "config/resource_names.h"

#include <array>

namespace pid1::config {

namespace {

constexpr std::array kNames = {
    ResourceName{"as", LimitedResource::address_space},
    ResourceName{"core", LimitedResource::core},
    ResourceName{"cpu", LimitedResource::cpu},
    ResourceName{"data", LimitedResource::data},
    ResourceName{"fsize", LimitedResource::fsize},
    ResourceName{"locks", LimitedResource::locks},
    ResourceName{"memlock", LimitedResource::memlock},
    ResourceName{"msgqueue", LimitedResource::msgqueue},
    ResourceName{"nice", LimitedResource::nice},
    ResourceName{"nofile", LimitedResource::nofile},
    ResourceName{"nproc", LimitedResource::nproc},
    ResourceName{"rss", LimitedResource::rss},
    ResourceName{"rtprio", LimitedResource::rtprio},
    ResourceName{"rttime", LimitedResource::rttime},
    ResourceName{"sigpending", LimitedResource::sigpending},
    ResourceName{"stack", LimitedResource::stack},
};

}  // namespace

std::span<const ResourceName> resource_names() { return kNames; }

}  // namespace pid1::config
