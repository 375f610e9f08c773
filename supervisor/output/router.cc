#include "supervisor/output/router.h"

#include <algorithm>

namespace pid1::output {
namespace {

// What a pipe holds at the most, if somebody made it larger than we do.
constexpr std::size_t kMostLeft = std::size_t{4} << 20;

// Whoever writes so little at a time, and again at once, is read less often, and then more of it.
constexpr std::size_t kLittle = std::size_t{16} << 10;

std::size_t index_of(Stream stream) { return stream == Stream::out ? 0 : 1; }

}  // namespace

// One pipe of one incarnation.
class Router::Connection final : private PumpClient, private Waiter {
 public:
  Connection(Router& router, Route route, Channel& channel, WriterId writer,
             system::UniqueFd reading)
      : router_(router),
        route_(route),
        channel_(channel),
        writer_(writer),
        pump_(router.loop_.poller(), std::move(reading), router.buffer(), router.pipes_, *this) {}

  ~Connection() override { channel_.forget(*this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Route route() const { return route_; }
  int start() { return pump_.start(); }
  void set_process(std::int32_t pid) { pid_ = pid; }
  bool has_process() const { return pid_ != 0; }
  void catch_up() { pump_.catch_up(kMostLeft); }
  bool paused() const { return pump_.paused(); }
  void finish() { channel_.finish(splitter_, writer_, moment()); }

  void end_rest() {
    resting_ = false;
    pump_.end_rest();
  }

  bool held() const { return held_; }
  Delay held_until() const { return held_until_; }
  void hold_until(Delay time) {
    held_ = true;
    held_until_ = time;
  }

 private:
  Flow received(std::string_view bytes) override {
    const Moment now = moment();
    channel_.feed(splitter_, writer_, now, bytes);
    if (channel_.blocked()) {
      channel_.wait(*this);
      return Flow::pause;
    }
    const bool trickles = bytes.size() < kLittle && now.time - last_read_ < router_.options_.rest;
    last_read_ = now.time;
    if (!trickles) return Flow::go_on;
    if (!resting_) router_.rest(*this);
    resting_ = true;
    return Flow::rest;
  }

  void ended() override {
    finish();
    router_.remove(*this);
  }

  void resume() override { pump_.resume(); }

  Moment moment() const { return {.time = router_.now(), .pid = pid_}; }

  Router& router_;
  const Route route_;
  Channel& channel_;
  const WriterId writer_;
  LineSplitter splitter_;
  StreamPump pump_;
  std::int32_t pid_ = 0;
  WallTime last_read_{};
  bool resting_ = false;
  bool held_ = false;  // the process has ended
  Delay held_until_{};
};

Router::Router(Loop& loop, const RouterOptions& options)
    : options_(options),
      loop_(loop),
      buffer_(std::make_unique_for_overwrite<char[]>(options.buffer)),
      recent_(options.routes, options.recent_each, options.recent_total),
      pipes_(options.pipe_growth),
      alarm_(loop.make_alarm([this] { release_old(); })),
      rest_alarm_(loop.make_alarm([this] { end_rests(); })) {}

Router::~Router() = default;

Route Router::add(const RouteOptions& options) {
  RouteState state;
  for (const Stream stream : {Stream::out, Stream::err}) {
    ChannelOptions of_channel = {.origin = {.service = options.service,
                                            .replica = options.replica,
                                            .stream = stream,
                                            .tag = options.tag,
                                            .labels = options.labels},
                                 .format = options.formats[index_of(stream)],
                                 .mode = options.mode,
                                 .max_buffer = options.max_buffer};
    state.channels[index_of(stream)] = std::make_unique<Channel>(
        std::move(of_channel), options.sinks[index_of(stream)], &recent_, routes_.size(), scratch_);
  }
  routes_.push_back(std::move(state));
  return routes_.size() - 1;
}

int Router::connect(Route route, Stream stream, system::UniqueFd reading) {
  auto connection = std::make_unique<Connection>(*this, route, channel(route, stream),
                                                 ++last_writer_, std::move(reading));
  if (const int error = connection->start()) return error;
  connections_.push_back(std::move(connection));
  return 0;
}

void Router::set_process(Route route, std::int32_t pid) {
  for (const auto& connection : connections_) {
    if (connection->route() == route && !connection->has_process()) connection->set_process(pid);
  }
}

void Router::process_ended(Route route) {
  // From the back: what has ended is removed.
  for (std::size_t at = connections_.size(); at > 0; --at) {
    Connection* const connection = connections_[at - 1].get();
    if (connection->route() != route || connection->held()) continue;
    hold(*connection);
    connection->catch_up();
  }
  while (held_.size() > options_.most_held) release_oldest();
}

void Router::write_line(Route route, Stream stream, std::int32_t pid, std::string_view text) {
  channel(route, stream).add_line(++last_writer_, {.time = now(), .pid = pid}, text);
}

void Router::listen(Route route, const LineListener& listener) {
  for (const auto& channel : routes_[route].channels) channel->set_listener(listener);
}

std::uint64_t Router::lost_lines(Route route) const {
  std::uint64_t lost = 0;
  for (const auto& channel : routes_[route].channels) lost += channel->lost_lines();
  return lost;
}

std::size_t Router::connections() const { return connections_.size(); }

// From the back: what has ended is removed.
void Router::catch_up() {
  for (std::size_t at = connections_.size(); at > 0; --at) connections_[at - 1]->catch_up();
}

bool Router::idle() const { return connections_.empty() && !blocked(); }

bool Router::blocked() const {
  const auto pending = [](const auto& channel) { return channel->pending(); };
  return std::ranges::any_of(connections_, [](const auto& each) { return each->paused(); }) ||
         std::ranges::any_of(routes_, [&](const RouteState& state) {
           return std::ranges::any_of(state.channels, pending);
         });
}

WallTime Router::now() const {
  return options_.now != nullptr ? options_.now() : WallTime(std::chrono::system_clock::now());
}

Channel& Router::channel(Route route, Stream stream) const {
  return *routes_[route].channels[index_of(stream)];
}

void Router::remove(const Connection& connection) {
  std::erase(held_, &connection);
  std::erase(resting_, &connection);
  const auto found =
      std::ranges::find(connections_, &connection, [](const auto& known) { return known.get(); });
  std::iter_swap(found, connections_.end() - 1);
  connections_.pop_back();
}

void Router::rest(Connection& connection) {
  if (resting_.empty()) rest_alarm_->set(options_.rest);
  resting_.push_back(&connection);
}

void Router::end_rests() {
  for (Connection* const connection : resting_) connection->end_rest();
  resting_.clear();
}

void Router::hold(Connection& connection) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  connection.hold_until(now + options_.longest_held);
  if (held_.empty()) alarm_->set(options_.longest_held);
  held_.push_back(&connection);
}

void Router::release_oldest() {
  Connection& oldest = *held_.front();
  oldest.finish();
  remove(oldest);
}

void Router::release_old() {
  const Delay now = std::chrono::steady_clock::now().time_since_epoch();
  while (!held_.empty() && held_.front()->held_until() <= now) release_oldest();
  if (!held_.empty()) alarm_->set(held_.front()->held_until() - now);
}

}  // namespace pid1::output
