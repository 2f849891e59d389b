#include "app/api/problem.hpp"

#include <fmt/format.h>

#include "app/error_page.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Bad request";
    case 401: return "Not signed in";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 409: return "Conflict";
    case 413: return "Too large";
    case 415: return "Unsupported media type";
    case 422: return "Unprocessable content";
    case 503: return "Not available";
    default: return "Refused";
  }
}

base::JsonWriter begin_problem(int status, std::string_view code, std::string_view detail) {
  base::JsonWriter json;
  json.begin_object();
  json.field("type", problem_type(code));
  json.field("title", title_of(status));
  json.field("status", status);
  json.field("code", code);
  json.field("detail", detail);
  return json;
}

base::http::Response to_response(int status, base::JsonWriter& json) {
  json.end_object();
  return {status, {{"content-type", "application/problem+json"}}, json.take()};
}

}  // namespace

// Relative, since only the client knows under which address it reaches the server.
std::string problem_type(std::string_view code) {
  return error_page(code).empty() ? "about:blank" : fmt::format("/errors/{}", code);
}

base::http::Response problem(int status, std::string_view code, std::string_view detail) {
  base::JsonWriter json = begin_problem(status, code, detail);
  return to_response(status, json);
}

base::http::Response problem(int status, std::string_view code, std::string_view detail, std::string_view member,
                             const base::JsonText& value) {
  base::JsonWriter json = begin_problem(status, code, detail);
  json.field(member, value);
  return to_response(status, json);
}

base::http::Response problem(int status, const base::Error& error) {
  return problem(status, error.code.name, error.message);
}

base::http::Response problem(const base::Findings& findings) {
  base::JsonWriter json = begin_problem(422, "document_invalid", "the document has faults; each is listed");
  json.field("findings", base::JsonText{base::to_json(findings)});
  return to_response(422, json);
}

base::http::Response body_problem(const base::Findings& findings) {
  base::JsonWriter json = begin_problem(422, "body_invalid", "the body has faults; each is listed");
  json.field("findings", base::JsonText{base::to_json(findings)});
  return to_response(422, json);
}

base::http::Response not_allowed(engine::Right needed, engine::Right right) {
  base::JsonWriter json = begin_problem(403, "not_allowed",
                                        fmt::format("this needs the right '{}' in the project; you have '{}'",
                                                    engine::to_string(needed), engine::to_string(right)));
  json.field("needs", engine::to_string(needed));
  return to_response(403, json);
}

}  // namespace app::api
