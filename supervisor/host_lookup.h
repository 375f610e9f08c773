#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pid1::supervisor {

// The addresses that a host's name stands for, each once, in their order in hosts(5); empty where
// it is unknown. An address stands for itself; localhost needs no file. No name server is asked:
// that takes a thread or more, and a libc that can't be linked statically (nsswitch.conf(5)).
std::vector<boost::asio::ip::address> look_up_host(std::string_view host, std::string_view hosts);

// /etc/hosts, or what can be read of it: at most 1 MiB, and nothing where there is none. `error` is
// errno where it can't be opened.
std::string read_hosts_file(int& error);

}  // namespace pid1::supervisor
