#include "engine/cause_history.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "engine/run_history.hpp"
#include "engine/run_id.hpp"

namespace engine {
namespace {

CauseRow read_cause_row(const base::sql::Row& row) {
  CauseRow read;
  read.place = {.runs = row.integer(0), .last_at_ms = row.integer(1), .no = row.integer(2)};
  read.id = row.text(3);
  read.workflow_id = row.text(4);
  read.workflow_name = row.text(5);
  read.cause = {row.text(6), row.text(7), row.text(8), split_fields(row.text(9)), row.text(10)};
  read.first_at = base::from_millis(row.integer(11));
  read.last_at = base::from_millis(row.integer(1));
  read.fails = row.integer(12) > 0;
  read.holds = row.integer(13) > 0;
  read.example = run_id(row.text(14), read.workflow_id, static_cast<int>(row.integer(15)));
  if (!row.is_null(16)) read.example = item_run_id(read.example, row.text(16), static_cast<int>(row.integer(17)));
  return read;
}

}  // namespace

base::awaitable<std::vector<CauseRow>> CauseHistory::list(BrandId brand, CauseFilter filter) {
  const CausePlace after = filter.after.value_or(CausePlace{});
  base::sql::Statement page{
      R"sql(SELECT g.runs, g.last_at, c.no, c.id, w.id, w.name, c.task, c.code, c.org_code, c.fields, c.message, c.first_at,
                   g.failed, g.held, e.hash, x.replay, x.task, x.item
            FROM (SELECT s.cause AS cause, count(*) AS runs, max(s.at) AS last_at, max(s.run) AS example,
                         sum(CASE s.state WHEN 'failed' THEN 1 ELSE 0 END) AS failed,
                         sum(CASE s.state WHEN 'held' THEN 1 ELSE 0 END) AS held
                  FROM run_cause s JOIN run r ON r.no = s.run AND r.brand = s.brand
                  WHERE s.brand = $1 AND ($2 = '' OR s.state = $2)
                    AND ((s.state = 'failed' AND r.state = 'failed') OR (s.state = 'held' AND r.ended_at IS NULL))
                    AND ($4 = '*' OR $4 LIKE '% ' || r.project || ' %')
                  GROUP BY s.cause) g
            JOIN cause c ON c.no = g.cause JOIN workflow w ON w.no = c.workflow AND w.removed = 0
            JOIN run x ON x.no = g.example JOIN trigger_event e ON e.no = x.event
            WHERE ($3 = '' OR w.id = $3)
              AND ($6 = 0 OR g.runs < $6 OR (g.runs = $6 AND g.last_at < $7)
                   OR (g.runs = $6 AND g.last_at = $7 AND c.no < $8))
            ORDER BY g.runs DESC, g.last_at DESC, c.no DESC LIMIT $5)sql",
      {brand.no, filter.state ? std::string(to_string(*filter.state)) : std::string(), filter.workflow,
       project_words(filter.projects), std::int64_t{filter.limit}, after.runs, after.last_at_ms, after.no}};
  std::vector<CauseRow> causes;
  for (const base::sql::Row& row : co_await database_.read(std::move(page))) causes.push_back(read_cause_row(row));
  co_return causes;
}

std::string to_string(const CausePlace& place) {
  return fmt::format("{}.{}.{}", place.runs, place.last_at_ms, place.no);
}

std::optional<CausePlace> read_cause_place(std::string_view text) {
  std::array<std::int64_t, 3> numbers{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [stop, error] = std::from_chars(at, end, numbers[i]);
    const bool goes_on = i + 1 < numbers.size();
    if (error != std::errc() || (goes_on ? stop == end || *stop != '.' : stop != end)) return std::nullopt;
    at = goes_on ? stop + 1 : stop;
  }
  return CausePlace{.runs = numbers[0], .last_at_ms = numbers[1], .no = numbers[2]};
}

}  // namespace engine
