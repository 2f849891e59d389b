#include "connectors/survey/response.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace connectors::survey {

namespace {

// Writes the events of an object or a list down again, from its start to its end.
class NestedText {
 public:
  bool is_open() const { return writer_.has_value(); }

  void open() { writer_.emplace(); }
  // What had been read as a list's values before one of them turned out to be none.
  void open_list(const base::List& so_far) {
    open();
    start_array();
    for (const base::Value& value : so_far) put(value);
  }

  void put(const base::Value& value) { writer_->value(value); }
  void key(std::string_view name) { writer_->key(name); }
  void start_object() {
    writer_->begin_object();
    ++depth_;
  }
  void start_array() {
    writer_->begin_array();
    ++depth_;
  }
  // The whole text at the end of what was opened first.
  std::optional<base::JsonText> end_object() {
    writer_->end_object();
    return closed();
  }
  std::optional<base::JsonText> end_array() {
    writer_->end_array();
    return closed();
  }

 private:
  std::optional<base::JsonText> closed() {
    if (--depth_ > 0) return std::nullopt;
    base::JsonText text{writer_->take()};
    writer_.reset();
    return text;
  }

  std::optional<base::JsonWriter> writer_;
  int depth_ = 0;
};

// Fills a Response from the events of its document. Known sections are kept, everything else (meta, members to come) is
// passed over.
class ResponseSink final : public base::JsonSink {
 public:
  bool null() override {
    put(base::Value(base::Blank{}));
    return true;
  }
  bool boolean(bool yes) override {
    put(base::Value(yes));
    return true;
  }
  bool number(std::string_view text, double value) override {
    put(base::Value(base::Number{std::string(text), value}));
    return true;
  }
  bool string(std::string&& text) override {
    put(base::Value(std::move(text)));
    return true;
  }
  bool key(std::string&& name) override {
    if (nested_.is_open()) {
      nested_.key(name);
    } else if (depth_ <= response_depth_ + 1) {
      key_ = std::move(name);
    }
    return true;
  }

  bool start_object() override {
    ++depth_;
    if (opens_nested()) {
      nested_.start_object();
    } else if (depth_ == 1) {
      is_object_ = true;
    } else if (depth_ == 2 && key_ == "result") {
      response_depth_ = 2;  // the API's envelope: the response is one level down
    } else if (depth_ == response_depth_ + 1) {
      section_ = section_named(key_, /*is_object=*/true);
    }
    return true;
  }
  bool end_object() override {
    if (nested_.is_open()) keep_nested(nested_.end_object());
    leave();
    return true;
  }

  bool start_array() override {
    ++depth_;
    const bool may_be_values = depth_ == response_depth_ + 2 && is_by_key(section_);
    if (!may_be_values && opens_nested()) {
      nested_.start_array();
    } else if (depth_ == response_depth_ + 1) {
      section_ = section_named(key_, /*is_object=*/false);
    } else if (may_be_values) {
      list_.emplace().reserve(8);
    }
    return true;
  }
  bool end_array() override {
    if (nested_.is_open()) {
      keep_nested(nested_.end_array());
    } else if (list_ && depth_ == response_depth_ + 2) {
      base::List list = std::move(*list_);
      list_.reset();
      keep(base::Value(std::move(list)));
    }
    leave();
    return true;
  }

  base::Result<Response> take() {
    if (!is_object_) return base::Error{response_invalid, "a response is a JSON object with 'responseId' and 'values'"};
    std::string missing;
    if (response_.id.empty()) missing = "'responseId', the response's own id";
    if (!has_values_) missing += std::string(missing.empty() ? "" : ", and ") + "'values', an object of its answers";
    if (!missing.empty()) return base::Error{response_invalid, "the response lacks " + missing};

    if (auto at = response_.values.find("recordedDate"); at != response_.values.end()) {
      response_.recorded_date = base::to_text(at->second);
    }
    return std::move(response_);
  }

 private:
  enum class Section { none, values, labels, offered, displayed };
  static constexpr int nowhere = 1 << 20;

  static bool is_by_key(Section section) {
    return section == Section::values || section == Section::labels || section == Section::offered;
  }

  base::TextMap<base::Value>& kept_in(Section section) {
    if (section == Section::values) return response_.values;
    return section == Section::labels ? response_.labels : response_.offered;
  }

