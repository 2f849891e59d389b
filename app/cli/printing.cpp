#include "app/cli/printing.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

#include "base/json_writer.hpp"

namespace app::cli {

void print_findings(const base::Findings& findings, bool json) {
  if (json) {
    std::cout << "{\"findings\":" << base::to_json(findings) << "}" << std::endl;
    return;
  }
  for (const base::Finding& finding : findings) std::cerr << base::to_line(finding) << "\n";
}

void print_error(const base::Error& error, bool json) {
  if (json) {
    base::JsonWriter out;
    out.begin_object();
    out.key("error");
    out.begin_object();
    out.field("code", error.code.name);
    out.field("message", error.message);
    out.end_object();
    out.end_object();
    std::cout << out.text() << std::endl;
    return;
  }
  std::cerr << "sluice: " << error.message << " [" << error.code.name << "]\n"
            << "        more: sluice explain " << error.code.name << "\n";
}

std::string read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text_file(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

bool wants_colour() { return ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

}  // namespace app::cli
