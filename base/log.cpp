// A fact and its fields as one line of JSON; time and level are put before them by spdlog's pattern.
#include "base/log.hpp"

#include <cmath>
#include <type_traits>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json_writer.hpp"

namespace base {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

void append_log_value(std::string& out, const LogValue& value) {
  std::visit(
      [&](auto data) {
        using T = decltype(data);
        if constexpr (std::is_same_v<T, std::string_view>)
          append_json_string(out, data);
        else if constexpr (std::is_same_v<T, double>)
          out += std::isfinite(data) ? fmt::to_string(data) : "null";
        else
          out += fmt::to_string(data);
      },
      value.data);
}

// The inside of an object, without its braces.
std::string to_json_members(std::string_view fact, Log::Fields fields) {
  std::string members = R"("fact":)";
  append_json_string(members, fact);
  for (const auto& [name, value] : fields) {
    members += ',';
    append_json_string(members, name);
    members += ':';
    append_log_value(members, value);
  }
  return members;
}

}  // namespace

StderrLog::StderrLog(LogLevel least)
    : least_(least), logger_(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(spdlog::level::trace);
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
}

void StderrLog::write(LogLevel level, std::string_view fact, Fields fields) {
  if (enabled(level)) logger_->log(to_spdlog(level), to_json_members(fact, fields));
}

}  // namespace base
