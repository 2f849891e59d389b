#include "app/saved_answers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/new_record.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::is_record_id;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::whole_record_id;

// What tasks count or say themselves, beside what the org holds.
constexpr std::array own_members{"found", "count", "left_out", "created", "number", "state", "code"};

bool is_own_member(std::string_view name) {
  return std::find(own_members.begin(), own_members.end(), name) != own_members.end();
}

std::string member_key(const std::string& of, const std::string& name) { return of + "/" + name; }

// An object of one alias, as far as its org's schema is known.
class KnownSchemas {
 public:
  explicit KnownSchemas(const DescribeOf& describe_of) : describe_of_(describe_of) {}

  // Null where it is not.
  const ObjectSchema* find(const std::string& alias, const std::string& object) {
    const auto [place, is_new] = schemas_.try_emplace({alias, object});
    if (is_new && !object.empty()) {
      auto schema = connectors::salesforce::read_object_schema(describe_of_(alias, object), object);
      if (schema) place->second = std::make_unique<ObjectSchema>(*std::move(schema));
    }
    return place->second.get();
  }

 private:
  const DescribeOf& describe_of_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<ObjectSchema>> schemas_{};
};

// The test's own records, by the ids of those that they are there for.
class OwnRecords {
 public:
  explicit OwnRecords(KnownSchemas& schemas) : schemas_(schemas) {}

  void add(const std::string& alias, const std::string& object, const std::string& id) {
    const ObjectSchema* schema = schemas_.find(alias, object);
    if (!schema || !can_be_made(*schema)) return;
    const auto [place, is_new] = references_.try_emplace(whole_record_id(id));
    if (!is_new) return;
    Tree& records = org_[alias][schema->name];
    place->second = fmt::format("${{org://{}/{}/{}/Id}}", alias, schema->name, records.size());
    records.push_back(Tree::parse(new_record_of(*schema, records.size()).text));
  }

  // "" where none stands for it.
  std::string reference_to(const std::string& id) const {
    const auto place = references_.find(whole_record_id(id));
    return place == references_.end() ? "" : place->second;
  }

  const Tree& org() const { return org_; }

 private:
  // Of itself: without another record, and not as a user, for whom an org wants more than fields.
  static bool can_be_made(const ObjectSchema& schema) {
    return schema.createable && schema.name != "User" &&
           std::none_of(schema.fields.begin(), schema.fields.end(), [](const FieldSchema& field) {
             return field.kind == FieldKind::reference && field.createable && !field.nillable && !field.defaulted;
           });
  }

  KnownSchemas& schemas_;
  std::map<std::string, std::string> references_{};
  Tree org_ = Tree::object();
};

// Finds the ids whose object is known, in a record that a task has answered and in those that it leads to.
class RecordCollection {
 public:
  RecordCollection(KnownSchemas& schemas, OwnRecords& records) : schemas_(schemas), records_(records) {}

  void collect(const TaskAnswer& answer) {
    const Tree output = Tree::parse(answer.output.text);
    if (!output.is_object()) return;
    collect_record(answer.alias, answer.object, output);
    for (const char* list : {"records", "ids"}) {
      if (!output.contains(list) || !output[list].is_array()) continue;
      for (const Tree& one : output[list]) {
        if (one.is_object()) collect_record(answer.alias, answer.object, one);
        if (is_id(one)) records_.add(answer.alias, answer.object, one.get<std::string>());
      }
    }
  }

 private:
  static bool is_id(const Tree& value) {
    return value.is_string() && is_record_id(value.get_ref<const std::string&>());
  }

  void collect_record(const std::string& alias, const std::string& object, const Tree& record) {
    const ObjectSchema* schema = schemas_.find(alias, object);
    for (const auto& [name, value] : record.items()) {
      if (is_id(value)) {
        const std::string& of =
            name == "Id" || name == "id" ? object : parent_of(schema ? schema->find(name) : nullptr);
        records_.add(alias, of, value.get<std::string>());
      } else if (value.is_object() && schema) {
        collect_record(alias, parent_of(schema->find_relationship(name)), value);
      }
    }
  }

  // Only where a lookup points at one object can it be said which one.
  static const std::string& parent_of(const FieldSchema* lookup) {
    static const std::string unknown;
    return lookup && lookup->refers_to.size() == 1 ? lookup->refers_to.front() : unknown;
  }

  KnownSchemas& schemas_;
  OwnRecords& records_;
};

