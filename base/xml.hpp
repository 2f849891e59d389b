// XML documents as trees: names without their namespace prefixes, texts, no attributes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

struct XmlElement {
  std::string name;
  std::string text{};  // its own, without that of its children
  std::vector<XmlElement> children{};

  // The first one of that name below this one, however deep; null when there is none.
  const XmlElement* find(std::string_view wanted) const;
};

// The root element. Nothing for what is no XML document, or is longer or has more elements than anybody sends who means
// well.
std::optional<XmlElement> parse_xml(std::string_view text);

// As the text of an element.
std::string xml_escaped(std::string_view text);
// As the value of an attribute in double quotes. XML has no way to write control characters: each is a space.
std::string xml_attribute_escaped(std::string_view text);

}  // namespace base
