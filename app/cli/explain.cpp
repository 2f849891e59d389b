// `sluice explain`: the page of an error code, as it stands in docs/errors.
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/embedded_pages.hpp"
#include "app/errors.hpp"
#include "base/findings.hpp"

namespace app::cli {
namespace {

struct ExplainArguments {
  std::string code{};  // empty: the list
};

std::string_view code_of_page(std::string_view file) { return file.substr(0, file.rfind('.')); }

std::string_view page_of_code(std::string_view code) {
  for (const auto& [file, text] : embedded_files()) {
    if (code_of_page(file) == code) return text;
  }
  return "";
}

// The first sentence below "What happened", on one line.
std::string summary_of_page(std::string_view page) {
  constexpr std::string_view heading = "## What happened\n\n";
  const std::size_t at = page.find(heading);
  if (at == std::string_view::npos) return "";
  std::string sentence;
  for (const char c : page.substr(at + heading.size())) {
    if (c == '\n' && sentence.ends_with('\n')) break;
    sentence += c;
  }
  for (char& c : sentence) {
    if (c == '\n') c = ' ';
  }
  const std::size_t end = sentence.find(". ");
  if (end != std::string::npos) sentence.resize(end + 1);
  while (sentence.ends_with(' ')) sentence.pop_back();
  return sentence;
}

void list_pages() {
  std::size_t width = 0;
  for (const auto& [file, text] : embedded_files()) width = std::max(width, code_of_page(file).size());
  for (const auto& [file, text] : embedded_files())
    std::cout << fmt::format("{:<{}}  {}\n", code_of_page(file), width, summary_of_page(text));
}

int explain_code(const ExplainArguments& arguments) {
  if (arguments.code.empty()) {
    list_pages();
    return Exit::fine;
  }
  if (const std::string_view page = page_of_code(arguments.code); !page.empty()) {
    std::cout << page << std::flush;
    return Exit::fine;
  }
  std::vector<std::string> codes;
  for (const auto& [file, text] : embedded_files()) codes.emplace_back(code_of_page(file));
  const std::string meant = base::nearest(arguments.code, codes);
  print_error({error_code_unknown, fmt::format("there is no code '{}'{}", arguments.code,
                                               meant.empty() ? "" : fmt::format(" · did you mean '{}'?", meant))},
              false);
  return Exit::usage;
}

}  // namespace

void add_explain(VerbGroup& program) {
  auto verb =
      program.verb("explain", "what an error code means and what to do; without a code, the list", explain_code);
  verb.optional_argument("CODE", verb->code, "e.g. account_not_linked");
}

}  // namespace app::cli
