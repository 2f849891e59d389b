// How states and times are shown to people.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/document_tree.hpp"
#include "app/cli/terminal_text.hpp"

namespace app::cli {

// Of a run, a task or an attempt's outcome.
Ink ink_of_state(std::string_view state);
std::string_view mark_of_state(std::string_view state);

// What a run waits for, of its "items": `waits for 3 of 8 items: 2 held, 1 running · 1 failed`; "" where there are
// none.
std::string items_in_words(const Tree& items);

// `2026-11-24T13:05:50.000Z` as `2026-11-24 13:05:50.000 UTC`, to the minute, and without its day.
std::string day_and_time(const std::string& iso);
std::string day_and_minute(const std::string& iso);
std::string time_of_day(const std::string& iso);
// From one to the other, e.g. `1.250 s`; "" where one of them is not known.
std::string span_between(const std::string& from, const std::string& to);

}  // namespace app::cli
