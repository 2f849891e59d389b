// Writes JSON as bytes, directly: commas and escapes are its business, the order is the caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_text.hpp"
#include "base/value.hpp"

namespace base {

// Use: JsonWriter json; json.begin_object(); json.key("a"); json.number(1); json.end_object(); json.take()
class JsonWriter {
 public:
  JsonWriter() { out_.reserve(256); }

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void string(std::string_view text);  // invalid UTF-8 is replaced by U+FFFD
  void number(int value) { number(std::int64_t{value}); }
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void number(double value);  // finite; shortest text that reads back the same
  void boolean(bool yes);
  void null();
  void raw(std::string_view json);  // one JSON value, pasted as it is
  void value(const Value& value);

  // key and value in one
  void field(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void field(std::string_view name, const char* text) {
    key(name);
    string(text);
  }
  void field(std::string_view name, const std::string& text) {
    key(name);
    string(text);
  }
  void field(std::string_view name, std::int64_t number_value) {
    key(name);
    number(number_value);
  }
  void field(std::string_view name, std::uint64_t number_value) {
    key(name);
    number(number_value);
  }
  void field(std::string_view name, int number_value) {
    key(name);
    number(number_value);
  }
  void field(std::string_view name, double number_value) {
    key(name);
    number(number_value);
  }
  void field(std::string_view name, bool yes) {
    key(name);
    boolean(yes);
  }
  void field(std::string_view name, const JsonText& json) {
    key(name);
    raw(json.text);
  }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void separate();

  std::string out_;
  bool needs_comma_ = false;
};

// `"text"` with quotes and escapes.
void append_json_string(std::string& out, std::string_view text);

// The shortest text that reads back as the same number; `value` is finite.
void append_json_number(std::string& out, double value);

}  // namespace base
