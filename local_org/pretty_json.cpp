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
  std::size_t level = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = end_of_json_string(json, at);
      out.append(json.substr(at, end - at));
      at = end - 1;
    } else if (c == '{' || c == '[') {
      out += c;
      const bool is_empty = at + 1 < json.size() && (json[at + 1] == '}' || json[at + 1] == ']');
      if (is_empty) {
        out.append(" ").append(1, json[++at]);
      } else if (c == '{') {
        out.append("\n").append(2 * ++level, ' ');
      } else {
        // Lists stay on the line; their records break it.
        out += ' ';
      }
    } else if (c == '}') {
      out.append("\n").append(2 * --level, ' ').append(1, c);
    } else if (c == ']') {
      out.append(" ").append(1, c);
    } else if (c == ',') {
      out.append(1, c);
      out.append("\n").append(2 * level, ' ');
    } else if (c == ':') {
      out += " : ";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace local_org
