// Where the services' output and pid1's own go: `logging` and `pid1.log`.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void stop(Pid1& pid1) {
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Logging, PutsTheServicesNameBeforeEachLineWhereThereAreSeveral) {
  Pid1 pid1(R"(
services:
  web: {command: probe web print=out complain=err}
  worker: {command: probe worker print=x}
)");
  pid1.expect_output("web    | out\n");
  pid1.expect_log("web    | err\n");
  pid1.expect_all({reported("web", "running"), reported("worker", "running")});
  stop(pid1);
  EXPECT_THAT(pid1.out(), HasSubstr("worker | x\n"));
  EXPECT_THAT(pid1.err(), HasSubstr("pid1   | web: started\n")) << "its own go the same way";
  EXPECT_THAT(pid1.err(), HasSubstr("pid1   | stopped: SIGTERM"));
}

TEST(Logging, LeavesTheLinesOfASingleServiceAsTheyCame) {
  Pid1 pid1(
      "services: {web: {command: [sh, -c, 'printf \"a\\\\033[1mb\\\\r\\\\n\\\\0c\"'], on_success: "
      "shutdown}}");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.out(), std::string("a\033[1mb\r\n\0c", 10)) << "and the end that has no newline";
}

TEST(Logging, KeepsStandardOutputAndErrorApart) {
  Pid1 pid1(
      "services: {web: {command: probe web print=out complain=err exit=0, on_success: shutdown}}");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.out(), "out\n");
  EXPECT_THAT(pid1.err(), HasSubstr("err\n"));
}

TEST(Logging, IsJsonWhereThatIsAskedFor) {
  Pid1 pid1(Container{.config = R"(
pid1: {log: {format: json, level: info}}
services:
  web:
    command: [sh, -c, 'printf "a\"\\377\033\\n" >&2; sleep 1000']
    labels: {team: ops}
    logging: {options: {labels: team, tag: front}}
)"});
  pid1.expect_log("\"message\":\"a");
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  bool found = false;
  bool own = false;
  for (const std::string& line : lines_of(pid1.err())) {
    const auto object = boost::json::parse(line).as_object();
    EXPECT_EQ(object.at("time").as_string().back(), 'Z') << line;
    const auto service = object.at("service").as_string();
    own = own || (service == "pid1" && object.at("message").as_string().starts_with("stopped:"));
    if (service != "web") continue;
    found = true;
    EXPECT_EQ(object.at("message").as_string(), "a\"\xEF\xBF\xBD\x1b");
    EXPECT_EQ(object.at("stream").as_string(), "stderr");
    EXPECT_EQ(object.at("tag").as_string(), "front");
    EXPECT_EQ(object.at("labels").as_object().at("team").as_string(), "ops");
    EXPECT_GT(object.at("pid").as_int64(), 1);
  }
  EXPECT_TRUE(found && own) << pid1.err();
}

TEST(Logging, GoesToAFileThatIsRotatedAndCompressed) {
  Pid1 pid1(R"(
services:
  web:
    command: [sh, -c, "i=0; while [ $$i -lt 3000 ]; do echo line $$i; i=$$((i+1)); done; exec probe web"]
    logging: {driver: file, options: {path: web.log, max-size: 8k, max-file: 20, compress: true}}
)");
  pid1.expect(reported("web", "running"));
  const auto is_there = [&](const std::string& name) {
    struct stat status {};
    return stat((pid1.folder() + "/" + name).c_str(), &status) == 0;
  };
  // 3000 lines have 28,890 bytes: three full files, and a fourth.
  pid1.expect_eventually("all compressed", [&] {
    return is_there("web.log.3.gz") && is_there("web.log.1.gz") && !is_there("web.log.1") &&
           !is_there("web.log.gz.part");
  });
  stop(pid1);
  const std::string all = pid1.folder() + "/all";
  const std::string together = "cd " + pid1.folder() +
                               " && for i in 3 2 1; do gzip -dc web.log.$i.gz; done > all && cat "
                               "web.log >> all";
  ASSERT_EQ(std::system(together.c_str()), 0);
  std::ifstream file(all);
  std::string line;
  int count = 0;
  while (std::getline(file, line)) ASSERT_EQ(line, "line " + std::to_string(count++));
  EXPECT_EQ(count, 3000);
  EXPECT_EQ(pid1.out(), "");
}

TEST(Logging, OpensItsFilesAnewWhereASignalSaysSo) {
  Pid1 pid1(R"(
pid1: {signals: {USR1: reopen}}
services:
  web:
    command: probe web print=one gate=go print=two
    logging: {driver: file, options: {path: web.log}}
)");
  pid1.expect_eventually("written", [&] { return pid1.content_of("web.log") == "one\n"; });
  ASSERT_EQ(rename((pid1.folder() + "/web.log").c_str(), (pid1.folder() + "/web.old").c_str()), 0);
  pid1.signal(SIGUSR1);
  pid1.expect_eventually("opened anew", [&] {
    struct stat status {};
    return stat((pid1.folder() + "/web.log").c_str(), &status) == 0;
  });
  pid1.open_gate("go");
  pid1.expect_eventually("written", [&] { return pid1.content_of("web.log") == "two\n"; });
  EXPECT_EQ(pid1.content_of("web.old"), "one\n");
  stop(pid1);
  EXPECT_EQ(pid1.count(received("web", SIGUSR1)), 0);
}

TEST(Logging, ThatIsNotAttachedOrOfNoDriverIsNotShownButRememberedForTheEnd) {
  Pid1 pid1(Container{.config = R"(
services:
  quiet: {command: probe quiet print=hidden, attach: false}
  web:
    command: [sh, -c, "echo cannot bind; echo giving up >&2; exit 7"]
    restart: "no"
    logging: {driver: none}
)",
                      .args = {"--log-level", "info"},
                      .environment = {{"PID1_TERMINATION_LOG", "words"}}});
  EXPECT_EQ(pid1.wait(), 7);
  EXPECT_EQ(pid1.out(), "");
  EXPECT_THAT(pid1.err(), HasSubstr("web: it last wrote: cannot bind"));
  EXPECT_THAT(pid1.err(), HasSubstr("web: it last wrote: giving up"));
  const auto words = boost::json::parse(pid1.content_of("words")).as_object();
  EXPECT_EQ(words.at("last_lines"), (boost::json::array{"cannot bind", "giving up"}));
}

