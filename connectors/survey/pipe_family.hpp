// The families of pipes, one for each scheme: what they look at, and how they say what is wrong.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/value.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

inline constexpr base::ErrorCode pipe_unknown{"pipe_unknown", base::Kind::permanent};
// The response holds an object there, or a list that holds objects or lists.
inline constexpr base::ErrorCode value_is_nested{"value_is_nested", base::Kind::permanent};

// What a pipe is looked up in.
struct PipeContext {
  const Response& response;
  const Survey* survey = nullptr;  // where its definition is at hand
  std::string_view loop{};         // the pass of a loop that is meant: "2"; empty outside of one
};

// `scheme://path?option=value`, without the modifiers that every family has.
struct PipePath {
  std::string_view scheme;
  std::string_view path;
  std::string_view option{};
  std::string_view option_value{};
};

struct PipeFault {
  std::string wrong{};
  std::string right{};  // a whole pipe, e.g. "q://QID1/SelectedChoicesRecode"; may be empty
  base::ErrorCode code = pipe_unknown;

  bool is_one() const { return !wrong.empty(); }
};

// … · did you mean '…'?
std::string to_sentence(const PipeFault& fault);

using Found = std::variant<base::Value, PipeFault>;

struct PipeFamily {
  std::string_view scheme;
  std::string_view options;  // the names of its own options, between blanks: " loop "
  // What is wrong with the pipe; without a survey only its form is judged, and whether a definition is needed.
  PipeFault (*fault)(const PipePath& pipe, const Survey* survey);
  Found (*find)(const PipePath& pipe, const PipeContext& context);
};

extern const PipeFamily question_pipes;  // q://      answers
extern const PipeFamily embedded_pipes;  // e://      embedded data
extern const PipeFamily metadata_pipes;  // rm://     the response itself
extern const PipeFamily contact_pipes;   // m://      its contact
extern const PipeFamily location_pipes;  // loc://    where it was given
extern const PipeFamily score_pipes;     // gr://     scoring
extern const PipeFamily loop_pipes;      // lm://     loop & merge
extern const PipeFamily date_pipes;      // date://   the response's day, and days around it
extern const PipeFamily random_pipes;    // rand://   numbers by chance
extern const PipeFamily link_pipes;      // l://      the survey's address
extern const PipeFamily document_pipes;  // event://  the response's document as it came

// The value under a key of the wire, or a blank that knows whether it was shown. A fault where it is none.
Found value_or_blank(const Response& response, std::string_view key);
// nullptr where the key has no value.
const base::Value* find_value(const base::TextMap<base::Value>& values, std::string_view key);

// What is wrong with a key under which something nested stands; nothing where it does not.
PipeFault nested_fault(const Response& response, std::string_view key);

// "a, b and c"
std::string listed(const std::vector<std::string>& names);

}  // namespace connectors::survey
