// What a broken JSON document lacks, in a sentence: told from what had been read when the lexer stopped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

struct JsonSyntax {
  enum Last { nothing, object_start, array_start, key, value };  // what the last complete token was
  enum Within { document, object, array };

  std::string_view text;
  Last last = nothing;
  Within within = document;
  std::size_t done = 0;  // where the last complete token ended
  std::size_t read = 0;  // how far the lexer has read

  struct Fault {
    std::size_t offset;
    std::string message;
  };
  // `lexer_message` is nlohmann's own; it tells what is wrong inside a text.
  Fault explain(std::string_view lexer_message) const;
};

std::string duplicate_key_sentence(std::string_view key);

}  // namespace base
