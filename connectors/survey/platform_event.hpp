// The survey platform's event subscription: a form with Topic, MSG and HMAC that says that a response is there.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace connectors::survey {

inline constexpr base::ErrorCode event_invalid{"event_invalid", base::Kind::permanent};
inline constexpr base::ErrorCode event_signature_wrong{"event_signature_wrong", base::Kind::permanent};

struct PlatformEvent {
  std::string topic;
  std::string status;  // "Complete"
  std::string survey_id;
  std::string response_id;
  std::string completed_date;  // as sent: "2019-06-26 13:28:11", without a zone
  bool is_partial = false;     // the respondent may still go on
  std::string message;         // the decoded MSG: what is stored
};

// Reads the form and checks HMAC (SHA-512, hex, over the URL-decoded MSG) in constant time. With an empty key the
// unsigned shape is taken too.
base::Result<PlatformEvent> read_platform_event(std::string_view form_body, const base::Secret& shared_key);
// The stored message of an event that was accepted before.
base::Result<PlatformEvent> read_stored_event(std::string_view message);

}  // namespace connectors::survey
