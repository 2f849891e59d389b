// How OAuth requests bring their parameters and how they are refused.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/http/message.hpp"
#include "base/http/server.hpp"

namespace local_org {

// Thrown to the endpoint, which answers it.
struct OAuthRefusal {
  std::string error;
  std::string description;
};

// "" when there is none such.
inline std::string form_value(const base::http::Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
  return found == form.end() ? std::string() : found->second;
}

// Parameters may stand in the body and in the URL. Throws OAuthRefusal.
base::http::Form oauth_parameters(const base::http::ServerRequest& request);
base::http::Response oauth_json(int status, std::string body);
base::http::Response oauth_error(const OAuthRefusal& refusal);

}  // namespace local_org
