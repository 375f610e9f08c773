#include <algorithm>
#include <boost/asio/post.hpp>

#include "services/signal_names.h"
#include "supervisor/engine.h"

namespace pid1::supervisor {

namespace {

// Starts and signals get their turn in a flood of deaths.
constexpr std::size_t kReapsPerTurn = 4096;

// A group's member whose parent is alive elsewhere ends without a SIGCHLD for us.
constexpr auto kLookInterval = std::chrono::milliseconds(20);

// signal(7)
constexpr int kSigKill = 9;
constexpr int kSigChild = 17;

ExitStatus status_of(const system::Reaped& reaped) {
  if (reaped.signaled) return Signaled{reaped.status, reaped.core_dumped};
  return Exited{reaped.status};
}

}  // namespace

void Engine::await_signals() {
  signal_descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                [this](const boost::system::error_code& error) {
                                  if (error) return;
                                  read_signals();
                                  await_signals();
                                });
}

void Engine::read_signals() {
  for (auto records = signals_.read(); !records.empty(); records = signals_.read()) {
    // Deaths first: what follows is decided on what is true now.
    if (std::ranges::find(records, kSigChild, &system::ReceivedSignal::signo) != records.end()) {
      reap();
    }
    for (const system::ReceivedSignal& record : records) {
      if (record.signo == kSigChild) continue;
      if (log_.enabled(LogLevel::debug)) {
        log_.write(LogLevel::debug, "received " + signal_name(record.signo) + " from pid " +
                                        std::to_string(record.sender_pid) + ", uid " +
                                        std::to_string(record.sender_uid));
      }
      take(record);
      if (options_.listener != nullptr) options_.listener->received(record, first_process());
    }
  }
}

void Engine::take(const system::ReceivedSignal& record) {
  const bool was_asked = core_.cause().has_value();
  const auto owner = processes_.owner_of(record.sender_pid);
  const SignalRule& rule = plan_.container().signals[static_cast<std::size_t>(record.signo)];
  if (output_ && rule.kind == SignalRule::Kind::reopen) output_->reopen();
  deliver(SignalReceived{record.signo, record.sender_pid, record.sender_uid});
  if (!was_asked && core_.cause() && owner) epilogue_.asked_by = owner->service;
}

// SIGCHLD is a doorbell: one may stand for many deaths.
void Engine::reap() {
  bool none_left = false;
  std::size_t reaped = 0;
  belongings_.look_again();
  // Whose words they are can be told until they are reaped.
  for (const auto& socket : notify_) {
    if (socket) socket->drain();
  }
  if (output_) output_->drain_syslog();
  for (; reaped < kReapsPerTurn; ++reaped) {
    const auto ended = owner_of_next();
    const auto next = system_.reap();
    if (const auto* end = std::get_if<system::ReapEnd>(&next)) {
      none_left = *end == system::ReapEnd::no_children;
      break;
    }
    account_for(std::get<system::Reaped>(next), ended);
  }
  // Whose parent has died is ours now, and may have been missed. kill(-1) misses nobody.
  const bool may_have_adopted = reaped > 0 && reaped < kReapsPerTurn && !none_left;
  if (rest_killed_ && may_have_adopted && !system_.is_init()) system_.signal_rest(kSigKill);
  look_at_groups();
  if (const std::int32_t pid = first_process(); options_.listener != nullptr && pid != 0) {
    options_.listener->child_changed(pid);
  }
  if (reaped == kReapsPerTurn) boost::asio::post(loop_, [this] { reap(); });
  if (none_left && rest_awaited_) deliver(AllReaped{});
}

// Whose the orphan is that ended first, as long as that can be told: only where it will be.
std::optional<ServiceId> Engine::owner_of_next() {
  if (options_.voice == Voice::one_program || !log_.enabled(options_.orphan_level)) {
    return std::nullopt;
  }
  const std::int32_t pid = system_.next_ended();
  return pid == 0 ? std::nullopt : belongings_.owner_of(pid);
}

void Engine::account_for(const system::Reaped& reaped, const std::optional<ServiceId>& ended) {
  if (hands_over(reaped.pid)) return;
  const auto owner = processes_.remove(reaped.pid);
  if (!owner) {
    if (tasks_.reaped(reaped.pid, status_of(reaped))) return;
    const bool succeeded = !reaped.signaled && reaped.status == 0;
    const auto result = succeeded ? output::Compression::succeeded : output::Compression::failed;
    if (output_ && output_->compressed(reaped.pid, result)) return;
    if (log_.enabled(options_.orphan_level)) {
      const std::string whose = ended ? " of " + plan_[*ended].name : std::string();
      log_.write(options_.orphan_level,
                 "reaped an orphan" + whose + ", pid " + std::to_string(reaped.pid));
    }
    return;
  }
  const auto [service, generation] = *owner;
  const bool any_left = belongings_.any_left(service, processes_.group_of(service, generation));
  ready_.forget(service);
  reloads_.end(service);
  if (output_) output_->process_ended(service);
  deliver(ProcessEnded{service, generation, status_of(reaped),
                       any_left ? GroupState::populated : GroupState::empty,
                       is_out_of_memory(service, reaped)});
}

// A SIGKILL of our own is none of the kernel's.
bool Engine::is_out_of_memory(ServiceId service, const system::Reaped& reaped) {
  if (!reaped.signaled || reaped.status != kSigKill) return false;
  const bool ours = core_.service(service).phase() == Phase::killing;
  return !ours && oom_.has_killed(service);
}

// A main process that has named another one has done its part. Its children are ours by now.
bool Engine::hands_over(std::int32_t pid) {
  const auto owner = processes_.owner_of(pid);
  if (!owner) return false;
  const std::int32_t successor = processes_.successor_of(owner->service, owner->generation);
  if (successor == 0 || !system_.is_child(successor)) return false;
  processes_.succeed(owner->service, owner->generation);
  return true;
}

void Engine::look_at_groups() {
  if (watched_.empty()) return;
  std::vector<WatchGroup> emptied;
  std::erase_if(watched_, [&](const WatchGroup& watch) {
    const Lifecycle& life = core_.service(watch.service);
    if (life.generation() != watch.generation || life.phase() != Phase::draining) return true;
    const std::int32_t group = processes_.group_of(watch.service, watch.generation);
    if (belongings_.any_left(watch.service, group)) return false;
    emptied.push_back(watch);
    return true;
  });
  for (const auto& [service, generation] : emptied) deliver(GroupEmptied{service, generation});
}

void Engine::schedule_look() {
  if (look_scheduled_ || watched_.empty()) return;
  look_scheduled_ = true;
  look_timer_.expires_after(kLookInterval);
  look_timer_.async_wait([this](const boost::system::error_code&) {
    look_scheduled_ = false;
    belongings_.look_again();
    look_at_groups();
    schedule_look();
  });
}

}  // namespace pid1::supervisor
