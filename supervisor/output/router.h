#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "supervisor/output/channel.h"
#include "supervisor/output/loop.h"
#include "supervisor/output/stream_pump.h"

namespace pid1::output {

// A service's place in the router, in the order of add().
using Route = std::size_t;

struct RouteOptions {
  std::string service = {};
  std::uint32_t replica = 0;
  std::string tag = {};
  std::vector<std::pair<std::string, std::string>> labels = {};
  // Of stdout and stderr; a sink that is null: nowhere.
  std::array<FormatOptions, 2> formats = {};
  std::array<Sink*, 2> sinks = {};
  Mode mode = Mode::blocking;
  std::size_t max_buffer = std::size_t{1} << 20;
};

struct RouterOptions {
  std::size_t routes = 0;                           // how many there will be
  std::size_t buffer = std::size_t{256} << 10;      // bytes of one read
  std::size_t pipe_growth = std::size_t{16} << 20;  // bytes, of all pipes together
  // How long a pipe that is written to in small pieces, one after the other, isn't read; 0: it is.
  Delay rest = std::chrono::milliseconds(1);
  std::size_t recent_each = std::size_t{64} << 10;  // bytes of each service's last lines
  std::size_t recent_total = std::size_t{8} << 20;  // and of all together
  // Pipes of services that have ended, held open by orphans: so many, for so long.
  std::size_t most_held = 256;
  Delay longest_held = std::chrono::minutes(10);
  WallTime (*now)() = nullptr;  // null: the system's clock
};

// Leads what all services write from their pipes to where it goes. An incarnation of a service has
// pipes of its own; end-of-file ends them, and nothing else does, but that an orphan which holds
// one for too long, or when there are too many, finds it closed.
class Router {
 public:
  Router(Loop& loop, const RouterOptions& options);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // The sinks outlive the router.
  Route add(const RouteOptions& options);

  // From now on reads the pipe of an incarnation that is about to be. 0 or errno.
  int connect(Route route, Stream stream, system::UniqueFd reading);
  // Its main process, for what is read from here on.
  void set_process(Route route, std::int32_t pid);
  // The process has ended. Reads what it has left, as far as its sinks take it; then recent() is up
  // to date.
  void process_ended(Route route);

  // Lines that come another way: pid1's own, those of hooks and of syslog. Without newlines. Who
  // writes them can't be made to wait, so beyond the route's `max_buffer` the oldest are lost.
  void write_line(Route route, Stream stream, std::int32_t pid, std::string_view text);

  // Replaced by the next; an empty one ends it.
  void listen(Route route, const LineListener& listener);

  const RecentLines& recent() const { return recent_; }
  std::uint64_t lost_lines(Route route) const;
  // Pipes that are open.
  std::size_t connections() const;

  // Reads what is in the pipes now, as far as their sinks take it.
  void catch_up();
  // Nothing is on its way any more, sinks aside: every pipe has ended.
  bool idle() const;
  // Something waits for its sink.
  bool blocked() const;

 private:
  class Connection;
  struct RouteState {
    std::array<std::unique_ptr<Channel>, 2> channels;
  };

  WallTime now() const;
  std::span<char> buffer() const { return {buffer_.get(), options_.buffer}; }
  Channel& channel(Route route, Stream stream) const;
  void remove(const Connection& connection);
  void rest(Connection& connection);
  void end_rests();
  void hold(Connection& connection);
  void release_oldest();
  void release_old();

  const RouterOptions options_;
  Loop& loop_;
  // Not initialised: its pages are there when bytes come to be in them.
  std::unique_ptr<char[]> buffer_;
  std::string scratch_;
  RecentLines recent_;
  PipeBudget pipes_;
  WriterId last_writer_ = 0;
  std::vector<RouteState> routes_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> held_;  // the oldest first
  std::vector<Connection*> resting_;
  std::unique_ptr<Alarm> alarm_;
  std::unique_ptr<Alarm> rest_alarm_;
};

}  // namespace pid1::output
