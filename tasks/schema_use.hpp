// Which object and fields of an org a task's document names, and what for: what is checked against the org's schema.
#pragma once

#include <string>
#include <string_view>

#include "tasks/record_match.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

// Points into the task that it came from. Pointers are null where the task has no such part.
struct SchemaUse {
  std::string object{};                      // empty: nothing that a document names
  const ResponseMapping* written = nullptr;  // "fields"
  Writing writing = Writing::creates;
  const MappedField* key = nullptr;       // "key" of an upsert
  std::string idempotency{};              // the field for the effect key; may be empty
  const RecordMatch* match = nullptr;     // "match", and "return" of a find
  const engine::PipedText* id = nullptr;  // by which the record is named, at `id_at`
  std::string_view id_at = "/id";
  bool takes_me = false;  // "me" may stand there: the account's own user
  bool removes = false;
  bool inserts_unprotected = false;  // and is held when its answer is lost
};

}  // namespace tasks