TEST(Logging, RemembersNothingWhereThereIsNoMemoryForIt) {
  Pid1 pid1(Container{.config = R"(
pid1: {log_memory: 0}
services:
  web: {command: [sh, -c, "echo cannot bind; exit 7"], restart: "no", logging: {driver: none}}
)"});
  EXPECT_EQ(pid1.wait(), 7);
  EXPECT_THAT(pid1.err(), Not(HasSubstr("last wrote")));
}

TEST(Logging, OfAnOrphanStillArrivesAndTheServiceIsDeadAllTheSame) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web fork=late begin setsid gate=go print=late exit=0 end gate=end exit=0
    orphans: adopt
    restart: "no"
  other: {command: probe other}
)");
  pid1.expect_all({reported("late", "waiting"), reported("web", "waiting")});
  pid1.open_gate("end");
  pid1.expect_log("web: exited with code 0, done");
  pid1.open_gate("go");
  pid1.expect_output("web   | late\n");
  stop(pid1);
}

TEST(Logging, CutsALineThatIsTooLongIntoPartsAndLosesNoneOfIt) {
  Pid1 pid1(R"(
services:
  web: {command: [sh, -c, "head -c 200000 /dev/zero | tr '\\0' x; echo; echo short"], restart: "no"}
  other: {command: probe other}
)");
  pid1.expect_output("web   | short\n");
  std::size_t bytes = 0;
  std::size_t parts = 0;
  for (const std::string& line : lines_of(pid1.out())) {
    const std::size_t count = static_cast<std::size_t>(std::ranges::count(line, 'x'));
    if (count == 0) continue;
    bytes += count;
    ++parts;
    EXPECT_LE(count, 65536u);
  }
  EXPECT_EQ(bytes, 200'000u);
  EXPECT_EQ(parts, 4u);
  stop(pid1);
}

TEST(Logging, OfOneLineOf100MegabytesIsBoundedInMemory) {
  Pid1 pid1(R"(
services:
  web:
    command: [sh, -c, "head -c 100000000 /dev/zero | tr '\\0' x; echo; exec probe web"]
    logging: {driver: file, options: {path: web.log, format: json}}
  other: {command: probe other}
)");
  pid1.expect(reported("web", "running"));
  std::ifstream file(pid1.folder() + "/web.log");
  std::size_t bytes = 0;
  std::size_t unfinished = 0;
  std::size_t parts = 0;
  pid1.expect_eventually("all written", [&] {
    std::string line;
    for (auto place = file.tellg();; place = file.tellg()) {
      if (!std::getline(file, line) || file.eof()) {  // not whole yet
        file.clear();
        file.seekg(place);
        break;
      }
      bytes += static_cast<std::size_t>(std::ranges::count(line, 'x'));
      unfinished += line.find("\"partial\":true") != std::string::npos ? 1 : 0;
      ++parts;
    }
    return bytes == 100'000'000;
  });
  EXPECT_EQ(unfinished, parts - 1) << "all but the last say that the line goes on";
  std::istringstream status(pid1.proc_file(1, "status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      EXPECT_LT(std::stoi(line.substr(6)), 16'384) << line;
    }
  }
  stop(pid1);
}

TEST(Logging, OfAServiceWhoseReaderDoesNotReadWaitsAndNobodyElseDoes) {
  Pid1 pid1(Container{.config = R"(
services:
  flood: {command: [sh, -c, "trap 'exit 0' TERM; yes | head -c 100000000; exec probe flood"], stop_grace_period: 300ms}
  web:
    command: probe web on=USR1:0
    logging: {driver: file, options: {path: web.log}}
)",
                      .output = Output::blocked});
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGHUP);
  pid1.expect(received("web", SIGHUP));
  EXPECT_EQ(pid1.count(reported("flood", "running")), 0) << "it waits for its reader";
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Logging, OfANonBlockingServiceWhoseReaderDoesNotReadIsLostAndTheServiceGoesOn) {
  Pid1 pid1(Container{.config = R"(
services:
  flood:
    command: [sh, -c, "yes | head -c 100000000; exec probe flood"]
    logging: {options: {mode: non-blocking}}
)",
                      .output = Output::blocked});
  pid1.expect(reported("flood", "running"));
  stop(pid1);
}

