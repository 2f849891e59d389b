// l://: the survey's address. Links that are one person's own exist only in the e-mails of the survey platform.
#include <fmt/format.h>

#include "base/http/message.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

std::string address_of(const Survey& survey) {
  return fmt::format("https://{}.qualtrics.com/jfe/form/{}", survey.brand, survey.id);
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

PipeFault link_fault(const PipePath& pipe, const Survey* survey) {
  if (pipe.path == "OptOutLink" || pipe.path == "ResponseLink") {
    return {fmt::format("'{}' is one person's own link, which only the survey platform's e-mails hold", pipe.path)};
  }
  if (pipe.path != "SurveyURL" && pipe.path != "SurveyLink") {
    return {fmt::format("'{}' is no link", pipe.path), "l://SurveyURL"};
  }
  if (!survey) {
    return {fmt::format("'{}' needs the survey's definition: put survey.qsf beside the workflow", pipe.path)};
  }
  if (survey->brand.empty() || survey->id.empty()) {
    return {fmt::format("'{}' needs the survey's id and its brand, which this definition does not hold", pipe.path)};
  }
  return {};
}

Found find_link(const PipePath& pipe, const PipeContext& context) {
  if (PipeFault fault = link_fault(pipe, context.survey); fault.is_one()) return fault;
  const std::string address = address_of(*context.survey);
  if (pipe.path == "SurveyURL") return base::Value(address);
  std::string label = base::http::percent_decode(pipe.option_value, /*plus_is_space=*/true).value_or(address);
  if (label.empty()) label = address;
  return base::Value(fmt::format("<a href=\"{}\">{}</a>", address, html_escaped(label)));
}

}  // namespace

const PipeFamily link_pipes{"l", " d ", link_fault, find_link};

}  // namespace connectors::survey
