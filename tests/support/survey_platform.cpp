#include "tests/support/survey_platform.hpp"

#include <utility>

#include <fmt/format.h>

namespace support {

namespace {

base::http::Response error_answer(int status, std::string_view reason, std::string_view message) {
  return base::http::json_response(
      status,
      fmt::format(
          R"({{"meta":{{"httpStatus":"{} - {}","error":{{"errorMessage":"{}","errorCode":"RS_1"}},"requestId":null}}}})",
          status, reason, message));
}

}  // namespace

SurveyPlatform::SurveyPlatform(boost::asio::io_context& loop, base::Log& log, std::string api_token)
    : api_token_(std::move(api_token)) {
  router_.add("GET", "/API/v3/surveys/{survey}/responses/{response}",
              [this](base::http::ServerRequest& request) -> base::awaitable<base::http::Response> {
                co_return answer(request);
              });
  server_ = base::http::listen(loop, router_, log);
}

std::string SurveyPlatform::base_url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }

void SurveyPlatform::add(std::string survey_id, std::string response_id, std::string document, int asks_too_early) {
  responses_[survey_id + "/" + response_id] = {std::move(document), asks_too_early};
}

base::http::Response SurveyPlatform::answer(base::http::ServerRequest& request) {
  ++calls_;
  if (always_) return *always_;
  if (base::http::find_header(request.headers, "X-API-TOKEN") != api_token_) {
    return error_answer(401, "Unauthorized", "Unrecognized X-API-TOKEN.");
  }
  auto found = responses_.find(fmt::format("{}/{}", request.param("survey"), request.param("response")));
  if (found == responses_.end()) return error_answer(404, "Not Found", "Response not found.");
  if (found->second.asks_too_early > 0) {
    --found->second.asks_too_early;
    base::http::Response not_yet = base::http::json_response(
        202,
        R"({"result":{"message":"The response is not yet available. Try again later."},"meta":{"httpStatus":"202 - Accepted"}})");
    if (patience_s_) not_yet.headers.emplace_back("retry-after", std::to_string(*patience_s_));
    return not_yet;
  }
  return base::http::json_response(200, found->second.document);
}

}  // namespace support
