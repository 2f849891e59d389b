#include "app/cli/command_line.hpp"

#include <exception>
#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>

#include "app/cli/completion.hpp"
#include "app/cli/verbs.hpp"
#include "base/sql/database.hpp"

namespace app::cli {
namespace {

// One line says what a thing is for, what may stand there, its default and its environment variable.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_positional() || option->get_expected_max() == 0 ? "" : " VALUE";
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = option->get_description();
    const std::string type = option->get_type_name();
    if (const std::size_t brace = type.find('{'); brace != std::string::npos) text += " " + type.substr(brace);
    if (!option->get_default_str().empty()) text += " [" + option->get_default_str() + "]";
    if (!option->get_envname().empty()) text += " $" + option->get_envname();
    return option->get_required() && !option->get_positional() ? text + " (required)" : text;
  }
};

}  // namespace

Verb& Verb::argument(const char* name, std::string& into, const char* what) {
  last_ = app_->add_option(name, into, what)->required();
  return *this;
}

Verb& Verb::optional_argument(const char* name, std::string& into, const char* what) {
  last_ = app_->add_option(name, into, what);
  return *this;
}

Verb& Verb::arguments(const char* name, std::vector<std::string>& into, const char* what) {
  last_ = app_->add_option(name, into, what)->required();
  return *this;
}

Verb& Verb::optional_arguments(const char* name, std::vector<std::string>& into, const char* what) {
  last_ = app_->add_option(name, into, what);
  return *this;
}

Verb& Verb::option(const char* name, std::string& into, const char* what) {
  last_ = app_->add_option(name, into, what);
  if (!into.empty()) last_->capture_default_str();
  return *this;
}

Verb& Verb::option(const char* name, int& into, const char* what) {
  last_ = app_->add_option(name, into, what);
  if (into != 0) last_->capture_default_str();
  return *this;
}

Verb& Verb::option(const char* name, std::uint16_t& into, const char* what) {
  last_ = app_->add_option(name, into, what)->capture_default_str();
  return *this;
}

Verb& Verb::flag(const char* name, bool& into, const char* what) {
  last_ = app_->add_flag(name, into, what);
  return *this;
}

Verb& Verb::option(const char* name, Take take, const char* what) {
  const auto take_it = [name, take = std::move(take)](const std::string& text) {
    if (const std::string fault = take(text); !fault.empty()) throw CLI::ValidationError(name, fault);
  };
  last_ = app_->add_option_function<std::string>(name, take_it, what);
  return *this;
}

Verb& Verb::repeatable(const char* name, Take take, const char* what) {
  const auto take_each = [name, take = std::move(take)](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      if (const std::string fault = take(text); !fault.empty()) throw CLI::ValidationError(name, fault);
    }
  };
  last_ = app_->add_option_function<std::vector<std::string>>(name, take_each, what)
              ->expected(1, -1)
              ->allow_extra_args(false);
  return *this;
}

Verb& Verb::required() {
  last_->required();
  return *this;
}

Verb& Verb::one_of(std::vector<std::string> words) {
  last_->check(CLI::IsMember(std::move(words)));
  return *this;
}

Verb& Verb::between(int first, int last) {
  last_->check(CLI::Range(first, last));
  return *this;
}

Verb& Verb::from_environment(const char* variable) {
  last_->envname(variable);
  return *this;
}

Verb& Verb::under(const char* heading) {
  last_->group(heading);
  return *this;
}

VerbGroup VerbGroup::group(const char* name, const char* what) {
  CLI::App* made = app_->add_subcommand(name, what);
  made->require_subcommand(1);
  made->group(heading_);
  return {*made, *chosen_};
}

Verb VerbGroup::add(const char* name, const char* what, std::function<int()> does) {
  CLI::App* made = app_->add_subcommand(name, what);
  made->group(heading_);
  made->callback([chosen = chosen_, does = std::move(does)] { *chosen = does; });
  return Verb(*made);
}

namespace {

void add_verbs(VerbGroup& program) {
  program.heading("Begin");
  add_demo(program);
  add_new(program);
  program.heading("Write workflows");
  add_validate(program);
  add_test(program);
  add_graph(program);
  add_survey(program);
  add_plan(program);
  add_run(program);
  program.heading("Run servers");
  add_serve(program);
  add_org(program);
  program.heading("Work with a server");
  add_workflows(program);
  add_accounts(program);
  add_apps(program);
  add_runs(program);
  add_notices(program);
  program.heading("People");
  add_projects(program);
  add_users(program);
  add_groups(program);
  add_tokens(program);
  program.heading("Look after a server");
  add_license(program);
  add_audit(program);
  add_keys(program);
  add_brands(program);
  program.heading("Look up");
  add_explain(program);
  add_schema(program);
}

// The words between the braces of a type such as TEXT:{done,repeat}.
std::vector<std::string> words_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{'), end = type.rfind('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

CompletedVerb completed(const CLI::App& app) {
  CompletedVerb verb{.name = app.get_name(), .what = app.get_description()};
  for (const CLI::App* below : app.get_subcommands({})) verb.verbs.push_back(completed(*below));
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() && verb.words.empty()) verb.words = words_of(*option);
    const bool takes_value = option->get_expected_max() > 0;
    for (const std::string& name : option->get_snames())
      verb.options.push_back({"-" + name, option->get_description(), takes_value, words_of(*option)});
    for (const std::string& name : option->get_lnames())
      verb.options.push_back({"--" + name, option->get_description(), takes_value, words_of(*option)});
  }
  return verb;
}

// Told by the words that are read, so that no verb is forgotten.
void add_completion(VerbGroup& verbs, const CLI::App& program) {
  const auto shell = std::make_shared<std::string>();
  Verb verb = verbs.add("completion", "a script that completes these words in your shell", [shell, &program] {
    std::cout << completion_script(*shell, completed(program)) << std::flush;
    return Exit::fine;
  });
  verb.argument("SHELL", *shell, "which shell").one_of({"bash", "zsh", "fish"});
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App program("Sluice carries survey responses into Salesforce.", "sluice");
  program.require_subcommand(1);
  program.set_version_flag("--version", "sluice 0.1.0");
  program.formatter(std::make_shared<HelpFormatter>());
  std::function<int()> chosen;
  VerbGroup verbs(program, chosen);
  add_verbs(verbs);
  add_completion(verbs, program);
  // After the verbs, whose own help does without.
  program.footer(
      "Exit codes: 0 fine, 1 failed, 2 changes found, 3 not verifiable (--strict), 64 usage, 65 bad input,\n"
      "            69 unavailable, 75 try again, 77 not allowed, 78 configuration.\n"
      "Settings: flag > environment (SLUICE_…) > default.");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // What workflows were called where many come from. No second name for them: a hint.
    if (argc > 1 && std::string_view(argv[1]) == "actions") {
      std::cerr << "sluice: there is no 'actions' · that is the former name of workflows: did you mean 'workflows'?\n";
      return Exit::usage;
    }
    const int code = program.exit(error);
    return code == 0 ? Exit::fine : Exit::usage;
  }
  try {
    return chosen();
  } catch (const base::sql::DatabaseError& error) {
    std::cerr << "sluice: the database gave up: " << error.what() << "\n";
    return Exit::unavailable;
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << "\n";
    return Exit::failed;
  }
}

}  // namespace app::cli
