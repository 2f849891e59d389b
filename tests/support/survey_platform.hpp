// A stand-in of the survey platform's API on a loopback port: one response by its id, not ready for the first asks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/http/server.hpp"
#include "base/log.hpp"

namespace support {

class SurveyPlatform {
 public:
  // Calls without this token in X-API-TOKEN get 401.
  SurveyPlatform(boost::asio::io_context& loop, base::Log& log, std::string api_token);

  std::string base_url() const;

  // The response's document; the first `asks_too_early` calls for it get 202.
  void add(std::string survey_id, std::string response_id, std::string document, int asks_too_early = 0);
  // What such a 202 says in Retry-After; nothing unless told.
  void asks_for_patience(int seconds) { patience_s_ = seconds; }
  // Every call gets this until nothing() is called.
  void always(base::http::Response answer) { always_ = std::move(answer); }
  void nothing() { always_.reset(); }

  int calls() const { return calls_; }

 private:
  struct Stored {
    std::string document;
    int asks_too_early = 0;
  };

  base::http::Response answer(base::http::ServerRequest& request);

  std::string api_token_;
  std::map<std::string, Stored> responses_;  // by "survey/response"
  std::optional<base::http::Response> always_;
  int calls_ = 0;
  std::optional<int> patience_s_;
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
};

}  // namespace support
