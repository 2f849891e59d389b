// The REST API below /services/data.
#include "local_org/rest.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"
#include "local_org/describe_view.hpp"
#include "local_org/oauth.hpp"
#include "local_org/pretty_json.hpp"
#include "local_org/rest_answers.hpp"

namespace local_org {
namespace {

using base::http::Response;
using base::http::ServerRequest;

constexpr std::string_view data_root = "/services/data";
constexpr int version_min = 31;
constexpr int version_max = 66;
constexpr std::size_t uri_bytes_max = 16'384;
constexpr std::int64_t daily_calls_max = 15'000;

// What is in front of the API has a say of its own about size, and says it in HTML.
Response too_long(int status, std::string_view reason) {
  return {status,
          {{"content-type", "text/html;charset=iso-8859-1"}, {"connection", "close"}},
          fmt::format("<h1>Bad Message {}</h1><pre>reason: {}</pre>", status, reason)};
}

std::optional<Response> size_refusal(const ServerRequest& request) {
  std::size_t bytes = request.target.size();
  if (bytes > uri_bytes_max) return too_long(414, "URI Too Long");
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size() + 4;
  if (bytes > uri_bytes_max) return too_long(431, "Request Header Fields Too Large");
  return std::nullopt;
}

// Split before it is decoded: a value may hold an encoded slash. Repeated slashes count as one.
std::vector<std::string> path_segments(std::string_view target) {
  target = target.substr(0, target.find('?'));
  std::vector<std::string> segments;
  while (!target.empty()) {
    const std::size_t end = std::min(target.find('/'), target.size());
    if (end > 0) segments.push_back(base::http::percent_decode(target.substr(0, end)).value_or(""));
    target.remove_prefix(std::min(end + 1, target.size()));
  }
  return segments;
}

// The number in "v66.0", 0 when it is no version that is served.
int version_number(std::string_view segment) {
  int version = 0;
  const auto [end, fault] = std::from_chars(segment.data() + 1, segment.data() + segment.size(), version);
  const bool whole = fault == std::errc() &&
                     std::string_view(end, static_cast<std::size_t>(segment.data() + segment.size() - end)) == ".0";
  return segment.starts_with('v') && whole && version >= version_min && version <= version_max ? version : 0;
}

std::string version_label(int version) {
  static constexpr std::string_view seasons[] = {"Summer", "Winter", "Spring"};
  const int since = version - version_min;
  const int year = 14 + since / 3 + (since % 3 == 0 ? 0 : 1);
  // One of the labels has always had a typographic apostrophe.
  return fmt::format("{} {}{}", seasons[since % 3], version == 42 ? "’" : "'", year);
}

std::string effective_method(const ServerRequest& request) {
  const std::string_view wanted = request.query_value("_HttpMethod");
  if (request.method == "POST" && !wanted.empty()) return std::string(wanted);
  return request.method == "HEAD" ? "GET" : request.method;
}

std::optional<std::vector<std::string>> match_pattern(std::string_view pattern,
                                                      const std::vector<std::string>& segments) {
  std::vector<std::string> params;
  std::size_t at = 0;
  while (!pattern.empty()) {
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, end);
    if (at == segments.size()) return std::nullopt;
    if (part.starts_with('{')) {
      params.push_back(segments[at]);
    } else if (segments[at] != part) {
      return std::nullopt;
    }
    ++at;
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
  return at == segments.size() ? std::optional(std::move(params)) : std::nullopt;
}

std::string_view token_of(const ServerRequest& request) {
  const std::string_view token = bearer_token(request);
  if (token.empty() && base::http::find_header(request.headers, "authorization")) {
    throw ApiError{401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"};
  }
  return token;
}

std::string with_version(std::string text, int version) {
  static constexpr std::string_view place = "{version}";
  const std::string number = fmt::format("{}.0", version);
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
    text.replace(at, place.size(), number);
  }
  return text;
}

}  // namespace

// The first pattern that fits the path decides, so the literal ones stand first.
const std::vector<Rest::Route>& Rest::routes() {
  static const std::vector<Route> all = {
      {"GET", "", &Rest::resources},
      {"GET", "limits", &Rest::limits},
      {"GET", "limits/recordCount", &Rest::record_count},
      {"GET", "query", &Rest::query},
      {"GET", "query/{locator}", &Rest::query_more},
      {"GET", "queryAll", &Rest::query_all},
      {"GET", "queryAll/{locator}", &Rest::query_more},
      {"GET", "tooling/query", &Rest::tooling_query},
      {"GET", "tooling/query/{locator}", &Rest::query_more},
      {"GET", "sobjects", &Rest::describe_global},
      {"GET", "sobjects/{object}", &Rest::object_info},
      {"POST", "sobjects/{object}", &Rest::create},
      {"GET", "sobjects/{object}/describe", &Rest::describe},
      {"POST", "sobjects/{object}/Id", &Rest::create},
      {"GET", "sobjects/{object}/{id}", &Rest::get_by_id},
      {"PATCH", "sobjects/{object}/{id}", &Rest::update},
      {"DELETE", "sobjects/{object}/{id}", &Rest::remove},
      {"GET", "sobjects/{object}/{field}/{value}", &Rest::get_by_key},
      {"PATCH", "sobjects/{object}/{field}/{value}", &Rest::upsert},
      {"DELETE", "sobjects/{object}/{field}/{value}", &Rest::remove_by_key},
      {"POST", "chatter/feed-elements", &Rest::post_feed_element},
      {"GET", "chatter/feed-elements/{id}", &Rest::get_feed_element},
  };
  return all;
}

base::http::Response Rest::answer(const base::http::ServerRequest& request, Call& call) {
  if (std::optional<Response> refusal = size_refusal(request)) return *std::move(refusal);
  Response response;
  try {
    response = routed(request, call);
  } catch (const ApiError& error) {
    response = error_answer(error);
  }
  const bool wants_pretty = base::http::find_header(request.headers, "x-prettyprint").value_or("") == "1";
  if (wants_pretty && !response.body.empty()) response.body = pretty_json(response.body);
  return response;
}

base::http::Response Rest::routed(const base::http::ServerRequest& request, Call& call) {
  std::vector<std::string> segments = path_segments(request.target);
  // A slash of these two that came encoded is none.
  if (segments.size() < 2 || segments[0] != "services" || segments[1] != "data") throw not_found();
  segments.erase(segments.begin(), segments.begin() + 2);
  if (segments.empty()) return versions();
  const Session& session = door_.admit(token_of(request), request, call);
  RestRequest rest{request,
                   call,
                   session,
                   permissions_.access_of(session.user_id),
                   fmt::format("{}/{}", data_root, segments.front()),
                   version_number(segments.front())};
  ++calls_counted_;
  Response response;
  try {
    if (rest.version == 0) throw not_found();
    segments.erase(segments.begin());
    response = dispatch(effective_method(request), segments, rest);
  } catch (const ApiError& error) {
    response = error_answer(error);
  }
  response.headers.emplace_back("sforce-limit-info", fmt::format("api-usage={}/{}", calls_counted_, daily_calls_max));
  return response;
}

base::http::Response Rest::dispatch(std::string_view method, const std::vector<std::string>& segments,
                                    RestRequest& request) {
  std::string_view pattern;
  std::string allowed;
  for (const Route& route : routes()) {
    if (!allowed.empty() && route.pattern != pattern) continue;
    std::optional<std::vector<std::string>> params = match_pattern(route.pattern, segments);
    if (!params) continue;
    pattern = route.pattern;
    if (route.method == method) {
      request.params = *std::move(params);
      return (this->*route.answer)(request);
    }
    allowed.append(allowed.empty() ? "" : ",").append(route.method == "GET" ? "HEAD,GET" : route.method);
  }
  if (allowed.empty()) throw not_found();
  throw ApiError{405, "METHOD_NOT_ALLOWED",
                 fmt::format("HTTP Method '{}' not allowed. Allowed are {}", method, allowed)};
}

// Not counted, and open to everybody.
base::http::Response Rest::versions() const {
  base::JsonWriter json;
  json.begin_array();
  for (int version = version_min; version <= version_max; ++version) {
    json.begin_object();
    json.field("label", version_label(version));
    json.field("url", fmt::format("{}/v{}.0", data_root, version));
    json.field("version", fmt::format("{}.0", version));
    json.end_object();
  }
  json.end_array();
  return rest_json(200, json.take());
}

base::http::Response Rest::resources(RestRequest& request) {
  base::JsonWriter json;
  json.begin_object();
  for (const char* name : {"chatter", "limits", "query", "queryAll", "sobjects", "tooling"})
    json.field(name, request.root + "/" + name);
  json.field("identity", fmt::format("{}/id/{}/{}", sessions_.credentials().url, sessions_.credentials().org_id,
                                     request.session.user_id));
  json.end_object();
  return rest_json(200, json.take());
}

base::http::Response Rest::limits(RestRequest&) {
  const std::pair<std::string_view, std::int64_t> untouched[] = {{"DailyBulkApiBatches", 15'000},
                                                                 {"DailyBulkV2QueryJobs", 10'000},
                                                                 {"DataStorageMB", 5},
                                                                 {"FileStorageMB", 20},
                                                                 {"HourlyPublishedPlatformEvents", 50'000}};
  base::JsonWriter json;
  const auto limit = [&](std::string_view name, std::int64_t max, std::int64_t remaining) {
    json.key(name);
    json.begin_object();
    json.field("Max", max);
    json.field("Remaining", remaining);
    json.end_object();
  };
  json.begin_object();
  limit("DailyApiRequests", daily_calls_max, std::max<std::int64_t>(0, daily_calls_max - calls_counted_));
  for (const auto& [name, max] : untouched) limit(name, max, max);
  json.end_object();
  return rest_json(200, json.take());
}

base::http::Response Rest::record_count(RestRequest& request) {
  const std::string_view wanted = request.http.query_value("sObjects");
  base::JsonWriter json;
  json.begin_object();
  json.key("sObjects");
  json.begin_array();
  for (const Object& object : org_.schema().objects()) {
    const std::string list = fmt::format(",{},", wanted);
    if (!wanted.empty() && list.find("," + object.name + ",") == std::string::npos) continue;
    if (!request.access.may_read(object)) continue;
    json.begin_object();
    json.field("count", org_.query("SELECT COUNT() FROM " + object.name, false, request.root, request.access).total);
    json.field("name", object.name);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return rest_json(200, json.take());
}

base::http::Response Rest::describe_global(RestRequest& request) {
  base::JsonWriter json;
  json.begin_object();
  json.field("encoding", "UTF-8");
  json.field("maxBatchSize", 200);
  json.key("sobjects");
  json.begin_array();
  for (const Object& object : org_.schema().objects()) {
    if (request.access.may_read(object)) json.raw(summary_for(object, request.access));
  }
  json.end_array();
  json.end_object();
  return rest_json(200, with_version(json.take(), request.version));
}

base::http::Response Rest::object_info(RestRequest& request) {
  const Object& object = object_of(request);
  base::JsonWriter json;
  json.begin_object();
  json.key("objectDescribe");
  json.raw(summary_for(object, request.access));
  // Lists what the user has looked at in the browser, where nobody was.
  json.key("recentItems");
  json.begin_array();
  json.end_array();
  json.end_object();
  return rest_json(200, with_version(json.take(), request.version));
}

base::http::Response Rest::describe(RestRequest& request) {
  return rest_json(200, with_version(describe_for(object_of(request), request.access), request.version));
}

base::http::Response Rest::post_feed_element(RestRequest& request) {
  request.call.object = "FeedItem";
  RecordStore::Transaction transaction(org_.store());
  std::string element = chatter_.post(request.http, request.access, request.root);
  transaction.commit();
  return rest_json(201, std::move(element));
}

base::http::Response Rest::get_feed_element(RestRequest& request) {
  request.call.object = "FeedItem";
  return rest_json(200, chatter_.element(request.params[0], request.root));
}

const Object& Rest::object_of(RestRequest& request) const {
  const Object* object = request.access.find_object(request.params[0]);
  if (!object) throw not_found();
  request.call.object = object->name;
  return *object;
}

// What its lookups may point at has to be there, too.
const Object& Rest::stored_object_of(RestRequest& request) {
  const Object& object = object_of(request);
  std::vector<const Object*> touched{&object};
  for (const Field& field : object.fields) {
    for (const std::string& name : field.references) {
      if (const Object* target = org_.schema().find(name)) touched.push_back(target);
    }
  }
  setup_.refresh(touched, request.session);
  return object;
}

}  // namespace local_org
