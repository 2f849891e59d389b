#include <algorithm>
#include <stdexcept>

#include "base/http/server.hpp"
#include "base/json_writer.hpp"

namespace base::http {

namespace {

bool is_rest(std::string_view segment) { return segment == "*"; }
bool is_param(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// Literal before parameter before rest, from left to right: in this order the first route that matches is the most
// literal.
bool more_literal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  auto rank = [](std::string_view segment) { return is_rest(segment) ? 2 : is_param(segment) ? 1 : 0; };
  return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

std::string_view without_leading_slashes(std::string_view path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  return path;
}

std::vector<std::string> split_pattern(std::string_view pattern) {
  std::vector<std::string> segments;
  std::string_view rest = without_leading_slashes(pattern);
  while (!rest.empty()) {
    std::string_view segment = rest.substr(0, rest.find('/'));
    segments.emplace_back(segment);
    rest = without_leading_slashes(rest.substr(segment.size()));
  }
  // A slash at the end is an empty segment: "/files/" is another address than "/files".
  if (!segments.empty() && pattern.ends_with('/')) segments.emplace_back();
  return segments;
}

bool literal_matches(std::string_view wanted, std::string_view segment) {
  return segment == wanted || (segment.find('%') != std::string_view::npos && percent_decode(segment) == wanted);
}

// Compares when `request` is null, else stores the parameters of a path known to match.
bool match_path(const Router::Route& route, std::string_view path, ServerRequest* request) {
  auto store = [&](std::string_view name, std::string_view text) {
    if (request != nullptr) request->params.emplace_back(name, percent_decode(text).value_or(std::string(text)));
  };
  std::string_view rest = without_leading_slashes(path);
  bool first = true;
  for (const std::string& wanted : route.segments) {
    if (!std::exchange(first, false)) {
      if (rest.empty()) return false;
      rest = without_leading_slashes(rest);
    }
    if (is_rest(wanted)) {
      store("*", rest);
      return true;
    }
    std::string_view segment = rest.substr(0, rest.find('/'));
    if (segment.empty() && !wanted.empty()) return false;
    if (is_param(wanted)) {
      store(std::string_view(wanted).substr(1, wanted.size() - 2), segment);
    } else if (!literal_matches(wanted, segment)) {
      return false;
    }
    rest.remove_prefix(segment.size());
  }
  return rest.empty();
}

bool method_matches(const Router::Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

std::string_view undecoded_path(const ServerRequest& request) {
  if (request.target.empty()) return request.path;
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

awaitable<Response> answer_not_found(ServerRequest&) {
  co_return problem_response(404, "not_found", "There is nothing at this address");
}

awaitable<Response> answer_method_not_allowed(ServerRequest& request) {
  Response response = problem_response(405, "method_not_allowed", "This address does not take that method");
  response.headers.emplace_back("allow", request.param("allow"));
  co_return response;
}

const std::string* find_named(const Form& pairs, std::string_view name) {
  auto found = std::ranges::find(pairs, name, [](const auto& pair) -> std::string_view { return pair.first; });
  return found == pairs.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view ServerRequest::param(std::string_view name) const {
  const std::string* value = find_named(params, name);
  return value != nullptr ? std::string_view(*value) : std::string_view{};
}

std::string_view ServerRequest::query_value(std::string_view name) const {
  const std::string* value = find_named(query, name);
  return value != nullptr ? std::string_view(*value) : std::string_view{};
}

Response json_response(int status, std::string json) {
  return Response{status, {{"content-type", "application/json"}}, std::move(json)};
}

Response problem_response(int status, std::string_view code, std::string_view title) {
  JsonWriter json;
  json.begin_object();
  json.field("type", "about:blank");
  json.field("title", title);
  json.field("status", status);
  json.field("code", code);
  json.end_object();
  return Response{status, {{"content-type", "application/problem+json"}}, json.take()};
}

void Router::add(std::string method, std::string pattern, Handler handler) {
  std::vector<std::string> segments = split_pattern(pattern);
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    if (is_rest(segments[i])) throw std::logic_error("'*' stands for the rest of a path: " + pattern);
  }
  auto behind = std::ranges::upper_bound(routes_, segments, more_literal, &Route::segments);
  routes_.insert(behind, Route{std::move(method), std::move(pattern), std::move(segments), std::move(handler)});
}

void Router::otherwise(Handler handler) { otherwise_ = std::move(handler); }

const Handler& Router::find(ServerRequest& request) const {
  static const Handler not_found = answer_not_found;
  static const Handler method_not_allowed = answer_method_not_allowed;

  std::string_view path = undecoded_path(request);
  request.params.clear();
  request.route = {};
  for (const Route& route : routes_) {
    if (!method_matches(route, request.method) || !match_path(route, path, nullptr)) continue;
    match_path(route, path, &request);
    request.route = route.pattern;
    return route.handler;
  }
  if (otherwise_) return otherwise_;

  std::string allowed;
  for (const Route& route : routes_) {
    if (!match_path(route, path, nullptr)) continue;
    for (std::string_view method :
         {std::string_view(route.method), std::string_view(route.method == "GET" ? "HEAD" : "")}) {
      if (method.empty() || allowed.find(method) != std::string::npos) continue;
      allowed.append(allowed.empty() ? "" : ", ").append(method);
    }
  }
  if (allowed.empty()) return not_found;
  request.params.emplace_back("allow", std::move(allowed));
  return method_not_allowed;
}

}  // namespace base::http
