// ./dev bench: what the program takes, with the spread of each figure.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/bench/mapping_bench.hpp"
#include "tests/bench/serve_bench.hpp"

int main(int argc, char** argv) {
  std::string json_file;
  std::string only;
  double seconds = 5;
  int windows = 5;
  std::string program = SLUICE_PROGRAM;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--json") json_file = argv[i + 1];
    if (name == "--seconds") seconds = std::atof(argv[i + 1]);
    if (name == "--windows") windows = std::atoi(argv[i + 1]);
    if (name == "--program") program = argv[i + 1];
    if (name == "--only") only = argv[i + 1];  // serve, mapping
  }
  char pattern[] = "/tmp/sluice-bench-XXXXXX";
  const std::filesystem::path folder = mkdtemp(pattern);
  nlohmann::json report;
  if (only != "serve") report["mapping"] = bench::measure_mapping(program, folder, windows);
  if (only != "mapping") report.update(bench::measure_serve(program, folder, seconds, windows));
  std::filesystem::remove_all(folder);
  if (!json_file.empty()) std::ofstream(json_file) << report.dump(2) << "\n";
  fmt::print("\n{}\n", report.dump());
  return 0;
}
