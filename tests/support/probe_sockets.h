#pragma once

#include <string>

namespace pid1::testing {

// One datagram to $NOTIFY_SOCKET, sd_notify(3); a '|' in it stands for a newline. False where it
// could not be sent.
bool send_notification(std::string text);

// Listens on a TCP port of 127.0.0.1 as long as the process lives, and accepts nothing. False
// where it could not.
bool listen_on(int port);

}  // namespace pid1::testing
