#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "services/spec.h"
#include "supervisor/probe_run.h"

namespace pid1::supervisor {

// What an HttpProbe sends (RFC 9112): GET, with a Host, `User-Agent: pid1` and `Connection: close`
// unless its headers say otherwise, and these headers.
std::string http_request(const HttpProbe& probe);

// Sends the request, and reads until the answer's status, its header and the first 4096 bytes of
// its body are there; a status of 200–399 is a success, and a redirect isn't followed. The output
// is the status line and that body. Whatever the peer does: it ends, or waits for cancel().
std::shared_ptr<ProbeRun> make_http_run(boost::asio::io_context& loop, const HttpProbe& probe,
                                        ProbeTargets targets, ProbeDone done);

}  // namespace pid1::supervisor
