// How a verb says what it takes and which function does it. Reading the words is the business of command_line.cpp,
// which alone knows the library for that.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace app::cli {

// What a verb's function gives back.
enum Exit : int {
  fine = 0,
  failed = 1,
  changes_planned = 2,
  unverifiable = 3,  // with --strict: a check could not run
  usage = 64,
  bad_input = 65,
  unavailable = 69,
  try_again = 75,
  not_allowed = 77,
  bad_configuration = 78
};

// What stands there when it is left out is the default, and --help says so. Each function adds one thing that the verb
// takes and keeps a reference to where it goes.
class Verb {
 public:
  explicit Verb(CLI::App& app) : app_(&app) {}

  // By its place among the words.
  Verb& argument(const char* name, std::string& into, const char* what);
  Verb& optional_argument(const char* name, std::string& into, const char* what);
  Verb& arguments(const char* name, std::vector<std::string>& into, const char* what);  // one or more

  Verb& optional_arguments(const char* name, std::vector<std::string>& into, const char* what);

  // By its name, e.g. "-o,--output". A number of 0 stands for none given.
  Verb& option(const char* name, std::string& into, const char* what);
  Verb& option(const char* name, int& into, const char* what);
  Verb& option(const char* name, std::uint16_t& into, const char* what);
  Verb& flag(const char* name, bool& into, const char* what);
  // `take` gets the text and gives back what is wrong with it, or "".
  using Take = std::function<std::string(const std::string& text)>;
  Verb& option(const char* name, Take take, const char* what);
  // May be given more than once.
  Verb& repeatable(const char* name, Take take, const char* what);

  // These say more about the one added last.
  Verb& required();
  Verb& one_of(std::vector<std::string> words);
  Verb& between(int first, int last);
  Verb& from_environment(const char* variable);
  Verb& under(const char* heading);  // in --help

 private:
  CLI::App* app_;
  CLI::Option* last_ = nullptr;
};

// A verb and the place where its words go.
template <class Arguments>
class VerbOf : public Verb {
 public:
  VerbOf(Verb verb, Arguments& arguments) : Verb(verb), arguments_(&arguments) {}
  Arguments* operator->() { return arguments_; }
  Arguments& operator*() { return *arguments_; }

 private:
  Arguments* arguments_;
};

// The program, or a group of verbs such as `runs`.
class VerbGroup {
 public:
  VerbGroup(CLI::App& app, std::function<int()>& chosen) : app_(&app), chosen_(&chosen) {}

  // What is added from now on stands under this heading in --help.
  void heading(const char* text) { heading_ = text; }
  VerbGroup group(const char* name, const char* what);

  template <class Arguments>
  VerbOf<Arguments> verb(const char* name, const char* what, int (*function)(const Arguments&)) {
    const auto arguments = std::make_shared<Arguments>();
    return {add(name, what, [arguments, function] { return function(*arguments); }), *arguments};
  }

  // The same for what runs a function in its own way.
  Verb add(const char* name, const char* what, std::function<int()> does);

 private:
  CLI::App* app_;
  std::function<int()>* chosen_;
  std::string heading_ = "Verbs";
};

// `--json`, which every verb with something to tell has.
inline void take_json(Verb& verb, bool& json) { verb.flag("--json", json, "one valid JSON document on stdout"); }

}  // namespace app::cli
