// Dates in the letters of the platform's formats.
#include "connectors/survey/date_format.hpp"

#include <catch2/catch.hpp>

using connectors::survey::moved_by;
using connectors::survey::write_date;

namespace {

base::TimePoint date_at(const char* text) { return *base::from_iso8601(text); }

}  // namespace

TEST_CASE("every letter of a date's format") {
  struct Case {
    const char* format;
    const char* text;
  };
  // Sunday, the third of May 2026, four minutes past nine in the evening in Madrid
  const Case cases[] = {
      {"d", "03"},
      {"j", "3"},
      {"D", "Sun"},
      {"l", "Sunday"},
      {"N", "7"},
      {"w", "0"},
      {"S", "rd"},
      {"z", "122"},
      {"m", "05"},
      {"n", "5"},
      {"F", "May"},
      {"M", "May"},
      {"t", "31"},
      {"L", "0"},
      {"Y", "2026"},
      {"y", "26"},
      {"a", "pm"},
      {"A", "PM"},
      {"g", "9"},
      {"h", "09"},
      {"G", "21"},
      {"H", "21"},
      {"i", "04"},
      {"s", "05"},
      {"v", "678"},
      {"e", "Europe/Madrid"},
      {"P", "+02:00"},
      {"O", "+0200"},
      {"Z", "7200"},
      {"U", "1777835045"},
      {"W", "18"},
      {"o", "2026"},
      {"u", "678000"},
      {"p", "+02:00"},
      {"r", "Sun, 03 May 2026 21:04:05 +0200"},
      {"c", "2026-05-03T21:04:05+02:00"},
      {"Y-m-d", "2026-05-03"},
      {"m/d/Y", "05/03/2026"},
      {"\\Y\\e\\s", "Yes"},
      {"d. M Y, H:i", "03. May 2026, 21:04"},
      {"é Y", "é 2026"},
      {"", ""},
  };
  for (const Case& one : cases) {
    INFO(one.format);
    CHECK(write_date(date_at("2026-05-03T21:04:05.678Z"), std::chrono::hours(2), "Europe/Madrid", one.format) ==
          one.text);
  }
  CHECK(write_date(date_at("2026-05-11T00:30:00Z"), base::Duration(0), "UTC", "jS g:i A") == "11th 12:30 AM");
  CHECK(write_date(date_at("2024-02-22T12:00:00Z"), std::chrono::minutes(-150), "UTC", "jS t L A P") ==
        "22nd 29 1 PM -02:30");
}

TEST_CASE("a date moves by seconds up to years, and runs over where a month is too short") {
  struct Case {
    const char* from;
    const char* offset;
    const char* to;
  };
  const Case cases[] = {
      {"2026-05-01T00:00:00Z", "-1 day", "2026-04-30T00:00:00Z"},
      {"2026-05-01T00:00:00Z", "+1 day", "2026-05-02T00:00:00Z"},
      {"2026-05-01T00:00:00Z", "3 days", "2026-05-04T00:00:00Z"},
      {"2026-05-01T00:00:00Z", "+2 weeks", "2026-05-15T00:00:00Z"},
      {"2026-05-01T10:30:00Z", "-1 month", "2026-04-01T10:30:00Z"},
      {"2026-01-31T00:00:00Z", "+1 month", "2026-03-03T00:00:00Z"},
      {"2024-02-29T00:00:00Z", "-1 year", "2023-03-01T00:00:00Z"},
      {"2026-12-31T23:59:59Z", "+1 second", "2027-01-01T00:00:00Z"},
      {"2026-12-31T23:59:00Z", "-90 minutes", "2026-12-31T22:29:00Z"},
      {"2026-12-31T23:59:00Z", "+2hours", "2027-01-01T01:59:00Z"},
      {"2026-12-31T23:59:00Z", "soon", "2026-12-31T23:59:00Z"},
  };
  for (const Case& one : cases) {
    INFO(one.from << " " << one.offset);
    CHECK(moved_by(date_at(one.from), one.offset) == date_at(one.to));
  }
  for (const char* none : {"", "day", "1", "+-1 day", "1 decade", "9999999 days", "2000 years", "1 dayss"}) {
    CHECK_FALSE(connectors::survey::is_date_offset(none));
  }
}

TEST_CASE("a week belongs to the year that most of its days lie in") {
  const struct {
    const char* day;
    const char* week;
  } cases[] = {
      {"2026-01-01", "2026-W01"}, {"2027-01-01", "2026-W53"}, {"2024-12-30", "2025-W01"}, {"2023-01-01", "2022-W52"},
      {"2020-12-31", "2020-W53"}, {"2021-01-03", "2020-W53"}, {"2021-01-04", "2021-W01"},
  };
  for (const auto& one : cases) {
    const base::TimePoint at = date_at((std::string(one.day) + "T12:00:00Z").c_str());
    CHECK(write_date(at, base::Duration{0}, "UTC", "o-\\WW") == one.week);
  }
}

TEST_CASE("a letter without a meaning is named, unless it stands behind a backslash") {
  using connectors::survey::unknown_date_letter;
  CHECK(unknown_date_letter("Y-m-dTH:i") == 'T');
  CHECK(unknown_date_letter("d de F") == std::nullopt);  // d, e, F: each has a meaning
  CHECK(unknown_date_letter("Week W") == 'k');
  CHECK(unknown_date_letter("\\We\\e\\k W, d.m.Y é") == std::nullopt);
  CHECK(unknown_date_letter("Y\\") == std::nullopt);
}
