#include "supervisor/narrator.h"

#include <gtest/gtest.h>

namespace pid1::supervisor {
namespace {

using std::chrono::seconds;

Plan plan() {
  ServiceSpec app;
  app.name = "app";
  return std::get<Plan>(Plan::create({app}));
}

std::string told(Fact fact, Voice voice) {
  const Plan of_one = plan();
  return narrate({.fact = fact, .delay = seconds(7)}, of_one, voice);
}

TEST(TheNarrator, SpeaksOfTheServicesOrOfTheProgram) {
  EXPECT_EQ(told(Fact::shutdown_begun, Voice::supervisor), "stopping all services, within 7s");
  EXPECT_EQ(told(Fact::shutdown_begun, Voice::one_program), "ending, within 7s");
  for (const Fact fact :
       {Fact::deadline_passed, Fact::lingering, Fact::sweeping, Fact::sweep_killing}) {
    const std::string of_services = told(fact, Voice::supervisor);
    const std::string of_program = told(fact, Voice::one_program);
    EXPECT_NE(of_services.find("the services"), std::string::npos) << of_services;
    EXPECT_NE(of_program.find("the program"), std::string::npos) << of_program;
    EXPECT_EQ(of_program.find("services"), std::string::npos) << of_program;
  }
}

TEST(TheNarrator, NamesTheServiceWhoseFactItIs) {
  const Plan of_one = plan();
  EXPECT_EQ(narrate({.fact = Fact::started, .service = ServiceId{0}}, of_one, Voice::one_program),
            "app: started");
}

}  // namespace
}  // namespace pid1::supervisor
