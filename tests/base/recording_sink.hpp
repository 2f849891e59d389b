// A JSON sink that writes down what it hears, one word per event.
#pragma once

#include <string>
#include <string_view>

#include "base/json_reader.hpp"

namespace base {

class RecordingSink final : public JsonSink {
 public:
  std::string heard;
  double last_number = 0;

  bool null() override { return note("null"); }
  bool boolean(bool yes) override { return note(yes ? "true" : "false"); }
  bool number(std::string_view text, double value) override {
    last_number = value;
    return note(std::string(text));
  }
  bool string(std::string&& text) override { return note("'" + text + "'"); }
  bool key(std::string&& name) override { return note(name + ":"); }
  bool start_object() override { return note("{"); }
  bool end_object() override { return note("}"); }
  bool start_array() override { return note("["); }
  bool end_array() override { return note("]"); }

 private:
  bool note(const std::string& word) {
    if (!heard.empty()) heard += ' ';
    heard += word;
    return true;
  }
};

}  // namespace base
