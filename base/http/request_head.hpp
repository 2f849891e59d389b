// What a request's head may look like: stricter than the parser, so that no proxy before us can read it differently.
#pragma once

#include <string_view>

#include "base/http/server.hpp"

namespace base::http {

// `head` ends with its empty line. Gives what is wrong with it in a few words, or "" when it may be parsed. Refused:
// both or several of Content-Length and Transfer-Encoding, codings other than chunked, signs and lists in a length,
// missing or several Host, folded lines, space around a header's name, lone CR or LF, control characters, and targets
// that are no path.
std::string_view head_flaw(std::string_view head);

// Fills path and query from the target; false when an escape is broken or hides a zero byte.
bool read_target(ServerRequest& request);

}  // namespace base::http
