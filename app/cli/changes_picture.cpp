#include "app/cli/changes_picture.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app::cli {

std::string changes_picture(const Tree& changes, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  std::string drawn;
  for (const Tree& change : changes) {
    const std::string path = text_in(change, "path");
    drawn += paint(Ink::bold, path.empty() ? "(the whole)" : path) + "\n";
    const auto side = [&](const char* name, const char* mark, Ink ink) {
      if (!change.contains(name)) return;
      for (const std::string& line : json_lines(change.at(name), options.width - 4))
        drawn += paint(ink, fmt::format("  {} {}", mark, line)) + "\n";
    };
    side("from", "-", Ink::red);
    side("to", "+", Ink::green);
  }
  return drawn;
}

}  // namespace app::cli
