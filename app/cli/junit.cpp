#include "app/cli/junit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/xml.hpp"

namespace app::cli {

std::string junit_report(const std::string& name, const std::vector<JunitCase>& cases) {
  const auto count = [&](std::string JunitCase::* text) {
    return std::count_if(cases.begin(), cases.end(), [&](const JunitCase& one) { return !(one.*text).empty(); });
  };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "skipped=\"{}\">\n",
      base::xml_attribute_escaped(name), cases.size(), count(&JunitCase::failure), count(&JunitCase::skipped));
  for (const JunitCase& one : cases) {
    out += fmt::format("  <testcase classname=\"{}\" name=\"{}\"", base::xml_attribute_escaped(one.suite),
                       base::xml_attribute_escaped(one.name));
    if (one.seconds >= 0) out += fmt::format(" time=\"{:.3f}\"", one.seconds);
    out += ">";
    if (!one.failure.empty())
      out += fmt::format("<failure message=\"{}\">{}</failure>", base::xml_attribute_escaped(one.failure),
                         base::xml_attribute_escaped(one.details));
    else if (!one.skipped.empty())
      out += fmt::format("<skipped message=\"{}\"/>", base::xml_attribute_escaped(one.skipped));
    out += "</testcase>\n";
  }
  return out + "</testsuite>\n";
}

}  // namespace app::cli
