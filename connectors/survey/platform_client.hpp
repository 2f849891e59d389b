// The survey platform's API, as far as we need it: one response by its id.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace connectors::survey {

// The platform answered 202: the response is not available yet.
inline constexpr base::ErrorCode response_not_ready{"response_not_ready", base::Kind::throttled};
inline constexpr base::ErrorCode response_not_found{"response_not_found", base::Kind::permanent};
inline constexpr base::ErrorCode survey_platform_refused{"survey_platform_refused", base::Kind::permanent};
inline constexpr base::ErrorCode survey_platform_unavailable{"survey_platform_unavailable", base::Kind::transient};
inline constexpr base::ErrorCode survey_platform_rate_limit{"survey_platform_rate_limit", base::Kind::throttled};

// What `--survey-platform FILE` holds.
struct Platform {
  std::string base_url;  // e.g. https://fra1.qualtrics.com
  base::Secret api_token;
  base::Secret shared_key;  // of the event subscription
};

class PlatformClient {
 public:
  PlatformClient(base::http::Client& http, Platform platform) : http_(http), platform_(std::move(platform)) {}

  // The response document's bytes.
  base::awaitable<base::Result<std::string>> response(std::string survey_id, std::string response_id);
  const Platform& platform() const { return platform_; }

 private:
  base::http::Client& http_;
  Platform platform_;
};

}  // namespace connectors::survey
