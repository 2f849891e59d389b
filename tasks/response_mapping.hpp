// A response mapping: which value goes into which field, turned into a record's bytes without a detour.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "engine/note.hpp"
#include "engine/value_source.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

// A parent that is named by its external id: its record's id need not be known.
struct ParentKey {
  std::string field;     // the parent's external-id field
  std::string object{};  // of a lookup that may lead to several objects, e.g. Who: Contact or Lead
};

class PresentRecord;

struct MappedField {
  std::string name;  // API name; of a parent, the lookup's name in paths: Account, Contact__r
  FieldValue value;
  std::optional<ParentKey> parent{};  // `value` is then the value of its external id
  bool is_record_type = false;        // `value` is a developer name, and the field RecordTypeId
  std::string at{};                   // its place in the task's `with`: "/fields/Score__c"
  // What the org says, where that is known: the lookup of a parent, and the object whose record types there are.
  std::shared_ptr<const connectors::salesforce::FieldSchema> lookup{};
  std::shared_ptr<const connectors::salesforce::ObjectSchema> object{};
};

// The field that holds a parent's id: AccountId of Account, Contact__c of Contact__r; as it is called where no org has
// said otherwise.
std::string lookup_field_of(const MappedField& parent);

// How a mapping's record comes to be written.
enum class Writing { creates, updates, either };

struct ResponseMapping {
  std::vector<MappedField> fields{};
  std::string newer_by{};  // the field whose later value makes a response the newer one; empty: none

  // The fields whose present values decide what is written; none: the record need not be looked at.
  std::vector<std::string> looked_at() const;
  // nullptr when the field is not mapped.
  const MappedField* find(std::string_view field) const;
  // From now on every value becomes what the org's own field takes. An error names each field that the org lacks, or
  // that cannot be written.
  base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema, Writing writing);
};

// Why a task that writes so cannot write this field; nullopt where it can.
std::optional<base::Error> what_keeps_from_writing(const connectors::salesforce::ObjectSchema& schema,
                                                   const connectors::salesforce::FieldSchema& field, Writing writing);

// The record type's id, by its developer name or its id; an error says which there are.
base::Result<std::string> record_type_id(const connectors::salesforce::ObjectSchema& object, std::string_view name);

// As value_of(FieldValue), and an error names the field. A record type's is its id.
base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values,
                                    std::optional<Cut>* cut = nullptr);

struct MappedRecord {
  base::JsonText fields;              // an object
  std::vector<engine::Note> notes{};  // one for each text that was cut
};

engine::Note note_on_cut(const std::string& field, const Cut& cut);

// The record, or an error that names the field. `present`: what the record holds in the fields that
// are looked at; null where there is no record yet.
base::Result<MappedRecord> apply(const ResponseMapping& mapping, const engine::ValueSource& values,
                                 const PresentRecord* present = nullptr);

// The field as its object's description has it; shares the description.
std::shared_ptr<const connectors::salesforce::FieldSchema> field_of(
    const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema, std::string_view name);

}  // namespace tasks
