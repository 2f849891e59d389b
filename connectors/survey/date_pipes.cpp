// date://: the day of the response and days around it, written in the letters of the platform's formats.
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "base/http/message.hpp"
#include "base/time_zone.hpp"
#include "connectors/survey/date_format.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

struct DatePath {
  std::string format{};  // in letters, percent-decoded
  std::string offset{};  // of OtherDate
  std::string_view zone = "UTC";
};

std::string plain(std::string_view encoded) {
  return base::http::percent_decode(encoded).value_or(std::string(encoded));
}

// DS is seen to give 2026-9-22. Of the other presets nobody has written down what they give.
std::string without_preset(std::string format) {
  if (format == "DS") return "Y-n-j";
  return format;
}

std::variant<DatePath, PipeFault> understand_date(const PipePath& pipe) {
  const std::size_t slash = pipe.path.find('/');
  const std::string_view which = pipe.path.substr(0, slash);
  const std::string_view rest = slash == std::string_view::npos ? "" : pipe.path.substr(slash + 1);
  const bool is_other = which == "OtherDate";
  if (!is_other && which != "CurrentDate" && which != "CurrentTime") {
    const std::string near = base::nearest(which, {"CurrentDate", "CurrentTime", "OtherDate"});
    return PipeFault{fmt::format("'{}' is no date: CurrentDate, CurrentTime or OtherDate", which),
                     fmt::format("date://{}/{}", near.empty() ? "CurrentDate" : near, rest.empty() ? "Y-m-d" : rest)};
  }
  const std::size_t second = is_other ? rest.find('/') : std::string_view::npos;
  DatePath read{without_preset(plain(rest.substr(0, second)))};
  if (second != std::string_view::npos) read.offset = plain(rest.substr(second + 1));
  if (read.format.empty()) {
    return PipeFault{fmt::format("'{}' does not say how the date is written", pipe.path),
                     fmt::format("date://{}/Y-m-d", which)};
  }
  for (std::string_view preset : {"PT", "FD", "MS"}) {
    if (read.format == preset) {
      return PipeFault{fmt::format("what the preset '{}' gives is not documented; write the format in letters", preset),
                       fmt::format("date://{}/Y-m-d{}{}", which, read.offset.empty() ? "" : "/", read.offset)};
    }
  }
  if (is_other && !is_date_offset(read.offset)) {
    return PipeFault{fmt::format("'{}' is no distance in days, as '-1 day' or '+2 weeks'", read.offset),
                     fmt::format("date://OtherDate/{}/-1 day", rest.substr(0, second))};
  }
  if (!pipe.option.empty()) read.zone = pipe.option_value;
  if (!base::is_time_zone(read.zone)) {
    return PipeFault{fmt::format("'{}' is no time zone", read.zone),
                     fmt::format("date://{}?timezone=Europe/Madrid", pipe.path)};
  }
  return read;
}

PipeFault date_fault(const PipePath& pipe, const Survey*) {
  auto read = understand_date(pipe);
  if (const auto* fault = std::get_if<PipeFault>(&read)) return *fault;
  const std::optional<char> letter = unknown_date_letter(std::get<DatePath>(read).format);
  if (!letter) return {};
  return {fmt::format("'{}' is no letter of a date's format; one that stands for itself is written '\\{}'", *letter,
                      *letter)};
}

// The clock of a run would say something else at every attempt; the response's own time does not.
std::optional<base::TimePoint> time_of(const Response& response) {
  for (const char* key : {"recordedDate", "endDate", "startDate"}) {
    const base::Value* value = find_value(response.values, key);
    if (!value) continue;
    if (base::Result<base::TimePoint> at = base::from_iso8601(base::to_text(*value))) return *at;
  }
  return std::nullopt;
}

Found find_date(const PipePath& pipe, const PipeContext& context) {
  auto read = understand_date(pipe);
  if (auto* fault = std::get_if<PipeFault>(&read)) return std::move(*fault);
  const DatePath& asked = std::get<DatePath>(read);
  const std::optional<base::TimePoint> at = time_of(context.response);
  if (!at) return base::Value(base::Blank{});
  const base::Result<base::Duration> offset = base::utc_offset(asked.zone, *at);
  if (!offset) return PipeFault{offset.error().message};
  return base::Value(write_date(moved_by(*at + *offset, asked.offset), *offset, asked.zone, asked.format));
}

}  // namespace

const PipeFamily date_pipes{"date", " timezone ", date_fault, find_date};

}  // namespace connectors::survey
