// A query's fault at its place.
#include "local_org/soql/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace local_org::soql {
namespace {

// What is shown of a long line on either side of the fault.
constexpr std::size_t shown_around_fault = 60;

}  // namespace

ApiError query_error(std::string code, std::string_view query, std::size_t offset, std::string_view message) {
  const std::string_view before = query.substr(0, offset);
  const auto row = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::size_t line_end = std::min(query.find('\n', line_start), query.size());
  const std::size_t column = offset - line_start;
  const std::size_t shown_from = line_start + (column > shown_around_fault ? column - shown_around_fault : 0);
  const std::size_t shown_to = std::min(line_end, offset + shown_around_fault);
  return {400, std::move(code),
          fmt::format("\n{}\n{}^\nERROR at Row:{}:Column:{}\n{}", query.substr(shown_from, shown_to - shown_from),
                      std::string(offset - shown_from, ' '), row, column + 1, message)};
}

}  // namespace local_org::soql
