// What verbs say: findings and errors for people on stderr, or as one JSON document on stdout.
#pragma once

#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "base/result.hpp"

namespace app::cli {

// One line per finding on stderr; with `json`, {"findings": […]} on stdout. Nothing when there is none.
void print_findings(const base::Findings& findings, bool json);
// `sluice: message [code]`, and where the code's page is; with `json`, {"error": {code, message}}.
void print_error(const base::Error& error, bool json);
// Throws where it cannot be read.
std::string read_text_file(const std::string& path);
void write_text_file(const std::string& path, std::string_view text);

// Whether stdout is a terminal that shows colours (and NO_COLOR is not set).
bool wants_colour();

}  // namespace app::cli
