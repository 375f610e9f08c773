#include "tests/support/vectors.h"

#include <boost/json/parse.hpp>
#include <fstream>
#include <stdexcept>

namespace pid1::testing {

std::vector<boost::json::object> read_vectors(const std::string& path) {
  std::ifstream file(path);
  std::vector<boost::json::object> cases;
  for (std::string line; std::getline(file, line);) {
    cases.push_back(boost::json::parse(line).as_object());
  }
  if (cases.empty()) throw std::runtime_error("no vectors in " + path);
  return cases;
}

}  // namespace pid1::testing
