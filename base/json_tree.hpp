// A JSON tree that grows from the reader's events.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_reader.hpp"

namespace base {

class JsonTree final : public JsonSink {
 public:
  JsonTree();
  ~JsonTree() override;

  bool null() override;
  bool boolean(bool yes) override;
  bool number(std::string_view text, double value) override;
  bool string(std::string&& text) override;
  bool key(std::string&& name) override;
  bool start_object() override;
  bool end_object() override;
  bool start_array() override;
  bool end_array() override;

  // Whether the object being read has this key already.
  bool has(const std::string& name) const;
  // The whole tree; call it once, after a reading without a fault.
  nlohmann::json take();

 private:
  nlohmann::json* add(nlohmann::json&& value);

  std::unique_ptr<nlohmann::json> root_;
  std::vector<nlohmann::json*> open_;  // containers that have begun and not ended
  std::string key_;
};

}  // namespace base
