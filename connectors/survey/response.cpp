#include "connectors/survey/response.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace connectors::survey {

namespace {

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
    if (depth_ <= response_depth_ + 1) key_ = std::move(name);  // deeper: of an object that no answer has
    return true;
  }

  bool start_object() override {
    ++depth_;
    if (depth_ == 1) {
      is_object_ = true;
    } else if (depth_ == 2 && key_ == "result") {
      response_depth_ = 2;  // the API's envelope: the response is one level down
    } else if (depth_ == response_depth_ + 1) {
      section_ = section_named(key_, /*is_object=*/true);
    }
    return true;
  }
  bool end_object() override {
    leave();
    return true;
  }

  bool start_array() override {
    ++depth_;
    if (depth_ == response_depth_ + 1) {
      section_ = section_named(key_, /*is_object=*/false);
    } else if (depth_ == response_depth_ + 2 && is_by_key(section_)) {
      list_.emplace().reserve(8);
    }
    return true;
  }
  bool end_array() override {
    if (list_ && depth_ == response_depth_ + 2) {
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

  void put(base::Value&& value) {
    if (list_) {
      // Deeper than the list itself: a shape that no answer has.
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
  int depth_ = 0;
  int response_depth_ = 1;
  bool is_object_ = false;
  bool has_values_ = false;
};

void write_by_key(base::JsonWriter& json, std::string_view name, const base::TextMap<base::Value>& values) {
  std::vector<const std::pair<const std::string, base::Value>*> sorted;
  for (const auto& entry : values) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  json.key(name);
  json.begin_object();
  for (const auto* entry : sorted) {
    json.key(entry->first);
    json.value(entry->second);
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
  write_by_key(json, "values", response.values);
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
