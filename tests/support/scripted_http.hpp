// An HTTP client that answers from a script and keeps what it was asked.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/http/client.hpp"

namespace support {

class ScriptedHttp final : public base::http::Client {
 public:
  using Answer = base::Result<base::http::Response>;

  // The next request gets this answer. A request beyond the script is answered with http_not_sent.
  ScriptedHttp& then(int status, std::string body, base::http::Headers headers = {});
  ScriptedHttp& then(base::Error error);
  // Where order does not matter, e.g. among callers side by side: decides on every request, the script is not looked
  // at.
  void always(std::function<Answer(const base::http::Request&)> answer) { always_ = std::move(answer); }
  // Awaited by every request before it is answered.
  void hold_until(std::function<base::awaitable<void>()> gate) { gate_ = std::move(gate); }

  base::awaitable<Answer> send(base::http::Request request) override;

  const std::vector<base::http::Request>& requests() const { return requests_; }
  const base::http::Request& request(std::size_t index) const { return requests_.at(index); }
  bool is_script_done() const { return script_.empty(); }

 private:
  std::deque<Answer> script_;
  std::function<Answer(const base::http::Request&)> always_;
  std::function<base::awaitable<void>()> gate_;
  std::vector<base::http::Request> requests_;
};

}  // namespace support
