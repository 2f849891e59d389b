// What stands for a text that may tell of somebody: a made-up one of the same kind and length.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace app {

// Known from the place where a text stands, and not from the text.
enum class TextKind { any, first_name, last_name, place };

class StandIns {
 public:
  StandIns() = default;
  // Gives texts that the other has met the same again, however few of them it meets itself.
  explicit StandIns(const StandIns* other) : book_(other ? other->known_ : std::map<std::string, std::string>()) {}

  // The same again for the same text, wherever it occurs. Blank texts, times of day, yes and no are their own; JSON in
  // a text keeps its shape.
  std::string of(const std::string& text, TextKind kind = TextKind::any);
  // Of a number: one of as many digits.
  nlohmann::ordered_json of_number(const nlohmann::ordered_json& number);
  // That was chosen elsewhere.
  void set(const std::string& text, std::string stand_in) { known_[text] = std::move(stand_in); }

  // The text with every longer text that is known in it replaced: wordings into which an answer was piped.
  std::string within(std::string text) const;

  const std::map<std::string, std::string>& known() const { return known_; }

 private:
  std::string in_json(const std::string& text);
  // Calls `make` with a number of its own for a text that is new.
  std::string known_or(const std::string& text, const std::function<std::string(std::size_t)>& make);

  std::map<std::string, std::string> known_{};  // what stood there -> what stands there now
  std::map<std::string, std::string> book_{};   // the same, of texts that were not met yet
};

// Stands for every date, as far as its own way to write it allows.
inline constexpr std::string_view stand_in_date = "2000-01-01";

// A number of so few digits is a score or a count; one of more may be an account's or a telephone's.
bool is_score_like(std::string_view text);

}  // namespace app
