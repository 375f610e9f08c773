#include "supervisor/network_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

#include "supervisor/http_probe.h"
#include "supervisor/system/unique_fd.h"
#include "tests/system/refuse.h"
#include "tests/system/support.h"
#include "tests/unit/supervisor/event_loop.h"
#include "tests/unit/supervisor/peer.h"

namespace pid1::supervisor {
namespace {

using system::testing::count_descriptors;
using system::testing::in_child;
using system::testing::in_pid_namespace;
using system::testing::refuse_syscall;
using system::testing::TemporaryDirectory;
using system::testing::write_file;
using test::any_port;
using test::ClosedPort;
using test::TcpPeer;
using test::Then;
using test::UnixPeer;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

void bring_up_loopback() {
  const system::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq interface = {};
  std::strcpy(interface.ifr_name, "lo");
  interface.ifr_flags = IFF_UP;
  ASSERT_EQ(ioctl(socket.get(), SIOCSIFFLAGS, &interface), 0) << strerror(errno);
}

class NetworkProbeTest : public ::testing::Test {
 protected:
  ProbeDone done() {
    return [this](ProbeVerdict given, std::string_view text) {
      EXPECT_FALSE(verdict) << "called twice";
      verdict = given;
      output = text;
    };
  }

  template <typename Spec>
  void run(const Spec& spec) {
    verdict.reset();
    output.clear();
    NetworkProbe probe(loop, spec);
    probe.start(done());
    EXPECT_FALSE(verdict) << "called before the loop";
    loop.run_until([&] { return verdict.has_value(); });
    EXPECT_FALSE(probe.is_running());
  }

  // Asks a peer that answers with these bytes.
  void ask(const std::string& answer, Then then = Then::close) {
    TcpPeer peer(loop, any_port("127.0.0.1"), answer, then);
    run(http(peer));
  }

  static HttpProbe http(const TcpPeer& peer) {
    HttpProbe probe;
    probe.host = peer.endpoint().address().to_string();
    probe.port = peer.endpoint().port();
    return probe;
  }

  static TcpProbe tcp(const std::string& host, std::uint16_t port) {
    return {.host = host, .port = port};
  }

