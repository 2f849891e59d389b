#include "app/error_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/embedded_pages.hpp"

namespace app {
namespace {

std::string_view code_of_page(std::string_view file) { return file.substr(0, file.rfind('.')); }

std::string first_sentence_below(std::string_view page, std::string_view title) {
  const std::string heading = fmt::format("## {}\n\n", title);
  const std::size_t at = page.find(heading);
  if (at == std::string_view::npos) return "";
  std::string_view text = page.substr(at + heading.size());
  std::string sentence(text.substr(0, text.find("\n\n")));
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  sentence.resize(sentence.find_last_not_of(' ') + 1);
  const std::size_t end = sentence.find(". ");
  return end == std::string::npos ? sentence : sentence.substr(0, end + 1);
}

}  // namespace

std::vector<std::string> codes_with_page() {
  std::vector<std::string> codes;
  for (const auto& [file, text] : embedded_files()) codes.emplace_back(code_of_page(file));
  return codes;
}

std::string_view error_page(std::string_view code) {
  for (const auto& [file, text] : embedded_files()) {
    if (code_of_page(file) == code) return text;
  }
  return "";
}

std::string what_happened(std::string_view page) { return first_sentence_below(page, "What happened"); }

std::string what_to_do(std::string_view page) { return first_sentence_below(page, "What to do"); }

}  // namespace app
