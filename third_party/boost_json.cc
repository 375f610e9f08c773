// Boost.JSON as a library of its own: compiled once, and linked wherever JSON is written.
#include <boost/json/src.hpp>
