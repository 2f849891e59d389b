// A run's document drawn for a terminal: its head, its graph, every attempt with verdict, request and answer, and its
// history.
#pragma once

#include <string>

#include "app/cli/terminal_text.hpp"
#include "base/json_text.hpp"

namespace app::cli {

// Of a document as engine::run_document() writes it.
std::string run_picture(const base::JsonText& document, const PictureOptions& options);

}  // namespace app::cli
