// A verb's end that its user has to hear about: thrown where it is found, told in one place.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "app/cli/verb.hpp"
#include "base/error.hpp"
#include "base/json_text.hpp"

namespace app::cli {

class Refusal : public std::runtime_error {
 public:
  Refusal(Exit exit_code, std::string with_code, const std::string& sentence, std::string what_next = "")
      : std::runtime_error(sentence), exit(exit_code), code(std::move(with_code)), next(std::move(what_next)) {}
  Refusal(Exit exit_code, const base::Error& error, std::string what_next = "")
      : Refusal(exit_code, std::string(error.code.name), error.message, std::move(what_next)) {}

  Exit exit;
  std::string code;
  std::string next;          // what to do, one sentence; "": the code's page says it
  base::JsonText problem{};  // the server's own document, where it sent one
};

// `sluice: sentence [code]`, every finding of the problem, and what to do; with `json`, {"error": {…}} on stdout.
void print_refusal(const Refusal& refusal, bool json);

// Runs a verb's function; a Refusal is printed and gives the exit code.
int run_or_refuse(bool json, const std::function<int()>& function);

}  // namespace app::cli
