#include "app/cli/junit.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace app::cli {
namespace {

// Also as the value of an attribute. XML has no way to write control characters.
std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

}  // namespace

std::string junit_report(const std::string& name, const std::vector<JunitCase>& cases) {
  const auto count = [&](std::string JunitCase::* text) {
    return std::count_if(cases.begin(), cases.end(), [&](const JunitCase& one) { return !(one.*text).empty(); });
  };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "skipped=\"{}\">\n",
      xml_escaped(name), cases.size(), count(&JunitCase::failure), count(&JunitCase::skipped));
  for (const JunitCase& one : cases) {
    out += fmt::format("  <testcase classname=\"{}\" name=\"{}\"", xml_escaped(one.suite), xml_escaped(one.name));
    if (one.seconds >= 0) out += fmt::format(" time=\"{:.3f}\"", one.seconds);
    out += ">";
    if (!one.failure.empty())
      out += fmt::format("<failure message=\"{}\">{}</failure>", xml_escaped(one.failure), xml_escaped(one.details));
    else if (!one.skipped.empty())
      out += fmt::format("<skipped message=\"{}\"/>", xml_escaped(one.skipped));
    out += "</testcase>\n";
  }
  return out + "</testsuite>\n";
}

}  // namespace app::cli
