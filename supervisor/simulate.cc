#include "supervisor/simulate.h"

#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "services/fact_names.h"
#include "services/signal_names.h"
#include "supervisor/epilogue.h"
#include "supervisor/narrator.h"

namespace pid1::supervisor {

namespace {

// One line of the time line.
struct Line {
  Duration at{};
  std::string fact;
  ServiceId service = kNoService;
  std::string message;
};

std::string clock(Duration at) { return at == Duration::zero() ? "0s" : brief(at); }

// Keeps what a person wants to read, and what the last line needs.
class Record {
 public:
  explicit Record(const Plan& plan) : plan_(plan) {}

  void keep(Duration at, const Event& event, const Commands& commands) {
    if (const auto* signal = std::get_if<SignalReceived>(&event)) {
      add(at, "signal", kNoService, signal_name(signal->signo) + " arrives");
    }
    if (const auto* restart = std::get_if<RestartRequested>(&event)) {
      add(at, "restart_requested", restart->service,
          plan_[restart->service].name + ": somebody asks for a restart");
    }
    for (const Command& command : commands) keep(at, command);
  }

  const std::vector<Line>& lines() const { return lines_; }
  const Epilogue& epilogue() const { return epilogue_; }
  void end(Duration at, int code) {
    epilogue_.ended = Time{at};
    epilogue_.code = code;
  }

 private:
  void keep(Duration at, const Command& command) {
    if (const auto* fact = std::get_if<Announce>(&command)) {
      note(at, *fact);
      add(at, std::string(name_of(fact->fact)), fact->service,
          narrate(*fact, plan_, Voice::supervisor));
    } else if (const auto* hook = std::get_if<RunHook>(&command)) {
      const auto& hooks = plan_[hook->service].hooks.at(hook->point);
      const std::string which =
          hooks.size() > 1 ? " " + std::to_string(hook->index + 1) : std::string();
      add(at, "hook", hook->service,
          plan_[hook->service].name + ": " + std::string(name_of(hook->point)) + " hook" + which +
              " runs");
    } else if (const auto* reload = std::get_if<ReloadService>(&command)) {
      add(at, "reload", reload->service, plan_[reload->service].name + ": reloads");
    }
  }

  void note(Duration at, const Announce& fact) {
    if (fact.fact == Fact::shutdown_begun) {
      epilogue_.began = Time{at};
      stopping_ = true;
    }
    if (fact.fact == Fact::killing && stopping_) epilogue_.killed.insert(fact.service);
    if (fact.fact == Fact::sweeping || fact.fact == Fact::sweep_killing) {
      epilogue_.services = Time{at};
    }
  }

  void add(Duration at, std::string fact, ServiceId service, std::string message) {
    lines_.push_back({at, std::move(fact), service, std::move(message)});
  }

  const Plan& plan_;
  std::vector<Line> lines_;
  Epilogue epilogue_;
  bool stopping_ = false;
};

std::optional<std::string> misfit(const Plan& plan, const SimulationOptions::Happening& happening) {
  const auto id = plan.find(happening.service);
  if (!id) return "no service " + happening.service;
  const ServiceSpec& spec = plan[*id];
  switch (happening.kind) {
    case Incident::Kind::ends:
    case Incident::Kind::is_restarted: return std::nullopt;
    case Incident::Kind::becomes_unhealthy:
      if (spec.health) return std::nullopt;
      return happening.service + " has no healthcheck that could fail";
    case Incident::Kind::becomes_ready:
      if (spec.readiness.kind != Readiness::Kind::none) return std::nullopt;
      return happening.service + " has no readiness, and is ready as soon as it runs";
  }
  return std::nullopt;
}

std::variant<Circumstances, SimulationError> circumstances_of(const Plan& plan,
                                                              const SimulationOptions& options) {
  Circumstances circumstances;
  circumstances.stop_at = options.stop_at;
  circumstances.until = options.until;
  circumstances.seed = options.seed;
  for (const auto& happening : options.happenings) {
    if (auto problem = misfit(plan, happening)) return SimulationError{*problem};
    circumstances.incidents.push_back(
        {happening.kind, *plan.find(happening.service), happening.at, happening.code});
  }
  for (const std::string& name : options.deaf) {
    const auto id = plan.find(name);
    if (!id) return SimulationError{"no service " + name};
    circumstances.deaf.push_back(*id);
  }
  return circumstances;
}

std::string missed_text(const Incident& incident, const Plan& plan) {
  return plan[incident.service].name + " does not run at " + clock(incident.at) +
         ", and could not end then";
}

std::string as_text(const Simulation& simulation, const Record& record) {
  constexpr std::size_t kTimeWidth = 8;
  std::string text;
  for (const Line& line : record.lines()) {
    const std::string at = clock(line.at);
    text += std::string(at.size() < kTimeWidth ? kTimeWidth - at.size() : 0, ' ') + at + "  " +
            line.message + "\n";
  }
  text += "\n";
  const Plan& plan = simulation.core().plan();
  for (const Incident& incident : simulation.missed()) text += missed_text(incident, plan) + "\n";
  if (simulation.exit_code())
    return text + last_line(simulation.core(), record.epilogue(), Voice::supervisor) + "\n";
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    const Lifecycle& life = simulation.core().service(ServiceId{i});
    text += plan[ServiceId{i}].name + ": " + std::string(name_of(life.phase())) + "\n";
  }
  return text;
}

std::string as_json(const Simulation& simulation, const Record& record) {
  const Plan& plan = simulation.core().plan();
  boost::json::array events;
  for (const Line& line : record.lines()) {
    boost::json::object event{
        {"at_us", std::chrono::duration_cast<std::chrono::microseconds>(line.at).count()},
        {"event", line.fact},
        {"message", line.message}};
    if (line.service != kNoService) event["service"] = plan[line.service].name;
    events.push_back(std::move(event));
  }
  boost::json::array missed;
  for (const Incident& incident : simulation.missed()) {
    missed.emplace_back(missed_text(incident, plan));
  }
  boost::json::object services;
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    services[plan[ServiceId{i}].name] = name_of(simulation.core().service(ServiceId{i}).phase());
  }
  boost::json::object json{{"events", std::move(events)},
                           {"missed", std::move(missed)},
                           {"services", std::move(services)},
                           {"exit_code", nullptr}};
  if (simulation.exit_code()) {
    json["exit_code"] = *simulation.exit_code();
    json["end"] = boost::json::parse(termination_json(simulation.core(), record.epilogue()));
  }
  return boost::json::serialize(json) + "\n";
}

}  // namespace

std::variant<Timeline, SimulationError> simulate(const Plan& plan, const SimulationOptions& options,
                                                 TimelineForm form) {
  auto circumstances = circumstances_of(plan, options);
  if (const auto* error = std::get_if<SimulationError>(&circumstances)) return *error;
  Simulation simulation(plan, std::get<Circumstances>(std::move(circumstances)));
  Record record(plan);
  simulation.run([&record](Duration at, const Event& event, const Commands& commands) {
    record.keep(at, event, commands);
  });
  record.end(simulation.elapsed(), simulation.exit_code().value_or(0));
  switch (form) {
    case TimelineForm::text: return Timeline{as_text(simulation, record)};
    case TimelineForm::json: return Timeline{as_json(simulation, record)};
  }
  return Timeline{};
}

}  // namespace pid1::supervisor