// Whether the org's schema offers it to everybody.
bool is_choice(const FieldSchema* field, const std::string& text) {
  if (!field || (field->kind != FieldKind::picklist && field->kind != FieldKind::multipicklist)) return false;
  const auto is_offered = [&](std::string_view value) {
    return std::any_of(field->choices.begin(), field->choices.end(),
                       [&](const auto& choice) { return choice.value == value; });
  };
  std::string_view rest = text;
  while (field->kind == FieldKind::multipicklist && rest.find(';') != std::string_view::npos) {
    if (!is_offered(rest.substr(0, rest.find(';')))) return false;
    rest.remove_prefix(rest.find(';') + 1);
  }
  return is_offered(rest);
}

// Walks through an output; null `stand_ins` leaves all but ids as they are.
class AnswerRedaction {
 public:
  AnswerRedaction(KnownSchemas& schemas, const OwnRecords& records, const std::set<std::string>& kept, StandIns& ids,
                  StandIns* stand_ins)
      : schemas_(schemas), records_(records), kept_(kept), ids_(ids), stand_ins_(stand_ins) {}

  Tree redact(const TaskAnswer& answer) {
    Tree output = Tree::parse(answer.output.text);
    if (!output.is_object()) return Tree::object();
    alias_ = answer.alias;
    for (auto& [name, value] : output.items()) {
      if (is_own_member(name)) continue;
      const std::string key = member_key(answer.task, name);
      if (name == "records" && value.is_array())
        redact_list(key, answer.object, value);
      else
        redact_member(key, answer.object, name, value);
    }
    return output;
  }

  std::vector<std::string> keys() const { return {keys_.begin(), keys_.end()}; }

 private:
  void redact_list(const std::string& key, const std::string& object, Tree& records) {
    for (Tree& record : records) {
      if (record.is_object())
        redact_record(key, object, record);
      else
        redact_member(key, object, "", record);
    }
  }

  void redact_record(const std::string& key, const std::string& object, Tree& record) {
    for (auto& [name, value] : record.items()) redact_member(member_key(key, name), object, name, value);
  }

  void redact_member(const std::string& key, const std::string& object, const std::string& name, Tree& value) {
    const ObjectSchema* schema = schemas_.find(alias_, object);
    if (value.is_object()) {
      const FieldSchema* lookup = schema ? schema->find_relationship(name) : nullptr;
      redact_record(key, lookup && lookup->refers_to.size() == 1 ? lookup->refers_to.front() : "", value);
    } else if (value.is_array()) {
      for (Tree& one : value) redact_member(key, object, name, one);
    } else {
      const Tree before = value;
      redact_value(key, schema ? schema->find(name) : nullptr, value);
      if (value != before) keys_.insert(key);
    }
  }

  void redact_value(const std::string& key, const FieldSchema* field, Tree& value) {
    if (value.is_string() && is_record_id(value.get_ref<const std::string&>())) {
      const std::string id = value.get<std::string>();
      const std::string reference = records_.reference_to(id);
      value = reference.empty() ? ids_.of(whole_record_id(id)) : reference;
    } else if (stand_ins_ && !kept_.contains(key)) {
      if (value.is_string() && !is_choice(field, value.get_ref<const std::string&>()))
        value = stand_ins_->of(value.get<std::string>());
      else if (value.is_number() && !is_score_like(value.dump()))
        value = stand_ins_->of_number(value);
    }
  }

  KnownSchemas& schemas_;
  const OwnRecords& records_;
  const std::set<std::string>& kept_;
  StandIns& ids_;
  StandIns* stand_ins_;
  std::string alias_{};
  std::set<std::string> keys_{};
};

SavedAnswers saved_answers(const std::vector<TaskAnswer>& answers, const DescribeOf& describe_of,
                           const std::set<std::string>& kept, StandIns& ids, StandIns* stand_ins) {
  KnownSchemas schemas(describe_of);
  OwnRecords records(schemas);
  RecordCollection collection(schemas, records);
  for (const TaskAnswer& answer : answers) collection.collect(answer);
  AnswerRedaction redaction(schemas, records, kept, ids, stand_ins);
  Tree outputs = Tree::object();
  for (const TaskAnswer& answer : answers) outputs[answer.task] = redaction.redact(answer);
  return {.org = {records.org().dump()}, .outputs = {outputs.dump()}, .keys = redaction.keys()};
}

}  // namespace

SavedAnswers answers_with_own_records(const std::vector<TaskAnswer>& answers, const DescribeOf& describe_of) {
  StandIns ids;
  return saved_answers(answers, describe_of, {}, ids, nullptr);
}

SavedAnswers redacted_answers(const std::vector<TaskAnswer>& answers, const DescribeOf& describe_of,
                              const std::set<std::string>& kept, StandIns& stand_ins) {
  return saved_answers(answers, describe_of, kept, stand_ins, &stand_ins);
}

}  // namespace app
