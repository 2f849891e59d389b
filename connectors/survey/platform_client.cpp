#include "connectors/survey/platform_client.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace connectors::survey {

namespace {

// When the platform does not say how long to wait.
constexpr base::Duration ask_again_after{10'000};

base::Duration wished_pause(const base::http::Headers& headers) {
  std::optional<std::string_view> wish = base::http::find_header(headers, "Retry-After");
  int seconds = 0;
  if (!wish || std::from_chars(wish->data(), wish->data() + wish->size(), seconds).ec != std::errc{} || seconds < 0) {
    return ask_again_after;
  }
  return base::Duration{seconds * std::int64_t{1000}};
}

base::Result<std::string> to_result(base::http::Response answer, std::string_view response_id) {
  auto error = [&](base::ErrorCode code, std::string_view what) {
    return base::Error{code, fmt::format("response {}: {} (status {})", response_id, what, answer.status)};
  };
  if (answer.status == 200) return std::move(answer.body);
  if (answer.status == 202) {
    base::Error not_yet = error(response_not_ready, "the survey platform does not have it ready yet");
    not_yet.retry_after = wished_pause(answer.headers);
    return not_yet;
  }
  if (answer.status == 429) {
    base::Error slower = error(survey_platform_rate_limit, "the survey platform asks for fewer requests");
    slower.retry_after = wished_pause(answer.headers);
    return slower;
  }
  if (answer.status == 404) return error(response_not_found, "the survey platform does not know it");
  if (answer.status >= 500 || answer.status == 408) {
    return error(survey_platform_unavailable, "the survey platform has a problem of its own");
  }
  if (answer.status == 401 || answer.status == 403) {
    return error(survey_platform_refused,
                 "the survey platform does not accept the API token, or the token may not read this survey");
  }
  return error(survey_platform_refused, "the survey platform refused to give it");
}

}  // namespace

base::awaitable<base::Result<std::string>> PlatformClient::response(std::string survey_id, std::string response_id) {
  base::http::Request request;
  request.url = fmt::format("{}/API/v3/surveys/{}/responses/{}", platform_.base_url,
                            base::http::percent_encode(survey_id), base::http::percent_encode(response_id));
  request.headers = {{"X-API-TOKEN", platform_.api_token.reveal()}, {"Accept", "application/json"}};
  base::Result<base::http::Response> answer = co_await http_.send(std::move(request));
  if (!answer) {
    // Reading changes nothing: an answer that was lost is worth another try.
    co_return base::Error{survey_platform_unavailable,
                          fmt::format("response {}: {}", response_id, answer.error().message)};
  }
  co_return to_result(*std::move(answer), response_id);
}

}  // namespace connectors::survey
