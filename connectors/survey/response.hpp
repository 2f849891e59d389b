// What one respondent answered, in the shape of the survey platform's response API.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/text_map.hpp"
#include "base/value.hpp"

namespace connectors::survey {

inline constexpr base::ErrorCode response_invalid{"response_invalid", base::Kind::permanent};

struct Response {
  std::string id;                       // responseId
  std::string survey{};                 // surveyId where the document says it
  std::string recorded_date{};          // values.recordedDate: the response's revision
  base::TextMap<base::Value> values{};  // keys as on the wire: QID1, QID3_TEXT, status, Segment…
  // What stands under a key of the values and is no value: objects, and lists that hold objects or lists.
  base::TextMap<base::JsonText> nested{};
  base::TextMap<base::Value> labels{};
  base::TextSet displayed{};             // displayedFields
  base::TextMap<base::Value> offered{};  // displayedValues: what could be chosen, as lists of recodes
};

// Takes the API's answer ({"result": {...}, "meta": ...}) or the bare response. An error says what is missing.
base::Result<Response> read_response(std::string_view json);

// The bare response as the API would give it, keys sorted: read_response() gives the same again.
std::string to_json(const Response& response);

}  // namespace connectors::survey
