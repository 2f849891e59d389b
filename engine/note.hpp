// What a task tells of a step although nothing is wrong with it: somebody who looks at the record later may wonder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"

namespace engine {

struct Note {
  std::string code{};     // what kind of note, e.g. text_cut
  std::string field{};    // API name, where it is about one
  std::string message{};  // holds no answer

  friend bool operator==(const Note&, const Note&) = default;
};

// {code, field?, message}
void write_note(base::JsonWriter& json, const Note& note);
void write_notes(base::JsonWriter& json, const std::vector<Note>& notes);  // an array of them
// Of an array of them; whatever is none is left out.
std::vector<Note> read_notes(std::string_view json);

// "Comment__c: cut from 312 to 255 characters"
std::string in_words(const Note& note);

}  // namespace engine
