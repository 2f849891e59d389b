#include "app/org_reference.hpp"

#include <charconv>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

namespace app {
namespace {

constexpr std::string_view reference_begin = "${org://";

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

OrgReference read_reference(std::string_view text) {
  OrgReference reference{.text = std::string(text)};
  const std::vector<std::string> parts =
      split_path(text.substr(reference_begin.size(), text.size() - reference_begin.size() - 1));
  if (parts.size() != 4 || parts[3].empty()) return reference;
  const char* end = parts[2].data() + parts[2].size();
  const std::from_chars_result number = std::from_chars(parts[2].data(), end, reference.index);
  if (number.ec != std::errc{} || number.ptr != end) return reference;
  reference.alias = parts[0];
  reference.object = parts[1];
  reference.member = parts[3];
  return reference;
}

// Calls with each reference of a text, in order.
void each_reference(std::string_view text,
                    const std::function<void(std::size_t at, std::string_view reference)>& call) {
  for (std::size_t at = text.find(reference_begin); at != std::string_view::npos;
       at = text.find(reference_begin, at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) return;
    call(at, text.substr(at, end + 1 - at));
  }
}

void collect_references(const nlohmann::json& value, std::vector<OrgReference>& found) {
  if (value.is_string()) {
    each_reference(value.get_ref<const std::string&>(),
                   [&](std::size_t, std::string_view text) { found.push_back(read_reference(text)); });
  }
  if (!value.is_structured()) return;
  for (const nlohmann::json& inner : value) collect_references(inner, found);
}

nlohmann::json referred_value(const OrgReference& reference, const SeededRecords& records) {
  return nlohmann::json::parse(records.at({reference.alias, reference.object, reference.index}).text)
      .at(reference.member);
}

void replace_references(nlohmann::json& value, const SeededRecords& records) {
  if (value.is_structured()) {
    for (nlohmann::json& inner : value) replace_references(inner, records);
    return;
  }
  if (!value.is_string()) return;
  const std::string text = value.get<std::string>();
  std::string replaced;
  std::size_t copied = 0;
  std::optional<nlohmann::json> whole;
  each_reference(text, [&](std::size_t at, std::string_view reference) {
    const nlohmann::json referred = referred_value(read_reference(reference), records);
    if (reference.size() == text.size()) whole = referred;
    replaced +=
        text.substr(copied, at - copied) + (referred.is_string() ? referred.get<std::string>() : referred.dump());
    copied = at + reference.size();
  });
  if (whole)
    value = *std::move(whole);
  else if (copied != 0)
    value = replaced + text.substr(copied);
}

}  // namespace

std::vector<OrgReference> references_in(const base::JsonText& text) {
  std::vector<OrgReference> found;
  collect_references(nlohmann::json::parse(text.text), found);
  return found;
}

base::JsonText with_references(const base::JsonText& text, const SeededRecords& records) {
  nlohmann::json value = nlohmann::json::parse(text.text);
  replace_references(value, records);
  return base::JsonText{value.dump()};
}

}  // namespace app
