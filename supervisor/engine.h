#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/orchestrator.h"
#include "supervisor/belongings.h"
#include "supervisor/cgroups.h"
#include "supervisor/epilogue.h"
#include "supervisor/hook_runner.h"
#include "supervisor/launcher.h"
#include "supervisor/log.h"
#include "supervisor/narrator.h"
#include "supervisor/notify_socket.h"
#include "supervisor/oom_watch.h"
#include "supervisor/probe_runner.h"
#include "supervisor/process_table.h"
#include "supervisor/queue.h"
#include "supervisor/ready_watch.h"
#include "supervisor/reload_runner.h"
#include "supervisor/service_output.h"
#include "supervisor/system/signal_fd.h"
#include "supervisor/system/system.h"
#include "supervisor/task_runner.h"
#include "supervisor/timers.h"

namespace pid1::supervisor {

// Told about the processes that the engine starts. For what only one program needs.
class ProcessListener {
 public:
  virtual ~ProcessListener() = default;
  virtual void started(std::int32_t pid) = 0;
  // A child has changed its state: ended, stopped or continued, this one or any.
  virtual void child_changed(std::int32_t pid) = 0;
  // After the core has dealt with it.
  virtual void received(const system::ReceivedSignal& signal, std::int32_t pid) = 0;
};

struct EngineOptions {
  const char* const* environment;    // pid1's own; ends with a null pointer
  std::string termination_log;       // a path; empty: none is written
  std::uint64_t seed = 0;            // of the jitter
  const Cgroups* cgroups = nullptr;  // of the services; none: they have none
  LaunchManner manner = {};
  OutputStyle style = {};
  Voice voice = Voice::supervisor;
  LogLevel orphan_level = LogLevel::debug;  // at which each orphan that was reaped is told
  ProcessListener* listener = nullptr;      // of the first service
};

// Turns kernel facts into events for the core, and carries out the commands that come back. One
// thread; asleep in epoll when nothing happens. After its constructor no failure ends it but
// Finish.
class Engine {
 public:
  // All of these outlive the engine.
  Engine(const Plan& plan, system::System& system, system::SignalFd& signals, Log& log,
         EngineOptions options);

  // Starts the services and returns the container's exit code when it has ended.
  int run();

 private:
  void deliver(const Event& event);
  void execute(const Command& command);
  void execute(const Spawn& command);
  void execute(const Signal& command);
  void execute(const WatchGroup& command);
  void execute(const RunHook& command);
  void execute(const SignalHook& command);
  void execute(const Probe& command);
  void execute(const StopProbe& command);
  void execute(const ReloadService& command);
  void execute(const ArmTimer& command);
  void execute(const CancelTimer& command);
  void execute(const AwaitRest& command);
  void execute(const SignalRest& command);
  void execute(const Announce& command);
  void execute(const Finish& command);

  const Cgroups& cgroups() const;
  void tell_refusal(const Signal& command, int error);

  // engine_launch.cc
  void launch_some();
  void launch(const Spawn& spawn);
  void fill_variables(ServiceId service);
  std::int32_t first_process() const;
  std::string of_service(ServiceId service, const std::string& message) const;
  void tell_unready(ServiceId service);
  void tell_launch_error(ServiceId service, const LaunchError& error);

  // engine_notify.cc
  void open_notify_sockets();
  void open_notify_socket(ServiceId service);
  void notified(ServiceId service, const NotifySender& sender, const NotifyMessage& message);
  bool is_its_own(ServiceId service, const NotifySender& sender);
  void tell_notes(ServiceId service, const NotifyMessage& message);
  void name_main_process(ServiceId service, std::int32_t pid);
  std::optional<ServiceId> service_of(std::int32_t pid);

  // engine_kernel.cc
  void await_signals();
  void read_signals();
  void take(const system::ReceivedSignal& record);
  void reap();
  std::optional<ServiceId> owner_of_next();
  void account_for(const system::Reaped& reaped, const std::optional<ServiceId>& ended);
  bool is_out_of_memory(ServiceId service, const system::Reaped& reaped);
  bool hands_over(std::int32_t pid);
  void look_at_groups();
  void schedule_look();
  void schedule_flush();

  // engine_output.cc
  void open_output();
  void say(ServiceId service, std::string_view what, std::string_view line);
  void tell_last_lines(ServiceId service);
  std::int32_t start_compression(output::CompressRequest request);
  void drain_output();
  void write_termination_log();
  void say_last_words();

  const Plan& plan_;
  system::System& system_;
  system::SignalFd& signals_;
  Log& log_;
  EngineOptions options_;
  Orchestrator core_;

  boost::asio::io_context loop_;
  boost::asio::posix::stream_descriptor signal_descriptor_;
  Timers timers_;
  boost::asio::steady_timer look_timer_;
  boost::asio::steady_timer flush_timer_;

  Launcher launcher_;
  ProcessTable processes_;
  TaskRunner tasks_;
  KnownProcesses known_;
  Belongings belongings_;
  OomWatch oom_;
  HookRunner hooks_;
  ProbeRunner probes_;
  ReloadRunner reloads_;
  ReadyWatch ready_;
  std::vector<std::unique_ptr<NotifySocket>> notify_;  // by service; empty: none notifies
  std::optional<ServiceOutput> output_;
  std::vector<EnvironmentChange> variables_;  // reused
  Queue<Event> events_;
  Queue<Spawn> spawns_;
  Commands commands_;
  std::vector<WatchGroup> watched_;  // groups that have to be empty before their service goes on
  std::vector<bool> told_deferred_;  // by service: that there are no resources to start it
  std::vector<bool> told_refusal_;   // by service: that it can't be sent a signal
  std::vector<bool> told_storage_;   // by service: that its descriptors aren't kept
  Epilogue epilogue_;
  Time drained_by_{};  // the end waits no longer for readers
  bool delivering_ = false;
  bool launching_ = false;
  bool text_released_ = false;
  bool rest_awaited_ = false;
  bool rest_killed_ = false;
  bool flush_scheduled_ = false;
  bool look_scheduled_ = false;
};

}  // namespace pid1::supervisor