TEST(Logging, GoesOnWhereTheReaderHasGone) {
  Pid1 pid1(Container{.config = R"(
services:
  flood: {command: [sh, -c, "yes | head -c 10000000; exec probe flood"]}
)",
                      .output = Output::abandoned});
  pid1.expect(reported("flood", "running"));
  stop(pid1);
}

TEST(Logging, ToAnImpossibleFileIsToldOnceAndStopsNobody) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web print=one print=two
    logging: {driver: file, options: {path: /nowhere/web.log}}
)");
  pid1.expect(reported("web", "running"));
  pid1.expect_log("cannot write /nowhere/web.log: No such file or directory");
  stop(pid1);
  EXPECT_EQ(pid1.err().find("cannot write"), pid1.err().rfind("cannot write")) << pid1.err();
}

TEST(Logging, ArrivesWholeWhereTheServiceEndsTheContainer) {
  Pid1 pid1(R"(
services:
  web: {command: [sh, -c, "yes 0123456789 | head -n 20000; printf end"], restart: "no", on_success: shutdown}
  other: {command: probe other}
)");
  pid1.expect_output("web   | end\n");
  EXPECT_EQ(pid1.wait(), 0);
  const auto lines = lines_of(pid1.out());
  EXPECT_EQ(lines.size(), 20'001u);
  EXPECT_EQ(lines.back(), "web   | end");
}

TEST(Logging, KeepsLinesWholeWhereOutputAndErrorAreOnePipe) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: [sh, -c, "seq 100000 | sed 's/^/out/' & seq 100000 | sed 's/^/err/' >&2; wait"], restart: "no"}
  other: {command: probe other, depends_on: {web: {condition: service_completed_successfully}}}
)",
                      .command = {"/bin/sh", "-c", "exec pid1 \"$@\" 2>&1", "sh"}});
  pid1.expect(reported("other", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  int out = 0;
  int err = 0;
  for (const std::string& line : lines_of(pid1.out())) {
    if (line == "web   | out" + std::to_string(out + 1)) ++out;
    if (line == "web   | err" + std::to_string(err + 1)) ++err;
  }
  EXPECT_EQ(out, 100'000);
  EXPECT_EQ(err, 100'000);
}

TEST(Logging, GivesAUserPipesThatItMayOpenByName) {
  Pid1 pid1(R"(
services:
  web:
    command: [sh, -c, "echo one > /dev/stdout; echo two > /proc/self/fd/2; exec probe web"]
    user: nobody
)");
  pid1.expect(reported("web", "running"));
  pid1.expect_output("one\n");
  pid1.expect_log("two\n");
  stop(pid1);
}

TEST(Logging, LeavesTheServicesTheirOwnLimitOfDescriptors) {
  Pid1 pid1(Container{.config = "services: {web: {command: [sh, -c, 'ulimit -n'], restart: \"no\", "
                                "on_success: shutdown}}",
                      .limits = {{RLIMIT_NOFILE, 300}}});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.out(), "300\n");
}

TEST(Logging, OfAThousandServicesAtOnceArrives) {
  std::string config = "services:\n";
  constexpr int services = 1000;
  for (int i = 0; i < services; ++i) {
    config += "  s" + std::to_string(i) + ": {command: [echo, hello], restart: \"no\"}\n";
  }
  config +=
      "  last: {command: probe last, depends_on: {s0: {condition: "
      "service_completed_successfully}}}\n";
  Pid1 pid1(Container{.config = config, .limits = {{RLIMIT_NOFILE, 1024}}});
  pid1.expect(reported("last", "running"));
  pid1.expect_eventually("all said",
                         [&] { return std::ranges::count(pid1.out(), '\n') == services; });
  stop(pid1);
}

TEST(Logging, IsInNoColourForAProgramAndInColourWhereThatIsAsked) {
  const std::string config = "services: {a: {command: probe a print=x}, b: {command: probe b}}";
  Pid1 plain(Container{.config = config});
  plain.expect_output("a    | x\n");
  stop(plain);
  Pid1 colored(Container{.config = config, .args = {"--color", "always"}});
  colored.expect_output("m x\n");
  EXPECT_THAT(colored.out(), HasSubstr("\033["));
  stop(colored);
}

TEST(Logging, OnAFullDiskIsToldAndStopsNobody) {
  Pid1 pid1(R"(
pid1: {signals: {USR1: reopen}}
services:
  disk:
    type: oneshot
    command: [sh, -c, "mkdir full; mount -t tmpfs -o size=16k none full; chmod 777 full"]
  web:
    command: [sh, -c, "trap '' HUP; probe ready gate=go exit=0; seq 100000; exec probe web"]
    logging: {driver: file, options: {path: full/web.log}}
    depends_on: {disk: {condition: service_completed_successfully}}
  other: {command: probe other}
)");
  pid1.expect_all({reported("ready", "waiting"), reported("other", "running")});
  pid1.signal(SIGUSR1);
  pid1.signal(SIGHUP);
  pid1.expect(received("other", SIGHUP));  // and so SIGUSR1 has been dealt with
  pid1.open_gate("go");
  pid1.expect(reported("web", "running"));
  pid1.expect_log("full/web.log: No space left on device");
  stop(pid1);
}

TEST(Logging, GoesToASyslogServerAsMessagesOfRfc5424) {
  Pid1 pid1(Container{.config = R"(
services:
  server: {command: [python3, server.py], readiness: {log: listening}}
  web:
    command: probe web complain=broken
    logging: {driver: syslog, options: {syslog-address: "unix:///tmp/pid1-test-server", tag: front}}
    depends_on: {server: {condition: service_healthy}}
)",
                      .files = {{"server.py", R"(
import os, socket
path = "/tmp/pid1-test-server"
if os.path.exists(path): os.unlink(path)
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(path)
print("listening", flush=True)
print(server.recv(4096).decode(), flush=True)
)"}}});
  pid1.expect_output("server | <27>1 20");  // daemon and error, version 1, the year
  pid1.expect_output(" front ");
  pid1.expect_output(" broken\n");
  stop(pid1);
}

TEST(SyslogSocket, LeadsEachMessageToTheServiceThatSentIt) {
  Pid1 pid1(R"(
pid1: {syslog: /tmp/pid1-test-log}
services:
  web:
    command: [sh, -c, "(echo hello; sleep 1000) | logger --socket /tmp/pid1-test-log -t app -p user.err & exec probe web"]
  other: {command: probe other}
)");
  pid1.expect(reported("web", "running"));
  pid1.expect_log("web   | app: hello\n");
  stop(pid1);
}

}  // namespace

}  // namespace pid1::testing
