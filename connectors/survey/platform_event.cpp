#include "connectors/survey/platform_event.hpp"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/http/message.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace connectors::survey {

namespace {

std::optional<std::string> form_value(const base::http::Form& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return std::nullopt;
}

// The texts of one flat object; anything deeper is passed over.
class MessageSink final : public base::JsonSink {
 public:
  explicit MessageSink(PlatformEvent& event) : event_(event) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number(std::string_view, double) override { return true; }
  bool string(std::string&& text) override {
    if (depth_ != 1) return true;
    if (key_ == "Topic")
      event_.topic = std::move(text);
    else if (key_ == "Status")
      event_.status = std::move(text);
    else if (key_ == "SurveyID")
      event_.survey_id = std::move(text);
    else if (key_ == "ResponseID")
      event_.response_id = std::move(text);
    else if (key_ == "CompletedDate")
      event_.completed_date = std::move(text);
    return true;
  }
  bool key(std::string&& name) override {
    key_ = std::move(name);
    return true;
  }
  bool start_object() override { return ++depth_, true; }
  bool end_object() override { return --depth_, true; }
  bool start_array() override { return ++depth_, true; }
  bool end_array() override { return --depth_, true; }

 private:
  PlatformEvent& event_;
  std::string key_;
  int depth_ = 0;
};

base::Result<PlatformEvent> read_message(std::string_view message, std::string topic) {
  PlatformEvent event;
  MessageSink sink(event);
  if (base::Status read = base::read_json(message, sink); !read) {
    return base::Error{event_invalid, fmt::format("the event's message is no JSON: {}", read.error().message)};
  }
  if (event.survey_id.empty() || event.response_id.empty()) {
    return base::Error{event_invalid,
                       fmt::format("the event names no {}", event.survey_id.empty() ? "SurveyID" : "ResponseID")};
  }
  if (event.topic.empty()) event.topic = std::move(topic);
  event.is_partial = event.topic.find("partialResponse") != std::string::npos;
  event.message = message;
  return event;
}

// A subscription may be to all topics: a survey that is activated has no response.
bool is_about_response(const PlatformEvent& event) {
  return event.topic.empty() || event.is_partial || event.topic.find("completedResponse") != std::string::npos;
}

// The unsigned shape says the same in pairs of its own; stored, both look alike.
std::string message_of_pairs(const base::http::Form& form) {
  static constexpr std::array<const char*, 6> names{"Topic",      "Status",        "SurveyID",
                                                    "ResponseID", "CompletedDate", "BrandID"};
  base::JsonWriter json;
  json.begin_object();
  for (const char* name : names) {
    if (std::optional<std::string> value = form_value(form, name)) json.field(name, *value);
  }
  json.end_object();
  return json.take();
}

bool is_signed_with(std::string_view key, std::string_view message, std::string hex) {
  for (char& c : hex) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return base::equal_in_constant_time(base::to_hex(base::hmac_sha512(key, message)), hex);
}

}  // namespace

base::Result<PlatformEvent> read_platform_event(std::string_view form_body, const base::Secret& shared_key) {
  std::optional<base::http::Form> form = base::http::parse_form(form_body);
  if (!form) return base::Error{event_invalid, "the event's body is no form: an escape in it is broken"};

  std::optional<std::string> message = form_value(*form, "MSG");
  std::string topic = form_value(*form, "Topic").value_or("");
  if (!shared_key.empty()) {
    std::optional<std::string> code = form_value(*form, "HMAC");
    if (!message || !code) {
      return base::Error{event_signature_wrong,
                         "the event is not signed: a shared key is set, but MSG and HMAC are not both there"};
    }
    if (!is_signed_with(shared_key.reveal(), *message, std::move(*code))) {
      return base::Error{event_signature_wrong, "the event's HMAC does not match its MSG under the shared key"};
    }
  }
  if (!message && !form_value(*form, "ResponseID"))
    return base::Error{event_invalid, "the event has neither MSG nor ResponseID"};
  base::Result<PlatformEvent> event = read_message(message ? *message : message_of_pairs(*form), std::move(topic));
  if (event && !is_about_response(*event))
    return base::Error{event_invalid, fmt::format("the event is about no response, but '{}': subscribe the hook to "
                                                  "surveyengine.completedResponse",
                                                  event->topic)};
  return event;
}

base::Result<PlatformEvent> read_stored_event(std::string_view message) { return read_message(message, ""); }

}  // namespace connectors::survey