  Section section_named(std::string_view name, bool is_object) {
    if (is_object && name == "values") {
      has_values_ = true;
      response_.values.reserve(64);
      return Section::values;
    }
    if (is_object && name == "labels") {
      response_.labels.reserve(32);
      return Section::labels;
    }
    if (is_object && name == "displayedValues") {
      response_.offered.reserve(32);
      return Section::offered;
    }
    if (!is_object && name == "displayedFields") {
      response_.displayed.reserve(32);
      return Section::displayed;
    }
    return Section::none;
  }

  // Whether what starts here belongs to an object or a list that is no value; opens it where it is the first.
  bool opens_nested() {
    if (nested_.is_open()) return true;
    if (section_ != Section::values || depth_ < response_depth_ + 2) return false;
    if (list_) {
      nested_.open_list(*list_);
      list_.reset();
    } else {
      nested_.open();
    }
    return true;
  }

  void keep_nested(std::optional<base::JsonText>&& whole) {
    if (whole) response_.nested.emplace(std::move(key_), *std::move(whole));
  }

  void put(base::Value&& value) {
    if (nested_.is_open()) {
      nested_.put(value);
    } else if (list_) {
      // Deeper than the list itself: a shape that no label has.
      if (depth_ == response_depth_ + 2) list_->push_back(std::move(value));
    } else if (depth_ == response_depth_) {
      if (key_ == "responseId") response_.id = base::to_text(value);
      if (key_ == "surveyId") response_.survey = base::to_text(value);
    } else if (depth_ == response_depth_ + 1) {
      keep(std::move(value));
    }
  }

  void keep(base::Value&& value) {
    switch (section_) {
      case Section::none: return;
      case Section::displayed:
        if (auto* name = std::get_if<std::string>(&value.data)) response_.displayed.insert(std::move(*name));
        return;
      case Section::values:
      case Section::labels:
      case Section::offered:
        // null says no more than an absent key, and "absent" is how a blank answer looks on the wire.
        if (std::holds_alternative<base::Blank>(value.data)) return;
        // A key that is there twice has been refused by the reader.
        kept_in(section_).emplace(std::move(key_), std::move(value));
        return;
    }
  }

  void leave() {
    if (depth_ == response_depth_ + 1) section_ = Section::none;
    // What follows an enveloped response ("meta") has the same depth and is not part of it.
    if (depth_ == 2 && response_depth_ == 2) response_depth_ = nowhere;
    --depth_;
  }

  Response response_;
  std::string key_;
  Section section_ = Section::none;
  std::optional<base::List> list_;  // of the key whose array is open
  NestedText nested_;               // of the key whose object is open, or whose array has turned out to be no list
  int depth_ = 0;
  int response_depth_ = 1;
  bool is_object_ = false;
  bool has_values_ = false;
};

void write_by_key(base::JsonWriter& json, std::string_view name, const base::TextMap<base::Value>& values,
                  const base::TextMap<base::JsonText>& nested = {}) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : values) keys.push_back(key);
  for (const auto& [key, text] : nested) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  json.key(name);
  json.begin_object();
  for (const std::string_view key : keys) {
    json.key(key);
    if (auto at = values.find(key); at != values.end()) {
      json.value(at->second);
    } else {
      json.raw(nested.find(key)->second.text);
    }
  }
  json.end_object();
}

}  // namespace

base::Result<Response> read_response(std::string_view json) {
  ResponseSink sink;
  if (base::Status read = base::read_json(json, sink); !read) return std::move(read).error();
  return sink.take();
}

std::string to_json(const Response& response) {
  base::JsonWriter json;
  json.begin_object();
  json.field("responseId", response.id);
  if (!response.survey.empty()) json.field("surveyId", response.survey);
  write_by_key(json, "values", response.values, response.nested);
  write_by_key(json, "labels", response.labels);
  std::vector<std::string_view> displayed(response.displayed.begin(), response.displayed.end());
  std::sort(displayed.begin(), displayed.end());
  json.key("displayedFields");
  json.begin_array();
  for (std::string_view key : displayed) json.string(key);
  json.end_array();
  write_by_key(json, "displayedValues", response.offered);
  json.end_object();
  return json.take();
}

}  // namespace connectors::survey
