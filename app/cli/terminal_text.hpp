// Text as it stands in a terminal: its width in columns, padding, cutting, colours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace app::cli {

// Columns that a terminal gives to valid UTF-8: two for East Asian wide characters and emoji, none for combining marks.
std::size_t columns_of(std::string_view text);

// Filled up with spaces to `columns`; never cut.
std::string padded(std::string_view text, std::size_t columns);
// At most `columns` wide, with … where something was left out. Line breaks and other control characters become spaces.
std::string fitted(std::string_view text, std::size_t columns);

enum class Ink { plain, dim, bold, green, red, yellow, cyan };

// Colours where they are wanted, plain text elsewhere.
class Paint {
 public:
  explicit Paint(bool has_colour) : has_colour_(has_colour) {}
  std::string operator()(Ink ink, std::string_view text) const;

 private:
  bool has_colour_;
};

// What a drawing may take up and use.
struct PictureOptions {
  std::size_t width = 100;
  bool has_colour = false;
};

// Columns of the terminal behind stdout; `otherwise` when it is none.
std::size_t terminal_columns(std::size_t otherwise = 100);

}  // namespace app::cli
