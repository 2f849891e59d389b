// The JSON object that a request brings for one record, which still knows where each value stood.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace local_org {

class RecordBody {
 public:
  // Throws JSON_PARSER_ERROR for what is no JSON object.
  explicit RecordBody(std::string text);
  RecordBody(RecordBody&&) noexcept;
  ~RecordBody();

  const nlohmann::json& fields() const { return *fields_; }
  // "[line:11, column:55]": where the value at that JSON Pointer stands.
  std::string place_of(const std::string& pointer) const;

 private:
  std::string text_;
  std::unique_ptr<nlohmann::json> fields_;
};

}  // namespace local_org
