#include "app/api/paging.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "app/api/problem.hpp"
#include "base/findings.hpp"

namespace app::api {
namespace {

constexpr int limit_max = 500;

std::optional<int> read_limit(std::string_view text) {
  int limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > limit_max) return std::nullopt;
  return limit;
}

}  // namespace

PageRequest read_page(const Request& request, std::initializer_list<std::string_view> filters) {
  std::vector<std::string> known{"limit", "after"};
  known.insert(known.end(), filters.begin(), filters.end());
  PageRequest read;
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string meant = base::nearest(name, known);
    read.refusal = problem(422, "query_invalid",
                           fmt::format("there is no '{}' to ask by{}", name,
                                       meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant)));
    return read;
  }
  read.page.after = request.query_value("after");
  if (const std::string_view limit = request.query_value("limit"); !limit.empty()) {
    const std::optional<int> number = read_limit(limit);
    if (number)
      read.page.limit = *number;
    else
      read.refusal = problem(422, "query_invalid", fmt::format("'limit' must be 1 to {}", limit_max));
  }
  return read;
}

bool passes(std::string_view filter, std::string_view word) { return filter.empty() || filter == word; }

}  // namespace app::api
