#include "tests/support/scripted_http.hpp"

#include <utility>

namespace support {

ScriptedHttp& ScriptedHttp::then(int status, std::string body, base::http::Headers headers) {
  script_.push_back(base::http::Response{status, std::move(headers), std::move(body)});
  return *this;
}

ScriptedHttp& ScriptedHttp::then(base::Error error) {
  script_.push_back(std::move(error));
  return *this;
}

base::awaitable<ScriptedHttp::Answer> ScriptedHttp::send(base::http::Request request) {
  if (request.before_sending) {
    base::Status may_send = co_await request.before_sending();
    if (!may_send) co_return may_send.error();
  }
  requests_.push_back(request);
  if (gate_) co_await gate_();
  if (always_) co_return always_(request);
  if (script_.empty()) co_return base::Error{base::http::http_not_sent, "the script has no answer to " + request.url};
  Answer answer = std::move(script_.front());
  script_.pop_front();
  co_return answer;
}

}  // namespace support
