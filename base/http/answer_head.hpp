// The head of an answer as our server writes it.
#pragma once

#include <string>
#include <string_view>

#include "base/http/message.hpp"

namespace base::http {

// False for a status or a header that would break out of its place.
bool fit_to_be_sent(const Response& response);

// 204 and 304 end with their head.
bool has_no_body(int status);

// Replaces `out`. Where the message ends and whether the connection goes on are the server's to say: such headers of a
// handler's are left out.
void compose_head(std::string& out, const Response& response, std::string_view date, bool keep_alive);

}  // namespace base::http
