// Reports as build servers read them: JUnit's XML.
#pragma once

#include <string>
#include <vector>

namespace app::cli {

struct JunitCase {
  std::string suite;  // its "classname"
  std::string name;
  std::string failure{};  // one sentence; "": it did not fail
  std::string details{};  // of a failure
  std::string skipped{};  // why it was not tried; "": it was
  double seconds = -1;    // negative: not told
};

std::string junit_report(const std::string& name, const std::vector<JunitCase>& cases);

}  // namespace app::cli
