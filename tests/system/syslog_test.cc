#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervisor/output/syslog_server.h"
#include "supervisor/output/syslog_sink.h"
#include "supervisor/system/unique_fd.h"
#include "tests/system/manual_loop.h"
#include "tests/system/support.h"

namespace pid1::output {
namespace {

using system::UniqueFd;
using system::testing::in_child;
using system::testing::TemporaryDirectory;
using testing::ManualLoop;
using testing::note_loss;

constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;

UniqueFd local_server(const std::string& path, int type) {
  UniqueFd fd(socket(AF_UNIX, type | kFlags, 0));
  struct sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), 5), 0);
  }
  return fd;
}

// On a port of the loopback interface; 0: any.
UniqueFd internet_server(int type, std::uint16_t port = 0) {
  UniqueFd fd(socket(AF_INET, type | kFlags, 0));
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), 5), 0);
  }
  return fd;
}

std::uint16_t port_of(const UniqueFd& server) {
  struct sockaddr_in address = {};
  socklen_t length = sizeof address;
  getsockname(server.get(), reinterpret_cast<struct sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

UniqueFd accept_one(const UniqueFd& server) {
  struct pollfd wanted = {.fd = server.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&wanted, 1, 60'000), 1);
  return UniqueFd(accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

// What comes next, at most one datagram.
std::string next(const UniqueFd& fd) {
  struct pollfd wanted = {.fd = fd.get(), .events = POLLIN, .revents = 0};
  if (poll(&wanted, 1, 60'000) != 1) return "(nothing came)";
  std::vector<char> buffer(1u << 20);
  const ssize_t count = recv(fd.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

class Syslog : public ::testing::Test {
 protected:
  std::unique_ptr<SyslogSink> send_to(SyslogAddress address, std::size_t limit = 1000) {
    return std::make_unique<SyslogSink>(
        loop_, SyslogOptions{.address = std::move(address), .limit = limit}, note_loss,
        [this](const std::string& text) { complaints_.push_back(text); });
  }
  static void write(Sink& sink, std::string_view text) { sink.write(1, std::array{text}); }

  const TemporaryDirectory folder_;
  const std::string path_ = folder_ / "log";
  ManualLoop loop_;
  std::vector<std::string> complaints_;
};

TEST_F(Syslog, SendsALineADatagram) {
  const UniqueFd server = local_server(path_, SOCK_DGRAM);
  const auto sink = send_to({.path = path_});
  write(*sink, "one\ntwo\n");
  EXPECT_EQ(next(server), "one");
  EXPECT_EQ(next(server), "two");
}

TEST_F(Syslog, SendsLinesOverAStream) {
  const UniqueFd server = local_server(path_, SOCK_STREAM);
  const auto sink = send_to({.path = path_});
  write(*sink, "one\ntwo\n");
  EXPECT_EQ(next(accept_one(server)), "one\ntwo\n");
}

TEST_F(Syslog, SendsToAnAddress) {
  const UniqueFd udp = internet_server(SOCK_DGRAM);
  const auto datagrams =
      send_to({.transport = Transport::udp, .host = "127.0.0.1", .port = port_of(udp)});
  write(*datagrams, "one\n");
  EXPECT_EQ(next(udp), "one");
  const UniqueFd tcp = internet_server(SOCK_STREAM);
  const auto stream =
      send_to({.transport = Transport::tcp, .host = "localhost", .port = port_of(tcp)});
  write(*stream, "one\n");
  const UniqueFd connection = accept_one(tcp);
  ASSERT_TRUE(loop_.serve_until([&] { return !stream->pending(); }));
  EXPECT_EQ(next(connection), "one\n");
}

TEST_F(Syslog, CutsWhatNoDatagramHolds) {
  const UniqueFd udp = internet_server(SOCK_DGRAM);
  const auto sink =
      send_to({.transport = Transport::udp, .host = "127.0.0.1", .port = port_of(udp)});
  write(*sink, std::string(100'000, 'x') + "\nnext\n");
  EXPECT_EQ(next(udp), std::string(60'000, 'x'));
  EXPECT_EQ(next(udp), "next");
}

TEST_F(Syslog, KeepsTheNewestLinesForAServerThatIsAway) {
  const auto sink = send_to({.path = path_}, 10);
  write(*sink, "one\ntwo\nthree\n");
  EXPECT_FALSE(sink->congested());
  EXPECT_EQ(complaints_,
            std::vector<std::string>{"cannot send to " + path_ + ": No such file or directory"});
  loop_.ring();
  EXPECT_EQ(complaints_.size(), 1u) << "said once";
  const UniqueFd server = local_server(path_, SOCK_DGRAM);
  loop_.ring();
  EXPECT_EQ(next(server), "(1 lost)");
  EXPECT_EQ(next(server), "two");
  EXPECT_EQ(next(server), "three");
}

TEST_F(Syslog, FindsAServerThatWasStartedAnew) {
  UniqueFd server = internet_server(SOCK_STREAM);
  const std::uint16_t port = port_of(server);
  const auto sink = send_to({.transport = Transport::tcp, .host = "127.0.0.1", .port = port});
  write(*sink, "one\n");
  {
    const UniqueFd connection = accept_one(server);
    ASSERT_TRUE(loop_.serve_until([&] { return !sink->pending(); }));
    EXPECT_EQ(next(connection), "one\n");
    server.reset();
  }
  // The end of the connection is noticed before anything else is sent.
  ASSERT_TRUE(loop_.serve_until([&, n = 0]() mutable { return n++ > 0; }));
  server = internet_server(SOCK_STREAM, port);
  write(*sink, "two\n");
  const UniqueFd connection = accept_one(server);
  ASSERT_TRUE(loop_.serve_until([&] { return !sink->pending(); }));
  EXPECT_EQ(next(connection), "two\n");
}

TEST_F(Syslog, WaitsForAServerThatIsSlow) {
  const UniqueFd server = local_server(path_, SOCK_STREAM);
  const auto sink = send_to({.path = path_});
  std::string said;
  while (!sink->congested()) {
    const std::string line = std::to_string(said.size()) + std::string(500, '.') + "\n";
    write(*sink, line);
    said += line;
  }
  const UniqueFd connection = accept_one(server);
  std::string arrived;
  ASSERT_TRUE(loop_.serve_until([&] {
    while (arrived.size() < said.size()) {
      std::vector<char> buffer(65536);
      const ssize_t count = recv(connection.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      arrived.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return arrived.size() == said.size();
  }));
  EXPECT_EQ(arrived, said);
}

// Listens where programs log to.
class Server : public Syslog {
 protected:
  struct Heard {
    std::string application;
    std::string text;
    std::int32_t pid;
    std::uint32_t uid;
  };

  SyslogServer server_{
      loop_.poller(), [this](const SyslogMessage& message, const SyslogSender& sender) {
        heard_.push_back(
            {std::string(message.application), std::string(message.text), sender.pid, sender.uid});
      }};
  std::vector<Heard> heard_;
};

TEST_F(Server, KnowsWhoSent) {
  ASSERT_EQ(server_.listen(path_), 0);
  const auto sink = send_to({.path = path_});
  write(*sink, "<30>cron[1]: I am nobody else\n");
  ASSERT_TRUE(loop_.serve_until([&] { return !heard_.empty(); }));
  EXPECT_EQ(heard_[0].application, "cron");
  EXPECT_EQ(heard_[0].text, "I am nobody else");
  EXPECT_EQ(heard_[0].pid, getpid());
  EXPECT_EQ(heard_[0].uid, getuid());
}

TEST_F(Server, HearsEveryUser) {
  ASSERT_EQ(server_.listen(path_), 0);
  in_child([&] {
    ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
    const auto sink = send_to({.path = path_});
    write(*sink, "x\n");
    EXPECT_FALSE(sink->pending());
  });
  ASSERT_TRUE(loop_.serve_until([&] { return !heard_.empty(); }));
  EXPECT_EQ(heard_[0].uid, 65534u);
}

TEST_F(Server, TakesOverFromOneThatHasGone) {
  local_server(path_, SOCK_DGRAM).reset();
  EXPECT_EQ(server_.listen(path_), 0);
}

TEST_F(Server, LeavesOthersAlone) {
  const UniqueFd other = local_server(path_, SOCK_DGRAM);
  EXPECT_EQ(server_.listen(path_), EADDRINUSE);
  system::testing::write_file(folder_ / "file", "x");
  EXPECT_EQ(server_.listen(folder_ / "file"), EADDRINUSE);
  EXPECT_EQ(access((folder_ / "file").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace pid1::output
