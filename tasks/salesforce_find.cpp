// Finds one record by its fields, or a list of them, and hands the fields that were asked for to the tasks behind it.
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "tasks/api_name.hpp"
#include "tasks/org_needs.hpp"
#include "tasks/record_match.hpp"
#include "tasks/salesforce_task.hpp"

namespace tasks {

namespace {

using nlohmann::json;

// A parent's field stands in the answer as it is asked for: Account.Name is {"Account": {"Name": …}}.
json::json_pointer pointer_to_field(const std::string& path) {
  std::string pointer = "/" + path;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return json::json_pointer(pointer);
}

// Salesforce answers with its own spelling of a name, whatever was asked. A lookup that is empty makes the whole parent
// null.
json field_of_row(const json& row, std::string_view path) {
  const std::size_t dot = path.find('.');
  if (!row.is_object()) return nullptr;
  for (const auto& [name, value] : row.items()) {
    if (!same_name(name, path.substr(0, dot))) continue;
    return dot == std::string_view::npos ? value : field_of_row(value, path.substr(dot + 1));
  }
  return nullptr;
}

class SalesforceFind final : public SalesforceTask {
 public:
  explicit SalesforceFind(With& with) : match_(read_record_match(with)), returned_(with.api_names("return")) {
    if (returned_.empty()) returned_ = {"Id"};
    // Salesforce refuses a query that names a field twice.
    for (const std::string& field : returned_)
      if (!is_selected(field)) match_.select.push_back(field);
  }

  std::optional<engine::Effect> effect() const override { return std::nullopt; }
  const std::string& object() const override { return match_.object; }
  void add_needs(connectors::salesforce::OrgNeeds& needs) const override { add_searched(needs, match_); }
  SchemaUse schema_use() const override { return {.object = match_.object, .match = &match_}; }
  base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema) override {
    know_types(match_, *schema);
    return base::Ok{};
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    if (!so_far.empty()) return gives_list() ? done_with_list(&so_far.front()) : done(choose(match_, so_far.front()));
    base::Result<std::optional<engine::Read>> question = question_of(match_, input.values);
    if (!question) return std::move(question).error();
    if (!*question) return gives_list() ? done_with_list(nullptr) : done(choose_none(match_));
    return engine::Step(**std::move(question));
  }

  engine::TaskOutput output() const override {
    if (!gives_list())
      return engine::TaskOutput{.members = members_of_record(),
                                .way_to_a_list =
                                    "\"if_many\": \"list\" in its with makes it give all records that "
                                    "match, as the list 'records'"};
    engine::OutputList records{.member = "records", .item_members = {"Id"}};
    for (std::string field : returned_) {
      std::replace(field.begin(), field.end(), '.', '/');
      if (field != "Id") records.item_members.push_back(std::move(field));
    }
    return engine::TaskOutput{.lists = {std::move(records)}, .members = {"records", "found"}};
  }

 private:
  // A parent's field stands below the parent.
  std::vector<std::string> members_of_record() const {
    std::vector<std::string> members;
    for (const std::string& field : returned_) members.push_back(field.substr(0, field.find('.')));
    members.emplace_back("found");
    return members;
  }

  bool gives_list() const { return match_.if_many == IfMany::list; }

  // Each record with the fields that were asked for, and with its id, by which it is known.
  base::Result<engine::Step> done_with_list(const engine::Answer* answer) const {
    const base::Result<std::vector<base::JsonText>> rows = choose_all(match_, answer);
    if (!rows) return rows.error();
    json output{{"records", json::array()}, {"found", rows->size()}};
    for (const base::JsonText& text : *rows) {
      const base::Result<json> row = base::parse_json(text.text);
      json record = row ? shown_fields(*row) : json::object();
      if (row) record["Id"] = field_of_row(*row, "Id");
      output["records"].push_back(std::move(record));
    }
    return engine::Step(engine::Done{base::JsonText{output.dump()}});
  }

  // All that were asked for; null where the row lacks one.
  json shown_fields(const json& row) const {
    json fields = json::object();
    for (const std::string& field : returned_) fields[pointer_to_field(field)] = field_of_row(row, field);
    return fields;
  }

  bool is_selected(std::string_view field) const {
    return std::any_of(match_.select.begin(), match_.select.end(),
                       [&](const std::string& selected) { return same_name(selected, field); });
  }

  // Every field that was asked for is there; all are null when nothing was found.
  base::Result<engine::Step> done(base::Result<std::optional<FoundRecord>> choice) const {
    if (!choice) return std::move(choice).error();
    json row;
    if (*choice) {
      base::Result<json> parsed = base::parse_json((*choice)->row.text);
      if (parsed) row = *std::move(parsed);
    }
    json output = shown_fields(row);
    output["found"] = *choice ? (*choice)->found : 0;
    return engine::Step(engine::Done{base::JsonText{output.dump()}});
  }

  RecordMatch match_;
  std::vector<std::string> returned_;
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_find(With& with) { return std::make_shared<SalesforceFind>(with); }

}  // namespace tasks
