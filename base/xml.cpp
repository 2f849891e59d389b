#include "base/xml.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

namespace base {

namespace {

namespace tree = boost::property_tree;

// The parser calls itself for each level, so there must not be more of them than the stack holds.
constexpr std::ptrdiff_t tags_max = 8192;
constexpr std::size_t bytes_max = 1u << 20;

std::string local_name(const std::string& name) {
  const std::size_t colon = name.find(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

XmlElement to_element(const std::string& name, const tree::ptree& node) {
  XmlElement element{.name = local_name(name), .text = node.data()};
  for (const auto& [child_name, child] : node) {
    if (child_name != "<xmlattr>") element.children.push_back(to_element(child_name, child));
  }
  return element;
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view wanted) const {
  for (const XmlElement& child : children) {
    if (child.name == wanted) return &child;
    if (const XmlElement* deeper = child.find(wanted)) return deeper;
  }
  return nullptr;
}

std::optional<XmlElement> parse_xml(std::string_view text) {
  if (text.size() > bytes_max || std::count(text.begin(), text.end(), '<') > tags_max) return std::nullopt;
  try {
    std::istringstream stream{std::string(text)};
    tree::ptree document;
    tree::read_xml(stream, document, tree::xml_parser::no_comments);
    if (document.size() != 1) return std::nullopt;
    return to_element(document.front().first, document.front().second);
  } catch (const tree::xml_parser_error&) {
    return std::nullopt;
  }
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string xml_attribute_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : xml_escaped(text)) {
    switch (c) {
      case '"': escaped += "&quot;"; break;
      case '\n': escaped += "&#10;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

}  // namespace base
