// An error's message with what differs between two runs left out, so that runs that fail alike are told alike, and no
// answer of a respondent stands in it.
#pragma once

#include <string>
#include <string_view>

namespace engine {

struct MessageOrigin {
  std::string_view sent{};   // the record or the question, as JSON; what the other side repeats of it is left out
  std::string_view names{};  // the author's own document, as JSON: its words are nobody's answers, and stay
};

// Quoted values, values of the record that was sent, record ids, e-mail addresses and numbers become `…`, as does what
// Salesforce repeats without quotes ("data value too large: …").
std::string folded_message(std::string_view message, const MessageOrigin& origin = {});

// Whether the word stands in a JSON text as a whole string.
bool names_word(std::string_view json, std::string_view word);

}  // namespace engine
