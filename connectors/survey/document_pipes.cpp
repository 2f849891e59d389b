// event://: a response's document by its own keys, for what has no other form.
#include <array>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

constexpr std::array<std::string_view, 4> sections{"responseId", "surveyId", "values/", "labels/"};

PipeFault document_fault(const PipePath& pipe, const Survey*) {
  if (pipe.path == sections[0] || pipe.path == sections[1]) return {};
  for (std::string_view section : {sections[2], sections[3]}) {
    if (pipe.path.starts_with(section) && pipe.path.size() > section.size()) return {};
  }
  PipeFault fault{
      fmt::format("'{}' is not among a response's members: responseId, surveyId, values/KEY, labels/KEY", pipe.path)};
  const std::size_t slash = pipe.path.find('/');
  if (slash != std::string_view::npos) {
    const std::string near = base::nearest(pipe.path.substr(0, slash), {"values", "labels"});
    if (!near.empty()) fault.right = fmt::format("event://{}{}", near, pipe.path.substr(slash));
    return fault;
  }
  const std::string near = base::nearest(pipe.path, {"responseId", "surveyId"});
  fault.right = near.empty() ? fmt::format("event://values/{}", pipe.path) : "event://" + near;
  return fault;
}

Found find_in_document(const PipePath& pipe, const PipeContext& context) {
  const Response& response = context.response;
  if (PipeFault fault = document_fault(pipe, nullptr); fault.is_one()) return fault;
  if (pipe.path == "responseId") return base::Value(response.id);
  if (pipe.path == "surveyId")
    return response.survey.empty() ? base::Value(base::Blank{}) : base::Value(response.survey);
  const std::string key(pipe.path.substr(sections[2].size()));  // both are as long
  if (pipe.path.starts_with(sections[2])) return value_or_blank(response, key);
  if (const base::Value* label = find_value(response.labels, key)) return *label;
  return base::Value(base::Blank{response.displayed.contains(key)});
}

}  // namespace

const PipeFamily document_pipes{"event", "", document_fault, find_in_document};

}  // namespace connectors::survey
