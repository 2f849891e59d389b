// A mail as it goes to a mail server: one recipient, plain text.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace connectors::mail {

struct Mail {
  std::string id{};  // stands for it in Message-ID: the same for every time it is sent
  std::string from{};
  std::string to{};
  std::string subject{};  // UTF-8; line breaks become spaces
  std::string text{};     // UTF-8
  base::TimePoint at{};
};

// One mailbox of a host, as "ops@example.com": no display name, no list, nothing that could end a header.
bool is_address(std::string_view text);

// As a header's value: as it is when it is plain ASCII, else encoded words of RFC 2047 on lines of their own.
std::string header_text(std::string_view text);

// "Sun, 29 Nov 2026 04:15:38 +0000", as RFC 5322 wants a date.
std::string header_date(base::TimePoint at);

}  // namespace connectors::mail
