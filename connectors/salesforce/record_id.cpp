#include "connectors/salesforce/record_id.hpp"

#include <algorithm>

namespace connectors::salesforce {

namespace {

bool is_id_character(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Says of five characters which are capitals.
char check_character(std::string_view five) {
  constexpr std::string_view check_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  unsigned capitals = 0;
  for (unsigned bit = 0; bit < 5; ++bit)
    if (five[bit] >= 'A' && five[bit] <= 'Z') capitals |= 1U << bit;
  return check_characters[capitals];
}

}  // namespace

bool is_record_id(std::string_view text) {
  if ((text.size() != 15 && text.size() != 18) || !std::all_of(text.begin(), text.end(), is_id_character)) return false;
  if (text.size() == 15) return true;
  return text[15] == check_character(text.substr(0, 5)) && text[16] == check_character(text.substr(5, 5)) &&
         text[17] == check_character(text.substr(10, 5));
}

std::string whole_record_id(std::string_view text) {
  std::string id(text);
  if (id.size() != 15 || !is_record_id(id)) return id;
  for (const std::size_t start : {0U, 5U, 10U}) id += check_character(text.substr(start, 5));
  return id;
}

}  // namespace connectors::salesforce
