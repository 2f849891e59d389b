// docs/authoring.md: its commands, run in their order in an empty folder, as a reader would type them.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;

struct ShellBlock {
  int line = 0;  // of its first command
  std::string text;
};

std::vector<ShellBlock> shell_blocks_of(const fs::path& document) {
  std::ifstream file(document);
  std::vector<ShellBlock> blocks;
  bool is_inside = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (is_inside && line == "```") {
      is_inside = false;
    } else if (is_inside) {
      blocks.back().text += line + "\n";
    } else if (line == "```sh") {
      is_inside = true;
      blocks.push_back({number + 1, ""});
    }
  }
  return blocks;
}

constexpr std::string_view block_mark = "#### the block at line ";

// One shell for all blocks: what a block sets, the next ones use. Whatever still runs when it ends is stopped.
void write_script(const fs::path& path, const std::vector<ShellBlock>& blocks) {
  std::ofstream script(path);
  script << "set -euo pipefail\n"
         << "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n";
  for (const ShellBlock& block : blocks) script << "echo '" << block_mark << block.line << "'\n" << block.text;
}

// What the last block that was begun has written.
std::string output_of_last_block(const fs::path& output) {
  std::ifstream file(output);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  const std::size_t last = whole.rfind(block_mark);
  return last == std::string::npos ? whole : whole.substr(last);
}

}  // namespace

TEST_CASE("the commands of docs/authoring.md work as they stand, in their order") {
  const std::vector<ShellBlock> blocks = shell_blocks_of(fs::path(test::source_path()) / "docs" / "authoring.md");
  REQUIRE(blocks.size() >= 10);
  const test::TemporaryDirectory directory;
  const fs::path script = fs::path(directory.path()) / "script.sh";
  const fs::path output = fs::path(directory.path()) / "output.txt";
  const fs::path reader = fs::path(directory.path()) / "reader";
  fs::create_directory(reader);
  write_script(script, blocks);

  // The limit ends a wait for something that never comes.
  const std::string command =
      "cd '" + reader.string() + "' && PATH='" + fs::path(test::program_path()).parent_path().string() +
      "':\"$PATH\" timeout --kill-after=10 300 bash '" + script.string() + "' > '" + output.string() + "' 2>&1";
  const int status = std::system(command.c_str());

  INFO(output_of_last_block(output));
  CHECK(status == 0);
}
