// Structured logging: one JSON line per fact on stderr, through spdlog.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace spdlog {
class logger;
}

namespace base {

class Secret;

enum class LogLevel { debug, info, warning, error };

// A log field's value; a Secret is refused by the compiler.
struct LogValue {
  std::variant<std::string_view, std::int64_t, double, bool> data;
  LogValue(std::string_view text) : data(text) {}
  LogValue(const std::string& text) : data(std::string_view(text)) {}
  LogValue(const char* text) : data(std::string_view(text)) {}
  LogValue(int number) : data(std::int64_t{number}) {}
  LogValue(std::int64_t number) : data(number) {}
  LogValue(std::uint64_t number) : data(static_cast<std::int64_t>(number)) {}
  LogValue(double number) : data(number) {}
  LogValue(bool yes) : data(yes) {}
  LogValue(const Secret&) = delete;
};

class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, LogValue>>;

  virtual ~Log() = default;
  virtual bool enabled(LogLevel level) const = 0;
  // `fact` is a short constant text, e.g. "run held"; what varies goes into the fields.
  virtual void write(LogLevel level, std::string_view fact, Fields fields) = 0;

  void debug(std::string_view fact, Fields fields = {}) {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, fact, fields);
  }
  void info(std::string_view fact, Fields fields = {}) {
    if (enabled(LogLevel::info)) write(LogLevel::info, fact, fields);
  }
  void warning(std::string_view fact, Fields fields = {}) { write(LogLevel::warning, fact, fields); }
  void error(std::string_view fact, Fields fields = {}) { write(LogLevel::error, fact, fields); }
};

// Writes to stderr; lines under `least` are dropped before they are made.
class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel least = LogLevel::info);
  bool enabled(LogLevel level) const override { return level >= least_; }
  void write(LogLevel level, std::string_view fact, Fields fields) override;

 private:
  LogLevel least_;
  std::shared_ptr<spdlog::logger> logger_;
};

class SilentLog final : public Log {
 public:
  bool enabled(LogLevel) const override { return false; }
  void write(LogLevel, std::string_view, Fields) override {}
};

}  // namespace base
