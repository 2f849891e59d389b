#include "connectors/survey/piped_text.hpp"

#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "base/http/message.hpp"

namespace connectors::survey {

namespace {

constexpr std::array<const PipeFamily*, 11> families{&question_pipes, &embedded_pipes, &metadata_pipes, &contact_pipes,
                                                     &location_pipes, &score_pipes,    &loop_pipes,     &date_pipes,
                                                     &random_pipes,   &link_pipes,     &document_pipes};

const PipeFamily* family_of(std::string_view scheme) {
  for (const PipeFamily* family : families) {
    if (family->scheme == scheme) return family;
  }
  return nullptr;
}

// A pipe cut into its path, its family's own option, and the modifiers that may stand behind every pipe.
struct ModifiedPipe {
  const PipeFamily* family = nullptr;
  PipePath path{};
  bool url_encoded = false;
  std::optional<std::string_view> fallback{};  // percent-encoded
  std::optional<PipeFault> fault{};
};

PipeFault unknown_scheme(std::string_view scheme, std::string_view path) {
  // Forms that the platform's own workflows have for what has another name here.
  if (scheme == "ch") {
    return {
        "'ch://' is how the survey platform writes it: here it is task://ID/MEMBER, with the task's id in this "
        "workflow"};
  }
  if (scheme == "aedj") {
    return {"'aedj://' is how the survey platform writes it", fmt::format("event://values/{}", path)};
  }
  std::vector<std::string> names;
  for (const PipeFamily* family : families) names.emplace_back(family->scheme);
  const std::string near = base::nearest(scheme, names);
  for (std::string& name : names) name += "://";
  return {fmt::format("'{}://' is not known here: a response answers {}", scheme, listed(names)),
          near.empty() ? "" : fmt::format("{}://{}", near, path)};
}

PipeFault unknown_modifier(const ModifiedPipe& pipe, std::string_view modifier) {
  const std::string_view own = pipe.family->options;  // one at most
  std::vector<std::string> known{"format", "default"};
  if (own.size() > 2) known.emplace_back(own.substr(1, own.size() - 2));
  const std::size_t equals = modifier.find('=');
  const std::string near = base::nearest(modifier.substr(0, equals), known);
  const std::string_view given = equals == std::string_view::npos ? "" : modifier.substr(equals + 1);
  PipeFault fault{
      fmt::format("'?{}' is no modifier of piped text, as ?format=urlencode and ?default=TEXT are", modifier)};
  if (!near.empty()) {
    fault.right =
        fmt::format("{}://{}?{}={}", pipe.path.scheme, pipe.path.path, near, near == "format" ? "urlencode" : given);
  }
  return fault;
}

// `modifier` is one of those behind the '?', "name=value".
void take_modifier(ModifiedPipe& pipe, std::string_view modifier) {
  const std::size_t equals = modifier.find('=');
  const std::string_view name = modifier.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : modifier.substr(equals + 1);
  if (modifier == "format=urlencode") {
    pipe.url_encoded = true;
  } else if (name == "default" && equals != std::string_view::npos) {
    pipe.fallback = value;
  } else if (!name.empty() && pipe.family->options.find(fmt::format(" {} ", name)) != std::string_view::npos) {
    pipe.path.option = name;
    pipe.path.option_value = value;
  } else if (!pipe.fault) {
    pipe.fault = unknown_modifier(pipe, modifier);
  }
}

ModifiedPipe cut(std::string_view scheme, std::string_view path) {
  ModifiedPipe pipe{.family = family_of(scheme)};
  if (!pipe.family) {
    pipe.fault = unknown_scheme(scheme, path);
    return pipe;
  }
  const std::size_t question_mark = path.find('?');
  pipe.path = {scheme, path.substr(0, question_mark)};
  if (question_mark == std::string_view::npos) return pipe;
  std::string_view rest = path.substr(question_mark + 1);
  for (bool more = true; more;) {
    const std::size_t ampersand = rest.find('&');
    take_modifier(pipe, rest.substr(0, ampersand));
    more = ampersand != std::string_view::npos;
    if (more) rest.remove_prefix(ampersand + 1);
  }
  return pipe;
}

PipeFault fault_of(std::string_view scheme, std::string_view path, const Survey* survey) {
  const ModifiedPipe pipe = cut(scheme, path);
  return pipe.fault ? *pipe.fault : pipe.family->fault(pipe.path, survey);
}

// What is suggested has to be right itself. A suggestion that is not gives way to what would be right of it.
PipeFault with_sound_suggestion(PipeFault fault, const Survey* survey) {
  constexpr int steps_max = 4;
  for (int step = 0; step < steps_max && !fault.right.empty(); ++step) {
    const std::size_t colon = fault.right.find("://");
    if (colon == std::string::npos) break;
    const std::string_view right = fault.right;
    PipeFault next = fault_of(right.substr(0, colon), right.substr(colon + 3), survey);
    if (!next.is_one()) return fault;
    fault.right = std::move(next.right);
  }
  fault.right.clear();
  return fault;
}

base::Error unknown_pipe(std::string_view scheme, std::string_view path, const PipeFault& fault) {
  return {fault.code, fmt::format("'{}://{}': {}", scheme, path, to_sentence(fault))};
}

std::string decoded(std::string_view text) {
  return base::http::percent_decode(text, /*plus_is_space=*/true).value_or(std::string(text));
}

}  // namespace

std::string to_sentence(const PipeFault& fault) {
  return fault.right.empty() ? fault.wrong : fmt::format("{} · did you mean '{}'?", fault.wrong, fault.right);
}

std::string what_is_wrong_with(std::string_view scheme, std::string_view path, const Survey* survey) {
  PipeFault fault = fault_of(scheme, path, survey);
  return fault.is_one() ? to_sentence(with_sound_suggestion(std::move(fault), survey)) : "";
}

base::Result<base::Value> look_up(const PipeContext& context, std::string_view scheme, std::string_view path) {
  const ModifiedPipe pipe = cut(scheme, path);
  if (pipe.fault) return unknown_pipe(scheme, path, *pipe.fault);
  Found found = pipe.family->find(pipe.path, context);
  if (const auto* fault = std::get_if<PipeFault>(&found)) return unknown_pipe(scheme, path, *fault);
  base::Value& value = std::get<base::Value>(found);
  if (pipe.fallback && value.is_blank()) value = decoded(*pipe.fallback);
  if (pipe.url_encoded && !std::holds_alternative<base::Blank>(value.data)) {
    return base::Value(base::http::percent_encode(base::to_text(value)));
  }
  return std::move(value);
}

base::Result<base::Value> look_up(const Response& response, std::string_view scheme, std::string_view path) {
  return look_up(PipeContext{response}, scheme, path);
}

Found value_or_blank(const Response& response, std::string_view key) {
  if (const base::Value* found = find_value(response.values, key)) return *found;
  if (PipeFault fault = nested_fault(response, key); fault.is_one()) return fault;
  return base::Value(base::Blank{response.displayed.contains(key)});
}

PipeFault nested_fault(const Response& response, std::string_view key) {
  if (response.nested.empty()) return {};
  const auto at = response.nested.find(key);
  if (at == response.nested.end()) return {};
  const bool is_object = at->second.text.starts_with('{');
  return {.wrong = fmt::format("the response holds {} under '{}', and a value is a text, a number, true or false, or a "
                               "list of these{}",
                               is_object ? "an object" : "a list of objects or lists", key,
                               is_object ? "" : "; for_each does a task for each item"),
          .code = value_is_nested};
}

const base::Value* find_value(const base::TextMap<base::Value>& values, std::string_view key) {
  auto at = values.find(key);
  return at == values.end() ? nullptr : &at->second;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace connectors::survey
