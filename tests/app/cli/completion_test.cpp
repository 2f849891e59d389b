// Completion, as the shells are told it; bash is asked itself.
#include <cstdio>
#include <memory>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

std::string script_for(const std::string& shell) {
  const test::Ended ended = test::run_program({"completion", shell});
  REQUIRE(ended.code == 0);
  return ended.output;
}

// What bash offers behind these words, the last of which is being typed.
std::vector<std::string> offered(const std::vector<std::string>& words) {
  const test::TemporaryDirectory directory;
  std::string typed;
  for (const std::string& word : words) typed += " '" + word + "'";
  test::write_file(directory.file("ask.sh"), script_for("bash") + "COMP_WORDS=(sluice" + typed +
                                                 ")\nCOMP_CWORD=" + std::to_string(words.size()) +
                                                 "\n_sluice\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const std::string command = "bash '" + directory.file("ask.sh") + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<std::string> lines;
  char line[1024];
  while (fgets(line, sizeof line, pipe.get())) {
    const std::string text = line;
    if (text != "\n") lines.push_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("bash completes verbs, groups of verbs, flags and the words that a flag takes") {
  CHECK(offered({"vali"}) == Words{"validate"});
  CHECK(offered({"runs", "c"}) == Words{"causes", "cancel"});
  CHECK(offered({"runs", "list", "--not"}) == Words{"--not-started"});
  CHECK(offered({"runs", "resume", "run_1", "--unclear", ""}) == Words{"done", "repeat"});
  CHECK(offered({"--server", "x", "runs", "li"}) == Words{"list"});
  CHECK(offered({"completion", ""}) == Words{"bash", "zsh", "fish", "-h", "--help"});
}

TEST_CASE("bash is left to complete the names of files where anything may stand") {
  CHECK(offered({"serve", "--data", "da"}).empty());
  CHECK(offered({"validate", "work"}).empty());
}

TEST_CASE("zsh and fish are told every verb with what it does") {
  const std::string zsh = script_for("zsh");
  CHECK_THAT(zsh, Catch::StartsWith("#compdef sluice\n"));
  CHECK_THAT(zsh, Catch::Contains("'cancel:end a run that has not ended; what it has sent stays'"));
  CHECK_THAT(zsh, Catch::Contains("\"/runs/resume --unclear\") found=(done repeat)"));
  const std::string fish = script_for("fish");
  CHECK_THAT(fish,
             Catch::Contains(
                 "-n \"__sluice_at '/runs'\" -f -a cancel -d 'end a run that has not ended; what it has sent stays'"));
  CHECK_THAT(fish, Catch::Contains("-n \"__sluice_at '/runs/resume'\" -l unclear -x -a 'done repeat'"));
}

TEST_CASE("a shell that is not known is refused with those that are") {
  const test::Ended ended = test::run_program({"completion", "tcsh"});
  CHECK(ended.code == 64);
  CHECK_THAT(ended.complaint, Catch::Contains("bash") && Catch::Contains("fish"));
}
