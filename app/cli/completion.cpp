#include "app/cli/completion.hpp"

#include <functional>

#include <fmt/format.h>

namespace app::cli {
namespace {

// Calls with each verb and its path: "" for the program, "/runs", "/runs/list".
using Visit = std::function<void(const std::string& path, const CompletedVerb& verb)>;
void walk(const CompletedVerb& verb, const Visit& visit, const std::string& path = "") {
  visit(path, verb);
  for (const CompletedVerb& below : verb.verbs) walk(below, visit, path + "/" + below.name);
}

std::string all_paths(const CompletedVerb& program, std::string_view separator) {
  std::vector<std::string> paths;
  walk(program, [&](const std::string& path, const CompletedVerb&) {
    if (!path.empty()) paths.push_back(path);
  });
  return fmt::format("{}", fmt::join(paths, separator));
}

// Between single quotes.
std::string quoted(std::string_view text, std::string_view apostrophe) {
  std::string safe;
  for (const char c : text) safe += c == '\'' ? std::string(apostrophe) : std::string(1, c);
  return "'" + safe + "'";
}

std::string offered_words(const CompletedVerb& verb) {
  std::vector<std::string> words = verb.words;
  for (const CompletedVerb& below : verb.verbs) words.push_back(below.name);
  for (const CompletedOption& option : verb.options) words.push_back(option.name);
  return fmt::format("{}", fmt::join(words, " "));
}

// ---- bash

std::string bash_values(const CompletedVerb& program) {
  std::string cases;
  walk(program, [&](const std::string& path, const CompletedVerb& verb) {
    for (const CompletedOption& option : verb.options) {
      if (option.takes_value)
        cases += fmt::format("    \"{} {}\") words=\"{}\" ;;\n", path, option.name, fmt::join(option.words, " "));
    }
  });
  return cases;
}

std::string bash_words(const CompletedVerb& program) {
  std::string cases;
  walk(program, [&](const std::string& path, const CompletedVerb& verb) {
    cases += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, offered_words(verb));
  });
  return cases;
}

std::string bash_script(const CompletedVerb& program) {
  return fmt::format(R"(# Completion of {0} for bash. Load it, or keep it where bash looks for such files:
#   {0} completion bash > ~/.local/share/bash-completion/completions/{0}
_{0}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} at= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/${{COMP_WORDS[i]}}" in
      {1}) at+="/${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$at $prev" in
{2}    *)
      case "$at" in
{3}      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o default -F _{0} {0}
)",
                     program.name, all_paths(program, "|"), bash_values(program), bash_words(program));
}

// ---- zsh

// "name:what it is", as _describe takes it.
std::string zsh_entry(std::string_view name, std::string_view what) {
  std::string escaped;
  for (const char c : name) escaped += c == ':' ? "\\:" : std::string(1, c);
  return quoted(what.empty() ? escaped : fmt::format("{}:{}", escaped, what), R"('\'')");
}

std::string zsh_values(const CompletedVerb& program) {
  std::string cases;
  walk(program, [&](const std::string& path, const CompletedVerb& verb) {
    for (const CompletedOption& option : verb.options) {
      if (option.takes_value)
        cases += fmt::format("    \"{} {}\") found=({}) ;;\n", path, option.name, fmt::join(option.words, " "));
    }
  });
  return cases;
}

std::string zsh_words(const CompletedVerb& program) {
  std::string cases;
  walk(program, [&](const std::string& path, const CompletedVerb& verb) {
    std::vector<std::string> entries;
    for (const std::string& word : verb.words) entries.push_back(zsh_entry(word, ""));
    for (const CompletedVerb& below : verb.verbs) entries.push_back(zsh_entry(below.name, below.what));
    for (const CompletedOption& option : verb.options) entries.push_back(zsh_entry(option.name, option.what));
    cases += fmt::format("        \"{}\") found=({}) ;;\n", path, fmt::join(entries, " "));
  });
  return cases;
}

std::string zsh_script(const CompletedVerb& program) {
  return fmt::format(R"(#compdef {0}
# Completion of {0} for zsh. Keep it in a folder of $fpath:
#   {0} completion zsh > "${{fpath[1]}}/_{0}"
_{0}() {{
  local at= i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/${{words[i]}}" in
      {1}) at+="/${{words[i]}}" ;;
    esac
  done
  case "$at ${{words[CURRENT-1]}}" in
{2}    *)
      case "$at" in
{3}      esac ;;
  esac
  _describe '{0}' found || _files
}}
compdef _{0} {0}
)",
                     program.name, all_paths(program, "|"), zsh_values(program), zsh_words(program));
}

// ---- fish

std::string fish_option(const CompletedOption& option) {
  std::string name = option.name.starts_with("--") ? "-l " + option.name.substr(2) : "-s " + option.name.substr(1);
  if (!option.words.empty()) return fmt::format("{} -x -a '{}'", name, fmt::join(option.words, " "));
  return option.takes_value ? name + " -r" : name;
}

std::string fish_lines(const CompletedVerb& program) {
  std::string lines;
  walk(program, [&](const std::string& path, const CompletedVerb& verb) {
    const std::string start = fmt::format("complete -c {} -n \"__{}_at '{}'\"", program.name, program.name, path);
    for (const CompletedVerb& below : verb.verbs)
      lines += fmt::format("{} -f -a {} -d {}\n", start, below.name, quoted(below.what, R"(\')"));
    for (const CompletedOption& option : verb.options)
      lines += fmt::format("{} {} -d {}\n", start, fish_option(option), quoted(option.what, R"(\')"));
    if (!verb.words.empty()) lines += fmt::format("{} -f -a '{}'\n", start, fmt::join(verb.words, " "));
  });
  return lines;
}

std::string fish_script(const CompletedVerb& program) {
  return fmt::format(R"(# Completion of {0} for fish. Keep it where fish looks for such files:
#   {0} completion fish > ~/.config/fish/completions/{0}.fish
function __{0}_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    switch "$at/$word"
      case {1}
        set at "$at/$word"
    end
  end
  test "$at" = "$argv[1]"
end
{2})",
                     program.name, all_paths(program, " "), fish_lines(program));
}

}  // namespace

std::string completion_script(std::string_view shell, const CompletedVerb& program) {
  if (shell == "zsh") return zsh_script(program);
  return shell == "fish" ? fish_script(program) : bash_script(program);
}

}  // namespace app::cli
