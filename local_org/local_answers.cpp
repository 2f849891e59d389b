// Answers of the paths below /_local.
#include "local_org/local_answers.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace local_org {

base::http::Response local_done() { return base::http::json_response(200, "{}"); }

base::http::Response local_refusal(int status, std::string_view message) {
  base::JsonWriter json;
  json.begin_object();
  json.field("message", message);
  json.end_object();
  return base::http::json_response(status, json.take());
}

base::http::Response local_faults(const std::vector<std::string>& faults) {
  return local_refusal(400, fmt::format("{}", fmt::join(faults, "\n")));
}

}  // namespace local_org
