// `sluice explain`: the page of an error code, as it stands in docs/errors.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/error_page.hpp"
#include "app/errors.hpp"
#include "base/findings.hpp"

namespace app::cli {
namespace {

struct ExplainArguments {
  std::string code{};  // empty: the list
};

void list_pages() {
  const std::vector<std::string> codes = codes_with_page();
  std::size_t width = 0;
  for (const std::string& code : codes) width = std::max(width, code.size());
  for (const std::string& code : codes)
    std::cout << fmt::format("{:<{}}  {}\n", code, width, what_happened(error_page(code)));
}

int explain_code(const ExplainArguments& arguments) {
  if (arguments.code.empty()) {
    list_pages();
    return Exit::fine;
  }
  if (const std::string_view page = error_page(arguments.code); !page.empty()) {
    std::cout << page << std::flush;
    return Exit::fine;
  }
  const std::string meant = base::nearest(arguments.code, codes_with_page());
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
