#include "engine/pipe.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace engine {
namespace {

bool is_scheme(std::string_view text) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), letter_or_digit);
}

base::Error broken_pipe(std::size_t at, std::string_view shown, std::string_view fault) {
  constexpr std::size_t shown_max = 40;
  return {piped_text_broken,
          fmt::format("the pipe at character {}, '{}', {}", at + 1, shown.substr(0, shown_max), fault)};
}

// The pipe that starts with the `${` at `at`; moves `at` behind it.
base::Result<Pipe> read_pipe(std::string_view text, std::size_t& at) {
  const std::size_t close = text.find('}', at);
  if (close == std::string_view::npos) return broken_pipe(at, text.substr(at), "is not closed");
  const std::string_view whole = text.substr(at, close + 1 - at);
  const std::string_view inside = whole.substr(2, whole.size() - 3);
  if (inside.find("${") != std::string_view::npos)
    return broken_pipe(at, whole, "holds another pipe, or is not closed");
  const std::size_t colon = inside.find("://");
  if (colon == std::string_view::npos || !is_scheme(inside.substr(0, colon))) {
    return broken_pipe(at, whole, "has no scheme, as in ${q://QID1/ChoiceGroup/SelectedChoices}");
  }
  if (colon + 3 == inside.size()) return broken_pipe(at, whole, "names nothing behind its scheme");
  at = close + 1;
  return Pipe{std::string(inside.substr(0, colon)), std::string(inside.substr(colon + 3))};
}

// The `}` that ends the expression whose inside starts at `at`; those of its pipes are passed over.
std::size_t end_of_expression(std::string_view text, std::size_t at) {
  for (; at < text.size() && text[at] != '}'; ++at) {
    if (text.substr(at, 2) != "${") continue;
    at = text.find('}', at);
    if (at == std::string_view::npos) break;
  }
  return at < text.size() ? at : std::string_view::npos;
}

// The expression that starts with the `$e{` at `at`; moves `at` behind it.
base::Result<Arithmetic> read_expression(std::string_view text, std::size_t& at) {
  const std::size_t begin = at + 3;
  const std::size_t close = end_of_expression(text, begin);
  if (close == std::string_view::npos) return broken_pipe(at, text.substr(at), "is not closed");
  base::Result<Arithmetic> read = Arithmetic::parse(text.substr(begin, close - begin));
  at = close + 1;
  return read;
}

// `~{ch://…}`, as the survey platform's own workflows write it.
bool is_foreign_pipe(std::string_view rest) {
  if (!rest.starts_with("~{")) return false;
  rest.remove_prefix(2);
  const auto scheme_end = std::find_if_not(rest.begin(), rest.end(), [](char c) { return is_scheme({&c, 1}); });
  const auto length = static_cast<std::size_t>(scheme_end - rest.begin());
  return length > 0 && rest.substr(length).starts_with("://");
}

base::Result<base::Value> value_of_part(const std::variant<std::string, Pipe, Arithmetic>& part,
                                        const ValueSource& values) {
  if (const Pipe* pipe = std::get_if<Pipe>(&part)) return values.value(*pipe);
  if (const Arithmetic* arithmetic = std::get_if<Arithmetic>(&part)) return arithmetic->value(values);
  return base::Value(std::get<std::string>(part));
}

}  // namespace

bool PipedText::is_literal() const {
  return std::all_of(parts.begin(), parts.end(),
                     [](const auto& part) { return std::holds_alternative<std::string>(part); });
}

std::vector<Pipe> PipedText::pipes() const {
  std::vector<Pipe> found;
  for (const auto& part : parts) {
    if (const Pipe* pipe = std::get_if<Pipe>(&part)) found.push_back(*pipe);
    if (const Arithmetic* arithmetic = std::get_if<Arithmetic>(&part)) {
      found.insert(found.end(), arithmetic->pipes().begin(), arithmetic->pipes().end());
    }
  }
  return found;
}

base::Result<PipedText> parse_piped_text(std::string_view text) {
  PipedText piped;
  std::string plain;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("$${")) {
      plain += "${";
      at += 3;
    } else if (rest.starts_with("$$e{")) {
      plain += "$e{";
      at += 4;
    } else if (rest.starts_with('~') && is_foreign_pipe(rest.substr(1))) {
      plain += "~{";
      at += 3;
    } else if (is_foreign_pipe(rest)) {
      const std::size_t close = std::min(rest.find('}'), rest.size() - 1);
      return broken_pipe(at, rest.substr(0, close + 1),
                         "is the survey platform's form: here it is ${task://ID/MEMBER}, of a task's output, or "
                         "${event://values/NAME}; as a plain text it begins with ~~{");
    } else if (rest.starts_with("$e{")) {
      base::Result<Arithmetic> expression = read_expression(text, at);
      if (!expression) return expression.error();
      if (!plain.empty()) piped.parts.emplace_back(std::exchange(plain, {}));
      piped.parts.emplace_back(std::move(*expression));
    } else if (rest.starts_with("${")) {
      base::Result<Pipe> pipe = read_pipe(text, at);
      if (!pipe) return pipe.error();
      if (!plain.empty()) piped.parts.emplace_back(std::exchange(plain, {}));
      piped.parts.emplace_back(std::move(*pipe));
    } else {
      plain += text[at++];
    }
  }
  if (!plain.empty()) piped.parts.emplace_back(std::move(plain));
  return piped;
}

std::string to_string(const PipedText& text) {
  std::string written;
  for (const auto& part : text.parts) {
    if (const Pipe* pipe = std::get_if<Pipe>(&part)) {
      written += to_string(*pipe);
      continue;
    }
    if (const Arithmetic* arithmetic = std::get_if<Arithmetic>(&part)) {
      written += "$e{" + arithmetic->text() + "}";
      continue;
    }
    const std::string& plain = std::get<std::string>(part);
    for (std::size_t at = 0; at < plain.size(); ++at) {
      if (plain.compare(at, 2, "${") == 0 || plain.compare(at, 3, "$e{") == 0) written += '$';
      if (is_foreign_pipe(std::string_view(plain).substr(at))) written += '~';
      written += plain[at];
    }
  }
  return written;
}

base::Result<base::Value> resolve(const PipedText& text, const ValueSource& values) {
  if (text.is_one_value()) return value_of_part(text.parts.front(), values);
  std::string written;
  for (const auto& part : text.parts) {
    if (const std::string* plain = std::get_if<std::string>(&part)) {
      written += *plain;
      continue;
    }
    const base::Result<base::Value> value = value_of_part(part, values);
    if (!value) return value.error();
    written += base::to_text(*value);
  }
  return base::Value(std::move(written));
}

std::string_view task_of(const Pipe& pipe) {
  if (pipe.scheme != "task") return {};
  const std::string_view path = pipe.path;
  return path.substr(0, path.find_first_of("/?"));
}

}  // namespace engine
