// Boost.JSON is header-only by way of one source that holds all of it.
#include <boost/json/src.hpp>
