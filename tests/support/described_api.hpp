// Answers of the HTTP API, held against its description: status, kind of content, and every member.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "app/api/openapi.hpp"
#include "base/http/server.hpp"
#include "tests/support/blocking_http.hpp"

namespace support {

class DescribedApi {
 public:
  DescribedApi();

  // What is wrong with an answer; "" when it is as described. Safe to call from several threads.
  std::string fault_of(std::string_view method, std::string_view target, const HttpAnswer& answer);

 private:
  std::string fault_of_content(const app::api::ApiDescription::Answer& described, const HttpAnswer& answer) const;

  std::mutex mutex_;
  app::api::ApiDescription description_;
  base::http::Router router_;  // only to find the operation of an address
};

// Throws with what was asked and answered when the answer is not as described.
void check_described(std::string_view method, std::string_view target, const HttpAnswer& answer);

}  // namespace support
