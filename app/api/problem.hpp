// Refusals as problem details (RFC 9457), with our code.
#pragma once

#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "base/http/message.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/people.hpp"

namespace app::api {

// Where the page of a code is on this server; "about:blank" when it has none.
std::string problem_type(std::string_view code);

base::http::Response problem(int status, std::string_view code, std::string_view detail);
base::http::Response problem(int status, const base::Error& error);
// With one more member that says what exactly.
base::http::Response problem(int status, std::string_view code, std::string_view detail, std::string_view member,
                             const base::JsonText& value);
// 422 with every fault of a document.
base::http::Response problem(const base::Findings& findings);
// 422 with every fault of a request's body.
base::http::Response body_problem(const base::Findings& findings);
// 403: what is asked for needs `needed`, the asker has `right`.
base::http::Response not_allowed(engine::Right needed, engine::Right right);

}  // namespace app::api
