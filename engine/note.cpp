#include "engine/note.hpp"

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace engine {

void write_note(base::JsonWriter& json, const Note& note) {
  json.begin_object();
  json.field("code", note.code);
  if (!note.field.empty()) json.field("field", note.field);
  json.field("message", note.message);
  json.end_object();
}

std::vector<Note> read_notes(std::string_view json) {
  std::vector<Note> notes;
  const base::Result<nlohmann::json> array = base::parse_json(json);
  if (!array || !array->is_array()) return notes;
  for (const nlohmann::json& one : *array) {
    if (one.is_object())
      notes.push_back(
          {one.value("code", std::string()), one.value("field", std::string()), one.value("message", std::string())});
  }
  return notes;
}

}  // namespace engine
