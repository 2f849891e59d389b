#include "base/findings.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace base {
namespace {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "error";
}

// A finding quotes what people wrote. A control character in it must neither break the line nor reach a terminal.
std::string without_control_characters(std::string_view text) {
  std::string clean;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      clean += fmt::format("\\u{:04x}", byte);
    } else {
      clean += c;
    }
  }
  return clean;
}

// Slips of the keyboard: a character missing, too many, wrong, or two swapped (Damerau and Levenshtein, restricted
// form).
std::size_t typing_slips(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

char in_lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool differs_in_capitals_only(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char one, char other) { return in_lower_case(one) == in_lower_case(other); });
}

}  // namespace

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::error; });
}

std::string to_line(const Finding& finding) {
  std::string line;
  if (!finding.file.empty()) line += finding.file + ":";
  if (finding.line > 0) line += fmt::format("{}:{}:", finding.line, finding.column);
  if (!line.empty()) line += ' ';
  if (finding.severity != Severity::error) line += fmt::format("{}: ", severity_name(finding.severity));
  if (!finding.pointer.empty()) line += finding.pointer + ": ";
  line += finding.message;
  if (!finding.hint.empty()) line += " · " + finding.hint;
  if (!finding.code.empty()) line += " [" + finding.code + "]";
  return without_control_characters(line);
}

std::string to_json(const Findings& findings) {
  JsonWriter json;
  json.begin_array();
  for (const Finding& finding : findings) {
    json.begin_object();
    json.field("code", finding.code);
    json.field("severity", severity_name(finding.severity));
    json.field("file", finding.file);
    json.field("line", finding.line);
    json.field("column", finding.column);
    json.field("pointer", finding.pointer);
    json.field("message", finding.message);
    json.field("hint", finding.hint);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

std::string nearest(std::string_view wrong, const std::vector<std::string>& names) {
  constexpr std::size_t longest_name =
      256;  // what is longer is no slip, and comparing costs the product of the lengths
  std::string best;
  std::size_t best_slips = 0;
  for (const std::string& name : names) {
    if (differs_in_capitals_only(wrong, name)) return name;  // however short
    const auto [shorter, longer] = std::minmax({wrong.size(), name.size()});
    const std::size_t allowed = longer / 3;
    if (longer > longest_name || longer - shorter > allowed) continue;
    const std::size_t slips = typing_slips(wrong, name);
    if (slips > allowed || (!best.empty() && slips >= best_slips)) continue;
    best = name;
    best_slips = slips;
  }
  return best;
}

std::string pointer_token(std::string_view key) {
  std::string token = "/";
  for (char c : key) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += c;
  }
  return token;
}

}  // namespace base
