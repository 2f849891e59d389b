// JSON with line breaks, as Salesforce writes it on request.
#include "local_org/pretty_json.hpp"

namespace local_org {
namespace {

std::size_t end_of_json_string(std::string_view json, std::size_t start) {
  std::size_t at = start + 1;
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

std::string pretty_json(std::string_view json) {
  std::string out;
  std::string open;  // the brackets around the present place
  std::size_t level = 0;
  const auto new_line = [&] { out.append("\n").append(2 * level, ' '); };
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    const bool opens_and_closes = at + 1 < json.size() && (json[at + 1] == '}' || json[at + 1] == ']');
    if (c == '"') {
      const std::size_t end = end_of_json_string(json, at);
      out.append(json.substr(at, end - at));
      at = end - 1;
    } else if ((c == '{' || c == '[') && opens_and_closes) {
      out.append(1, c).append(" ").append(1, json[++at]);
    } else if (c == '{') {
      open += c;
      ++level;
      out += c;
      new_line();
    } else if (c == '[') {
      // Lists stay on the line; their records break it.
      open += c;
      out += "[ ";
    } else if (c == '}') {
      open.pop_back();
      --level;
      new_line();
      out += c;
    } else if (c == ']') {
      open.pop_back();
      out += " ]";
    } else if (c == ',') {
      out += c;
      if (open.ends_with('[')) {
        out += ' ';
      } else {
        new_line();
      }
    } else if (c == ':') {
      out += " : ";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace local_org
