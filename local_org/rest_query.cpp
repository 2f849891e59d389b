// REST resources of queries: the first page and those that follow.
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"
#include "local_org/record_id.hpp"
#include "local_org/rest.hpp"
#include "local_org/rest_answers.hpp"
#include "local_org/soql/parser.hpp"

namespace local_org {
namespace {

constexpr std::size_t page_records_min = 200;
constexpr std::size_t page_records_max = 2'000;
constexpr std::size_t cursors_max = 50;

std::size_t page_size(const base::http::ServerRequest& request) {
  const std::string_view options = base::http::find_header(request.headers, "sforce-query-options").value_or("");
  const std::size_t at = options.find("batchSize=");
  if (at == std::string_view::npos) return page_records_max;
  std::size_t wanted = 0;
  const std::string_view number = options.substr(at + std::string_view("batchSize=").size());
  std::from_chars(number.data(), number.data() + number.size(), wanted);
  return std::clamp(wanted, page_records_min, page_records_max);
}

}  // namespace

base::http::Response Rest::query(RestRequest& request) {
  return first_page(request, run_query(request, parsed_query(request), false));
}

base::http::Response Rest::query_all(RestRequest& request) {
  return first_page(request, run_query(request, parsed_query(request), true));
}

soql::Query Rest::parsed_query(const RestRequest& request) {
  const std::string_view soql = request.http.query_value("q");
  if (soql.empty()) throw ApiError{400, "MALFORMED_QUERY", "A query string has to be specified"};
  return soql::parse(soql);
}

QueryAnswer Rest::run_query(const RestRequest& request, const soql::Query& query, bool deleted_too) {
  const soql::CompiledQuery compiled = Org::compile(query, deleted_too, request.access);
  setup_.refresh(compiled.objects, request.session);
  return org_.run(compiled, request.root);
}

base::http::Response Rest::first_page(const RestRequest& request, QueryAnswer answer) {
  if (answer.records.empty()) {
    return rest_json(200, fmt::format(R"({{"totalSize":{},"done":true,"records":[]}})", answer.total));
  }
  Cursor cursor{make_record_id("0r8", ++cursors_made_), std::move(answer.records), page_size(request.http)};
  base::http::Response page = query_page(request, cursor, 0);
  if (cursor.records.size() > cursor.batch) cursors_.push_back(std::move(cursor));
  if (cursors_.size() > cursors_max) cursors_.pop_front();
  return page;
}

base::http::Response Rest::query_more(RestRequest& request) {
  const std::string& locator = request.params[0];
  const std::size_t dash = std::min(locator.find('-'), locator.size());
  const auto cursor =
      std::find_if(cursors_.begin(), cursors_.end(), [&](const Cursor& c) { return c.id == locator.substr(0, dash); });
  std::size_t from = 0;
  const std::string offset = locator.substr(std::min(dash + 1, locator.size()));
  std::from_chars(offset.data(), offset.data() + offset.size(), from);
  if (cursor == cursors_.end() || from == 0 || from >= cursor->records.size()) {
    throw ApiError{400, "INVALID_QUERY_LOCATOR", "invalid query locator"};
  }
  return query_page(request, *cursor, from);
}

base::http::Response Rest::query_page(const RestRequest& request, const Cursor& cursor, std::size_t from) const {
  const std::size_t to = std::min(from + cursor.batch, cursor.records.size());
  base::JsonWriter json;
  json.begin_object();
  json.field("totalSize", static_cast<std::int64_t>(cursor.records.size()));
  json.field("done", to == cursor.records.size());
  if (to < cursor.records.size())
    json.field("nextRecordsUrl", fmt::format("{}/query/{}-{}", request.root, cursor.id, to));
  json.key("records");
  json.begin_array();
  for (std::size_t i = from; i < to; ++i) json.raw(cursor.records[i]);
  json.end_array();
  json.end_object();
  return rest_json(200, json.take());
}

}  // namespace local_org
