#include "base/time_zone.hpp"

#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace base {

namespace {

const date::time_zone* zone_named(std::string_view zone) {
  if (zone == "Z") zone = "UTC";
  try {
    return date::locate_zone(zone);
  } catch (const std::runtime_error&) {  // of an unknown name, and of a machine without the database
    return nullptr;
  }
}

Error unknown_zone(std::string_view zone) {
  return {time_zone_unknown, fmt::format("'{}' is no time zone; one is called Europe/Madrid", shortened(zone))};
}

}  // namespace

bool is_time_zone(std::string_view zone) { return zone_named(zone) != nullptr; }

Result<Duration> utc_offset(std::string_view zone, TimePoint at) {
  const date::time_zone* found = zone_named(zone);
  if (!found) return unknown_zone(zone);
  return Duration(found->get_info(at).offset);
}

Result<LocalReading> read_local(std::string_view zone, TimePoint local) {
  const date::time_zone* found = zone_named(zone);
  if (!found) return unknown_zone(zone);
  const date::local_time<Duration> shown(local.time_since_epoch());
  const int kind = found->get_info(shown).result;
  const int times = kind == date::local_info::unique ? 1 : kind == date::local_info::ambiguous ? 2 : 0;
  return LocalReading{found->to_sys(shown, date::choose::earliest), times};
}

}  // namespace base
