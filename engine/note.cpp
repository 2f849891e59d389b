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

void write_notes(base::JsonWriter& json, const std::vector<Note>& notes) {
  json.begin_array();
  for (const Note& note : notes) write_note(json, note);
  json.end_array();
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

std::string in_words(const Note& note) { return note.field.empty() ? note.message : note.field + ": " + note.message; }

}  // namespace engine
