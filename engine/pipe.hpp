// Piped text: `${scheme://path}` and `$e{arithmetic}` inside a text. What a pipe means is the business of a
// ValueSource.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "engine/arithmetic.hpp"
#include "engine/value_source.hpp"

namespace engine {

// A text cut into what stands for itself and what is looked up.
struct PipedText {
  std::vector<std::variant<std::string, Pipe, Arithmetic>> parts;

  bool is_one_pipe() const { return parts.size() == 1 && std::holds_alternative<Pipe>(parts.front()); }
  // Also one expression keeps its type.
  bool is_one_value() const { return parts.size() == 1 && !std::holds_alternative<std::string>(parts.front()); }
  bool is_literal() const;  // nothing is looked up
  // All of them, also those within expressions.
  std::vector<Pipe> pipes() const;
};

inline constexpr base::ErrorCode piped_text_broken{"piped_text_broken", base::Kind::permanent};

// `$${` stands for a plain `${`, `$$e{` for a plain `$e{`, and `~~{ch://…}` for a plain `~{ch://…}`. An error names the
// place of a pipe that is not closed or has no scheme.
base::Result<PipedText> parse_piped_text(std::string_view text);

// As an author would write it: parse_piped_text gives the same text again.
std::string to_string(const PipedText& text);

// A text that is exactly one pipe or expression keeps the value's type; otherwise every pipe is written as to_text()
// does. Looked up once: what a pipe brings is never searched for pipes again.
base::Result<base::Value> resolve(const PipedText& text, const ValueSource& values);

// `contact` of ${task://contact/Id}; "" for a pipe of another scheme.
std::string_view task_of(const Pipe& pipe);

}  // namespace engine
