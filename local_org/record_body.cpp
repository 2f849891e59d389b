// The JSON object that a request brings for one record, which still knows where each value stood.
#include "local_org/record_body.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/findings.hpp"
#include "base/json_document.hpp"
#include "base/json_reader.hpp"
#include "local_org/api_error.hpp"

namespace local_org {
namespace {

ApiError json_refused(std::string message) { return {400, "JSON_PARSER_ERROR", std::move(message)}; }

std::string place_text(int line, int column) { return fmt::format("[line:{}, column:{}]", line, column); }

// Salesforce names the character at which its parser gave up.
ApiError unreadable_body(std::string_view text) {
  const base::JsonDocument document = base::JsonDocument::read(text, "");
  if (document.findings().empty()) return json_refused("The HTTP entity body is not valid JSON.");
  const base::Finding& fault = document.findings().front();
  std::size_t line_start = 0;
  for (int line = 1; line < fault.line; ++line) {
    const std::size_t newline = text.find('\n', line_start);
    if (newline == std::string_view::npos) break;
    line_start = newline + 1;
  }
  const std::size_t offset = line_start + static_cast<std::size_t>(fault.column > 0 ? fault.column - 1 : 0);
  if (offset >= text.size()) {
    return json_refused("Unexpected end-of-input at " + place_text(fault.line, fault.column));
  }
  return json_refused(fmt::format("Unexpected character ('{}' (code {})): {} at {}", text[offset],
                                  static_cast<int>(static_cast<unsigned char>(text[offset])), fault.message,
                                  place_text(fault.line, fault.column)));
}

}  // namespace

RecordBody::RecordBody(std::string text) : text_(std::move(text)) {
  if (text_.empty()) throw json_refused("The HTTP entity body is required, but this request has no entity body.");
  base::Result<nlohmann::json> parsed = base::parse_json(text_);
  if (!parsed) throw unreadable_body(text_);
  if (!parsed->is_object()) {
    throw json_refused(fmt::format("Can not deserialize SObject out of {} token at {}",
                                   parsed->is_array() ? "START_ARRAY" : "VALUE", place_text(1, 1)));
  }
  fields_ = std::make_unique<nlohmann::json>(*std::move(parsed));
}

RecordBody::RecordBody(RecordBody&&) noexcept = default;
RecordBody::~RecordBody() = default;

std::string RecordBody::place_of(const std::string& pointer) const {
  base::Findings place{base::Finding{.code = "", .pointer = pointer, .message = ""}};
  base::JsonDocument::read(text_, "").locate(place);
  return place_text(place.front().line, place.front().column);
}

}  // namespace local_org
