#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/line_pattern.h"
#include "services/plan.h"
#include "supervisor/output/asio_loop.h"
#include "supervisor/output/router.h"
#include "supervisor/output/syslog_server.h"
#include "supervisor/output_sinks.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// What of this machine and of the command line the looks of lines depend on.
struct OutputStyle {
  output::ColorChoice color = output::ColorChoice::automatic;
  const char* no_color = nullptr;  // of the environment; null: not set
  const char* term = nullptr;
  std::string host = {};  // this machine's name; empty: not known
};

struct OutputHandlers {
  // A line of the service says that it is ready; once for each process.
  std::function<void(ServiceId)> ready = {};
  // Something can't be written, and why. Called later, never from within a write.
  output::Complaint complain = {};
  StartCompression start_compression = {};
  // Whose process this is.
  std::function<std::optional<ServiceId>(std::int32_t pid)> service_of = {};
};

// The output of services that don't have pid1's own descriptors, and pid1's own messages: from
// where it comes to where `logging` and `pid1.log` send it.
class ServiceOutput {
 public:
  // Whether any of it has to go through pid1.
  static bool is_needed(const Plan& plan);
  // Whether pid1 reads what this service writes.
  static bool reads(const ServiceSpec& spec);

  // `plan` outlives this object; handlers are called from the loop. Throws where there are no
  // descriptors for it.
  ServiceOutput(boost::asio::io_context& loop, const Plan& plan, OutputStyle style,
                OutputHandlers handlers);
  ~ServiceOutput();
  ServiceOutput(const ServiceOutput&) = delete;
  ServiceOutput& operator=(const ServiceOutput&) = delete;

  // Begins to take syslog messages, where the plan says so. 0 or errno.
  int listen();
  // Takes those that have come, while it can be told whose they are.
  void drain_syslog();

  // What becomes standard output and error of a process that is about to be.
  struct Ends {
    system::UniqueFd out;
    system::UniqueFd err;
  };
  // Or errno, where there are no descriptors for it.
  std::variant<Ends, int> connect(ServiceId service);
  void started(ServiceId service, std::int32_t pid);
  // Reads what it has left.
  void process_ended(ServiceId service);

  // A line of what runs for a service beside it, such as "pre_start". False where it isn't read.
  bool say(ServiceId service, std::string_view what, std::string_view line);
  // One of pid1's own lines, without its newline. Also from within a handler.
  void say(std::string_view line);

  void reopen() { sinks_.reopen(); }
  // Whether `pid` was a compression's.
  bool compressed(std::int32_t pid, output::Compression result) {
    return sinks_.compressed(pid, result);
  }

  // The last lines of a service, the oldest first.
  std::vector<std::string> last_lines(ServiceId service, std::size_t count) const;

  // Lines of all that have been lost: for want of a reader, of room, or of time (non-blocking).
  std::uint64_t lost_lines() const;

  // Reads what is in the pipes now. True while something waits for a reader that is slow.
  bool drain();

 private:
  struct Route {
    output::Route route;
    std::optional<config::LinePattern> pattern = {};
    bool awaited = false;
  };

  output::Route add_route(const std::string& name, std::uint32_t replica, const Logging& logging,
                          int color);
  output::FormatOptions format_of(const Logging& logging, int color, output::Reader reader) const;
  void listen_for_readiness(ServiceId service, const std::string& pattern);
  void complain_later(const std::string& text);
  void received(const output::SyslogMessage& message, const output::SyslogSender& sender);
  std::optional<Route>& at(ServiceId service) { return routes_[index(service)]; }

  boost::asio::io_context& context_;
  const OutputStyle style_;
  const OutputHandlers handlers_;
  output::AsioLoop loop_;
  OutputSinks sinks_;
  output::Router router_;
  const std::size_t pipe_size_;               // bytes
  const std::size_t name_width_;              // characters
  std::vector<std::optional<Route>> routes_;  // by service; none: it isn't read
  output::Route own_;
  std::optional<output::Route> strangers_;  // whose messages of syslog are no service's
  const std::string syslog_path_;
  output::SyslogServer syslog_;
  std::string text_;  // of a message, reused
  std::vector<std::string> complaints_;
};

}  // namespace pid1::supervisor