  test::EventLoop loop;
  std::optional<ProbeVerdict> verdict;
  std::string output;
};

TEST_F(NetworkProbeTest, SucceedsWhereItCanConnect) {
  TcpPeer peer(loop, any_port("127.0.0.1"), "", Then::stay);
  const std::string port = std::to_string(peer.endpoint().port());
  run(tcp("127.0.0.1", peer.endpoint().port()));
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_EQ(output, "connected to 127.0.0.1:" + port);
  loop.run_until([&] { return peer.abandoned() == 1; });
}

TEST_F(NetworkProbeTest, SaysWhyItCannotConnect) {
  const ClosedPort closed(loop);
  run(tcp("127.0.0.1", closed.number()));
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  const std::string name = "127.0.0.1:" + std::to_string(closed.number());
  EXPECT_EQ(output, "cannot connect to " + name + ": Connection refused");
}

TEST_F(NetworkProbeTest, ConnectsToAnIpv6Address) {
  TcpPeer peer(loop, any_port("::1"), "", Then::stay);
  const std::string port = std::to_string(peer.endpoint().port());
  run(tcp("::1", peer.endpoint().port()));
  EXPECT_EQ(output, "connected to [::1]:" + port);
}

TEST_F(NetworkProbeTest, TriesEachAddressOfItsHost) {
  const TemporaryDirectory folder;
  write_file(folder / "hosts", "127.0.0.1 web\n::1 web\n");
  in_pid_namespace([&] {
    ASSERT_EQ(mount((folder / "hosts").c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr), 0);
    test::EventLoop inner;
    TcpPeer peer(inner, any_port("::1"), "", Then::stay);
    const std::uint16_t port = peer.endpoint().port();
    const TcpProbe spec = tcp("web", port);
    NetworkProbe probe(inner, spec);
    probe.start(done());
    inner.run_until([&] { return verdict.has_value(); });
    EXPECT_EQ(output, "connected to [::1]:" + std::to_string(port));

    const ClosedPort closed(inner, "::1");
    const TcpProbe refused = tcp("web", closed.number());
    NetworkProbe failing(inner, refused);
    verdict.reset();
    failing.start(done());
    inner.run_until([&] { return verdict.has_value(); });
    const std::string number = std::to_string(closed.number());
    EXPECT_EQ(output, "cannot connect to 127.0.0.1:" + number +
                          ": Connection refused; to [::1]:" + number + ": Connection refused");
  });
}

// The network namespace has one port to choose from, and that is the one that is asked for.
TEST_F(NetworkProbeTest, DoesNotTakeItselfForThePeer) {
  in_pid_namespace([&] {
    ASSERT_EQ(unshare(CLONE_NEWNET), 0);
    ASSERT_NO_FATAL_FAILURE(bring_up_loopback());
    std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << "40000 40000";
    test::EventLoop inner;
    const TcpProbe spec = tcp("127.0.0.1", 40000);
    NetworkProbe probe(inner, spec);
    probe.start(done());
    inner.run_until([&] { return verdict.has_value(); });
    EXPECT_EQ(verdict, ProbeVerdict::failure);
    EXPECT_EQ(output, "cannot connect to 127.0.0.1:40000: Connection refused");
  });
}

TEST_F(NetworkProbeTest, AsksNoNameServer) {
  run(tcp("example.com", 80));
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  EXPECT_EQ(output,
            "cannot find the host example.com: only addresses and names of /etc/hosts are known "
            "here");
}

TEST_F(NetworkProbeTest, TakesAnAnswerOf200To399ForASuccess) {
  for (const auto& [status, expected] : std::initializer_list<std::pair<std::string, ProbeVerdict>>{
           {"200 OK", ProbeVerdict::success},
           {"204 No Content", ProbeVerdict::success},
           {"302 Found", ProbeVerdict::success},
           {"399 Odd", ProbeVerdict::success},
           {"101 Switching Protocols", ProbeVerdict::failure},
           {"400 Bad Request", ProbeVerdict::failure},
           {"404 Not Found", ProbeVerdict::failure},
           {"503 Service Unavailable", ProbeVerdict::failure}}) {
    ask("HTTP/1.1 " + status + "\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
    EXPECT_EQ(verdict, expected) << status;
    EXPECT_EQ(output, "HTTP/1.1 " + status + "\n");
  }
}

TEST_F(NetworkProbeTest, TellsTheBodyHoweverItIsSent) {
  ask("HTTP/1.1 500 Oops\r\nContent-Length: 8\r\n\r\nno disk\n");
  EXPECT_EQ(output, "HTTP/1.1 500 Oops\nno disk\n");
  ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n6;x=y\r\n is "
      "we\r\n2\r\nll\r\n"
      "0\r\n\r\n");
  EXPECT_EQ(output, "HTTP/1.1 200 OK\nall is well");
  ask("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_EQ(output, "HTTP/1.0 200 OK\nuntil the end");
}

TEST_F(NetworkProbeTest, NeedsNoEndOfTheConnection) {
  ask("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::success);
  ask("HTTP/1.1 204 No Content\r\n\r\n", Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::success);
}

TEST_F(NetworkProbeTest, PassesOverInterimAnswers) {
  ask("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_EQ(output, "HTTP/1.1 200 OK\nok");
  std::string flood;
  for (int i = 0; i < 100; ++i) flood += "HTTP/1.1 100 Continue\r\n\r\n";
  ask(flood, Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
}

TEST_F(NetworkProbeTest, KeepsTheFirst4096BytesMadeHarmless) {
  ask("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n\x1b[2J\xff" +
          std::string(100'000, 'x'),
      Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_THAT(output, StartsWith("HTTP/1.1 200 OK\n?[2J?xxx"));
  EXPECT_THAT(output, SizeIs(4096));
  ask("HTTP/1.1 200 \x1b[31mOK\r\n\r\n");
  EXPECT_THAT(output, Not(HasSubstr("\x1b")));
}

TEST_F(NetworkProbeTest, FailsOnWhatIsNoAnswer) {
  for (const std::string answer :
       {"garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    ask(answer, Then::stay);
    EXPECT_EQ(verdict, ProbeVerdict::failure) << answer;
    EXPECT_THAT(output, StartsWith("cannot read an HTTP answer from 127.0.0.1:")) << answer;
  }
}

TEST_F(NetworkProbeTest, FailsOnAnAnswerThatBreaksOff) {
  for (const std::string answer :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nX: y\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nno"}) {
    ask(answer, Then::close);
    EXPECT_EQ(verdict, ProbeVerdict::failure) << answer;
    EXPECT_THAT(output, EndsWith(": it closed the connection before its answer was complete"));
  }
}

TEST_F(NetworkProbeTest, FailsOnAHeaderWithoutAnEnd) {
  ask("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  ask("HTTP/1.1 200 " + std::string(20'000, 'x'), Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5'000; ++i) many += "X: y\r\n";
  ask(many, Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(30'000, 'x'),
      Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
}

TEST_F(NetworkProbeTest, TakesALargeHeader) {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 15; ++i) many += "X: " + std::string(1000, 'y') + "\r\n";
  ask(many + "Content-Length: 2\r\n\r\nok", Then::stay);
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_EQ(output, "HTTP/1.1 200 OK\nok");
}

TEST_F(NetworkProbeTest, SendsARequestAsAProbeHasIt) {
  TcpPeer peer(loop, any_port("127.0.0.1"), "HTTP/1.1 200 OK\r\n\r\n", Then::close);
  HttpProbe probe = http(peer);
  probe.target = "/healthz?full=1";
  run(probe);
  EXPECT_THAT(
      peer.requests(),
      ElementsAre("GET /healthz?full=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(probe.port) +
                  "\r\nUser-Agent: pid1\r\nAccept: */*\r\nConnection: close\r\n\r\n"));
}

TEST(HttpRequest, LetsItsHeadersTakeThePlaceOfOurs) {
  HttpProbe probe;
  probe.host = "::1";
  EXPECT_THAT(http_request(probe), HasSubstr("\r\nHost: [::1]\r\n"));
  probe.port = 8080;
  EXPECT_THAT(http_request(probe), HasSubstr("\r\nHost: [::1]:8080\r\n"));
  probe.headers = {{"host", "shop.example"}, {"X-Probe", "a"}, {"X-Probe", "b"}};
  EXPECT_EQ(http_request(probe),
            "GET / HTTP/1.1\r\nUser-Agent: pid1\r\nAccept: */*\r\nConnection: close\r\n"
            "host: shop.example\r\nX-Probe: a\r\nX-Probe: b\r\n\r\n");
  probe.host = "fe80::1%eth0";
  probe.headers.clear();
  EXPECT_THAT(http_request(probe), HasSubstr("\r\nHost: [fe80::1]:8080\r\n"));
}

TEST_F(NetworkProbeTest, AsksOverAUnixSocket) {
  const TemporaryDirectory folder;
  HttpProbe probe;
  probe.unix_socket = folder / "web.sock";
  run(probe);
  EXPECT_EQ(output, "cannot connect to " + probe.unix_socket + ": No such file or directory");
  UnixPeer peer(loop, probe.unix_socket, "HTTP/1.1 200 OK\r\n\r\n", Then::close);
  run(probe);
  EXPECT_EQ(verdict, ProbeVerdict::success);
  EXPECT_THAT(peer.requests(), ElementsAre(HasSubstr("\r\nHost: localhost\r\n")));
  probe.unix_socket = "/" + std::string(107, 'x');
  run(probe);
  EXPECT_EQ(verdict, ProbeVerdict::failure);
  EXPECT_THAT(output, EndsWith(": a socket's path has at most 107 bytes"));
}

TEST_F(NetworkProbeTest, WaitsUntilItIsCancelled) {
  TcpPeer peer(loop, any_port("127.0.0.1"), "HTTP/1.1 200 OK\r\nContent-Len", Then::stay);
  const HttpProbe spec = http(peer);
  NetworkProbe probe(loop, spec);
  probe.start(done());
  loop.run_until([&] { return peer.requests().size() == 1; });
  EXPECT_TRUE(probe.is_running());
  probe.cancel();
  EXPECT_FALSE(probe.is_running());
  loop.run_until([&] { return peer.abandoned() == 1; });
  EXPECT_FALSE(verdict);
  // And is as good as new.
  probe.start(done());
  loop.run_until([&] { return peer.requests().size() == 2; });
}

TEST_F(NetworkProbeTest, MayBeCancelledAtEachOfItsSteps) {
  TcpPeer peer(loop, any_port("127.0.0.1"), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
               Then::close);
  const HttpProbe spec = http(peer);
  NetworkProbe probe(loop, spec);
  for (int steps = 0; steps < 12; ++steps) {
    verdict.reset();
    probe.start(done());
    for (int step = 0; step < steps && !verdict; ++step) loop.run_one();
    const bool was_told = verdict.has_value();
    probe.cancel();
    loop.run_ready();
    EXPECT_EQ(verdict.has_value(), was_told) << steps;
  }
  probe.start(done());
  verdict.reset();
  loop.run_until([&] { return verdict.has_value(); });
  EXPECT_EQ(verdict, ProbeVerdict::success);
}

TEST_F(NetworkProbeTest, MayBeDestroyedOrStartedByItsCallback) {
  const ClosedPort closed(loop);
  const TcpProbe spec = tcp("127.0.0.1", closed.number());
  auto probe = std::make_unique<NetworkProbe>(loop, spec);
  int calls = 0;
  std::function<void(ProbeVerdict, std::string_view)> next = [&](ProbeVerdict, std::string_view) {
    if (++calls < 3) return probe->start(next);
    probe.reset();
  };
  probe->start(next);
  loop.run_until([&] { return probe == nullptr; });
  EXPECT_EQ(calls, 3);
  loop.run_ready();
}

TEST_F(NetworkProbeTest, LeavesNoDescriptorOpen) {
  TcpPeer peer(loop, any_port("127.0.0.1"), "HTTP/1.1 200 OK\r\n\r\n", Then::close);
  const ClosedPort closed(loop);
  run(http(peer));
  const int before = count_descriptors();
  for (int i = 0; i < 20; ++i) {
    run(http(peer));
    run(tcp("localhost", closed.number()));
    run(tcp("127.0.0.1", peer.endpoint().port()));
    const HttpProbe spec = http(peer);
    NetworkProbe probe(loop, spec);
    probe.start(done());
    loop.run_one();
  }
  // The peer's side is told by the loop.
  loop.run_until([&] { return peer.abandoned() >= 20; });
  loop.run_ready();
  EXPECT_EQ(count_descriptors(), before);
}

TEST_F(NetworkProbeTest, KnowsItsOwnLackOfDescriptorsFromAFailure) {
  const ClosedPort port(loop);  // the loop has what it needs
  in_child([&] {
    refuse_syscall(SYS_socket, EMFILE);
    run(tcp("127.0.0.1", port.number()));
    EXPECT_EQ(verdict, ProbeVerdict::not_made);
    EXPECT_THAT(output, EndsWith(": Too many open files"));
    refuse_syscall(SYS_openat, EMFILE);
    run(tcp("web", port.number()));
    EXPECT_EQ(verdict, ProbeVerdict::not_made);
    EXPECT_EQ(output, "cannot read /etc/hosts: Too many open files");
  });
}

}  // namespace
}  // namespace pid1::supervisor
