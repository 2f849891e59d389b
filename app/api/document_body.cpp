#include "app/api/document_body.hpp"

#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/json_reader.hpp"

namespace app::api {
namespace {

// Notes where the value of one member of the outermost object begins and ends.
class MemberPlace final : public base::PlacedJsonSink {
 public:
  explicit MemberPlace(std::string_view name) : name_(name) {}

  std::optional<std::pair<std::size_t, std::size_t>> place() const {
    if (!begin_ || !end_) return std::nullopt;
    return std::pair{*begin_, *end_};
  }

  void starts_at(std::size_t offset) override {
    if (is_open() && !end_ && depth_ == 1 && begin_ && *begin_ != offset) end_ = offset;  // of a scalar: the next token
    if (is_wanted_) begin_ = offset;
    is_wanted_ = false;
    at_ = offset;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number(std::string_view, double) override { return true; }
  bool string(std::string&&) override { return true; }
  bool key(std::string&& key) override {
    is_wanted_ = depth_ == 1 && key == name_ && !begin_;
    return true;
  }
  bool start_object() override { return ++depth_, true; }
  bool end_object() override { return close(); }
  bool start_array() override { return ++depth_, true; }
  bool end_array() override { return close(); }

 private:
  bool is_open() const { return begin_.has_value(); }
  bool close() {
    --depth_;
    if (depth_ == 1 && is_open() && !end_) end_ = at_ + 1;
    return true;
  }

  std::string_view name_;
  std::optional<std::size_t> begin_;
  std::optional<std::size_t> end_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool is_wanted_ = false;
};

}  // namespace

std::optional<std::string> member_as_it_came(std::string_view body, std::string_view name) {
  MemberPlace sink(name);
  if (base::read_placed_json(body, sink)) return std::nullopt;
  const auto place = sink.place();
  if (!place) return std::nullopt;
  std::string_view text = body.substr(place->first, place->second - place->first);
  // A scalar ends where the next token begins: what stands between does not belong to it.
  const std::size_t last = text.find_last_not_of(" \t\r\n,}");
  const bool is_structured = text.starts_with('{') || text.starts_with('[');
  return std::string(is_structured ? text : text.substr(0, last + 1));
}

std::optional<PushedDocument> read_pushed_document(std::string_view body, const engine::Catalog& catalog) {
  std::optional<std::string> source = member_as_it_came(body, "document");
  if (!source) return std::nullopt;
  if (source->starts_with('"')) {
    base::Result<nlohmann::json> text = base::parse_json("[" + *source + "]");
    if (!text || !text->at(0).is_string()) return std::nullopt;
    source = text->at(0).get<std::string>();
  }
  const base::JsonDocument document = base::JsonDocument::read(*source, "document");
  return PushedDocument{*std::move(source), engine::check_definition(document, catalog)};
}

}  // namespace app::api
