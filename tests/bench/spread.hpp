// A figure as a bench gives it: the middle of what was measured, and how far it spread.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

struct Spread {
  double min = 0, median = 0, max = 0;
};

Spread spread_of(std::vector<double> values);
nlohmann::json to_json(const Spread& spread);

// `share` of 0.99 is p99. Sorts partly.
double percentile(std::vector<double>& values, double share);

}  // namespace bench
