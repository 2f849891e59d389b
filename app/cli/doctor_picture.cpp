#include "app/cli/doctor_picture.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/junit.hpp"

namespace app::cli {

namespace {

struct DoctorLine {
  std::string check;
  std::string verdict;
  std::string message;
  std::string fix;
  std::string setup_path;
};

std::vector<DoctorLine> lines_of(const base::JsonText& document) {
  std::vector<DoctorLine> lines;
  const nlohmann::json root = nlohmann::json::parse(document.text, nullptr, false);
  if (!root.is_object() || !root.contains("checks")) return lines;
  for (const nlohmann::json& item : root["checks"]) {
    lines.push_back({.check = item.value("check", ""),
                     .verdict = item.value("verdict", ""),
                     .message = item.value("message", ""),
                     .fix = item.value("fix", ""),
                     .setup_path = item.value("setup_path", "")});
  }
  return lines;
}

struct VerdictLook {
  std::string_view verdict;
  std::string_view word;
  Ink ink;
};

const VerdictLook& look_of(std::string_view verdict) {
  static const VerdictLook looks[] = {{"pass", "✓ pass", Ink::green},
                                      {"fail", "✗ fail", Ink::red},
                                      {"cannot_tell", "? cannot tell", Ink::yellow},
                                      {"not_applicable", "- not asked for", Ink::dim}};
  for (const VerdictLook& look : looks) {
    if (look.verdict == verdict) return look;
  }
  return looks[2];
}

bool wants_a_person(const DoctorLine& line) { return line.verdict == "fail" || line.verdict == "cannot_tell"; }

std::ptrdiff_t count_of(const std::vector<DoctorLine>& lines, std::string_view verdict) {
  return std::count_if(lines.begin(), lines.end(), [&](const DoctorLine& line) { return line.verdict == verdict; });
}

}  // namespace

std::string doctor_picture(const base::JsonText& document, const PictureOptions& options) {
  const std::vector<DoctorLine> lines = lines_of(document);
  const Paint paint(options.has_colour);
  std::size_t check_width = 0;
  std::size_t word_width = 0;
  for (const DoctorLine& line : lines) {
    check_width = std::max(check_width, columns_of(line.check));
    word_width = std::max(word_width, columns_of(look_of(line.verdict).word));
  }
  const std::string indent(check_width + word_width + 4, ' ');
  std::string out;
  for (const DoctorLine& line : lines) {
    const VerdictLook& look = look_of(line.verdict);
    out += fmt::format("{}  {}  {}\n", padded(line.check, check_width), paint(look.ink, padded(look.word, word_width)),
                       line.message);
    if (!wants_a_person(line)) continue;
    if (!line.fix.empty()) out += fmt::format("{}fix: {}\n", indent, line.fix);
    if (!line.setup_path.empty()) out += fmt::format("{}at:  {}\n", indent, line.setup_path);
  }
  out += fmt::format("\n{} passed, {} failed, {} cannot be told, {} not asked for\n", count_of(lines, "pass"),
                     count_of(lines, "fail"), count_of(lines, "cannot_tell"), count_of(lines, "not_applicable"));
  return out;
}

std::string doctor_junit(const base::JsonText& document, const std::string& account) {
  std::vector<JunitCase> cases;
  for (const DoctorLine& line : lines_of(document)) {
    JunitCase one{.suite = "doctor", .name = line.check};
    if (line.verdict == "fail") {
      one.failure = line.message;
      one.details = line.fix + " " + line.setup_path;
    } else if (line.verdict != "pass") {
      one.skipped = line.message;
    }
    cases.push_back(std::move(one));
  }
  return junit_report("doctor " + account, cases);
}

int doctor_exit(const base::JsonText& document, bool strict) {
  const std::vector<DoctorLine> lines = lines_of(document);
  if (count_of(lines, "fail") > 0) return Exit::failed;
  return strict && count_of(lines, "cannot_tell") > 0 ? Exit::unverifiable : Exit::fine;
}

}  // namespace app::cli
