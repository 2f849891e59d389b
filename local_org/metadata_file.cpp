#include "local_org/metadata_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

namespace local_org {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

}  // namespace

MetadataFile::MetadataFile(std::string path, base::XmlElement root, base::Findings& findings)
    : path_(std::move(path)), root_(std::move(root)), findings_(findings) {}

std::string MetadataFile::text(std::string_view name) {
  asked_.emplace(name);
  return child_text(root_, name);
}

bool MetadataFile::flag(std::string_view name, bool otherwise) {
  const std::string said = text(name);
  if (said.empty()) return otherwise;
  if (said != "true" && said != "false") error(fmt::format("<{}> is true or false, and not '{}'", name, said));
  return said == "true";
}

int MetadataFile::number(std::string_view name, int otherwise) {
  const std::string said = text(name);
  if (said.empty()) return otherwise;
  int value = 0;
  const auto [end, fault] = std::from_chars(said.data(), said.data() + said.size(), value);
  if (fault == std::errc() && end == said.data() + said.size() && value >= 0) return value;
  error(fmt::format("<{}> is a whole number, and not '{}'", name, said));
  return otherwise;
}

std::vector<const base::XmlElement*> MetadataFile::all(std::string_view name) {
  asked_.emplace(name);
  std::vector<const base::XmlElement*> elements;
  for (const base::XmlElement& child : root_.children)
    if (child.name == name) elements.push_back(&child);
  return elements;
}

void MetadataFile::ignore(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) asked_.emplace(name);
}

void MetadataFile::tell_the_rest() {
  for (const base::XmlElement& child : root_.children)
    if (asked_.insert(child.name).second)
      warning(fmt::format("<{}> is not understood, and makes no difference here", child.name));
}

void MetadataFile::error(std::string message, std::string hint) {
  note(package_unreadable, base::Severity::error, std::move(message), std::move(hint));
}

void MetadataFile::warning(std::string message, std::string hint) {
  note(package_unsupported, base::Severity::warning, std::move(message), std::move(hint));
}

void MetadataFile::note(std::string_view code, base::Severity severity, std::string message, std::string hint) {
  findings_.push_back({.code = std::string(code),
                       .pointer = "",
                       .message = std::move(message),
                       .hint = std::move(hint),
                       .severity = severity,
                       .file = path_});
}

std::string child_text(const base::XmlElement& element, std::string_view name) {
  const auto found = std::find_if(element.children.begin(), element.children.end(),
                                  [&](const base::XmlElement& child) { return child.name == name; });
  return found == element.children.end() ? "" : trimmed(found->text);
}

std::optional<MetadataFile> read_metadata_file(const std::string& path, std::string_view root,
                                               base::Findings& findings) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  std::optional<base::XmlElement> element = base::parse_xml(text.str());
  if (element && element->name == root) return MetadataFile(path, *std::move(element), findings);
  findings.push_back({.code = std::string(package_unreadable),
                      .pointer = "",
                      .message = element ? fmt::format("the root is <{}>, and not <{}>", element->name, root)
                                         : std::string("this is no XML document"),
                      .file = path});
  return std::nullopt;
}

}  // namespace local_org
