#include "tests/support/described_api.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schemas/embedded.hpp"

namespace support {
namespace {

base::awaitable<base::http::Response> never_called(base::http::ServerRequest&) { co_return base::http::Response{}; }

std::string in_lines(const base::Findings& findings) {
  std::string lines;
  for (const base::Finding& finding : findings) lines += "\n  " + base::to_line(finding);
  return lines;
}

}  // namespace

DescribedApi::DescribedApi() : description_(schemas::text_of("openapi.json")) {
  for (const app::api::ApiDescription::Operation& operation : description_.operations())
    router_.add(operation.method, operation.pattern, never_called);
}

std::string DescribedApi::fault_of(std::string_view method, std::string_view target, const HttpAnswer& answer) {
  const std::lock_guard guard(mutex_);
  base::http::ServerRequest request;
  request.method = method;
  request.target = target;
  router_.find(request);
  if (request.route.empty()) {
    const bool is_refused = answer.status == 404 || answer.status == 405;
    return is_refused ? "" : "there is no such operation";
  }
  const std::optional<app::api::ApiDescription::Answer> described =
      description_.answer({std::string(method), std::string(request.route)}, answer.status);
  if (!described) return fmt::format("{} {} does not tell of status {}", method, request.route, answer.status);
  return fault_of_content(*described, answer);
}

std::string DescribedApi::fault_of_content(const app::api::ApiDescription::Answer& described,
                                           const HttpAnswer& answer) const {
  if (described.media_type.empty()) return answer.body.empty() ? "" : "there is a body where none is described";
  const std::string_view type = base::http::find_header(answer.headers, "content-type").value_or("");
  // A range stands for many: text/*, */*.
  const std::string least = described.media_type.substr(0, described.media_type.find('*'));
  if (type.empty() || !type.starts_with(least))
    return fmt::format("its content is '{}', not '{}'", type, described.media_type);
  if (!described.schema) return "";
  const nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
  if (body.is_discarded()) return "its body is no JSON";
  return in_lines(described.schema->check(body));
}

void check_described(std::string_view method, std::string_view target, const HttpAnswer& answer) {
  // One for all of a test's programs: compiling the schemas takes longer than most calls.
  static DescribedApi api;
  if (answer.status == 0) return;
  const std::string fault = api.fault_of(method, target, answer);
  if (fault.empty()) return;
  throw std::runtime_error(
      fmt::format("{} {} is not answered as described: {}\n{} {}", method, target, fault, answer.status, answer.body));
}

}  // namespace support
