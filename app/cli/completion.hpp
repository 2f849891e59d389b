// Completion in a shell: the verbs, their flags and the words that may stand there, as a script that the shell loads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app::cli {

struct CompletedOption {
  std::string name;  // with its dashes
  std::string what;
  bool takes_value = false;
  std::vector<std::string> words{};  // all that the value may be; empty: anything
};

// A verb, a group of verbs, or the program itself.
struct CompletedVerb {
  std::string name{};
  std::string what{};
  std::vector<CompletedOption> options{};
  std::vector<std::string> words{};  // all that its first argument may be; empty: anything
  std::vector<CompletedVerb> verbs{};
};

// `shell` is bash, zsh or fish. Where nothing of the program's fits, names of files are offered.
std::string completion_script(std::string_view shell, const CompletedVerb& program);

}  // namespace app::cli
