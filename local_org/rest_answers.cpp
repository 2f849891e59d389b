// How answers of the REST API look.
#include "local_org/rest_answers.hpp"

#include <utility>

#include "base/json_writer.hpp"

namespace local_org {

base::http::Response rest_json(int status, std::string body) {
  return {status,
          {{"content-type", "application/json;charset=UTF-8"},
           {"cache-control", "no-cache,must-revalidate,max-age=0,no-store,private"},
           {"vary", "Accept-Encoding"}},
          std::move(body)};
}

base::http::Response no_content() {
  return {204, {{"cache-control", "no-cache,must-revalidate,max-age=0,no-store,private"}}, ""};
}

base::http::Response error_answer(const ApiError& error) {
  base::JsonWriter json;
  json.begin_array();
  json.begin_object();
  if (!error.duplicate_result.empty()) {
    json.key("duplicateResut");  // as Salesforce spells it
    json.raw(error.duplicate_result);
  }
  json.field("message", error.message);
  json.field("errorCode", error.code);
  if (error.fields) {
    json.key("fields");
    json.begin_array();
    for (const std::string& field : *error.fields) json.string(field);
    json.end_array();
  }
  json.end_object();
  json.end_array();
  return rest_json(error.status, json.take());
}

}  // namespace local_org
