// One metadata file of a package: its elements by name. Whatever is not asked for is told at the end, so that nothing
// of a file is passed over in silence.
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "base/xml.hpp"

namespace local_org {

inline constexpr std::string_view package_unreadable = "package_unreadable";    // an error
inline constexpr std::string_view package_unsupported = "package_unsupported";  // a warning: left out

class MetadataFile {
 public:
  // `findings` gets what is wrong; it must outlive this.
  MetadataFile(std::string path, base::XmlElement root, base::Findings& findings);

  // "" where there is none.
  std::string text(std::string_view name);
  bool flag(std::string_view name, bool otherwise = false);
  int number(std::string_view name, int otherwise = 0);
  std::vector<const base::XmlElement*> all(std::string_view name);
  // What is understood and makes no difference here.
  void ignore(std::initializer_list<std::string_view> names);
  // A finding for each element that nobody has asked for.
  void tell_the_rest();

  void error(std::string message, std::string hint = "");
  void warning(std::string message, std::string hint = "");
  const std::string& path() const { return path_; }

 private:
  void note(std::string_view code, base::Severity severity, std::string message, std::string hint);

  std::string path_;
  base::XmlElement root_;
  base::Findings& findings_;
  std::set<std::string, std::less<>> asked_;
};

// The text of an element's child of that name, without blanks around it; "" where there is none.
std::string child_text(const base::XmlElement& element, std::string_view name);

// Notes a file that is none, or whose root is another element.
std::optional<MetadataFile> read_metadata_file(const std::string& path, std::string_view root,
                                               base::Findings& findings);

}  // namespace local_org
