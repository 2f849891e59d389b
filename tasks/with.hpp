// A task's `with`, read value by value; every fault and every pipe met on the way is noted with its place.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"
#include "engine/definition.hpp"
#include "engine/pipe.hpp"
#include "tasks/field_value.hpp"
#include "tasks/preset.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

class With {
 public:
  struct PlacedPipe {
    engine::Pipe pipe;
    std::string pointer;
  };

  // The document has passed the type's schema; what is absent reads as empty.
  explicit With(const engine::TaskDefinition& definition);
  With(const With&) = delete;
  With& operator=(const With&) = delete;
  ~With();

  bool has(std::string_view name) const;
  std::string word(std::string_view name, std::string_view otherwise) const;
  int whole_number(std::string_view name, int otherwise) const;
  std::string api_name(std::string_view name);
  std::vector<std::string> api_names(std::string_view name);  // each may be a path: Account.Name
  engine::PipedText piped_text(std::string_view name);
  ResponseMapping mapping(std::string_view name);
  // What a record is made of: "fields", "presets", "record_type" and "newer_by".
  ResponseMapping written();
  // A text, or "true" and "false" for what is yes or no; "" where it is absent.
  std::string text_or_flag(std::string_view name) const;

  // `at` is relative to `with`: "/fields/Score__c", or "" for the whole.
  void fault(std::string_view code, std::string_view at, std::string message, std::string hint);

  const base::Findings& findings() const { return findings_; }
  const std::vector<PlacedPipe>& pipes() const { return pipes_; }

 private:
  std::string checked_name(std::string name, const std::string& at, bool may_be_path);
  engine::PipedText checked_text(const std::string& text, const std::string& at);
  void add_presets(ResponseMapping& written);
  void add_preset(ResponseMapping& written, const nlohmann::json& preset, const std::string& at);
  void add_preset_part(ResponseMapping& written, const nlohmann::json& target, const PresetPart& part,
                       const std::string& at);
  void add_record_type(ResponseMapping& written);
  void check_newer_by(ResponseMapping& written);
  MappedField parent(const std::string& field, const nlohmann::json& value, const std::string& at);
  void check_option_names(const nlohmann::json& options, const std::string& at);
  FieldValue field_value(const nlohmann::json& value, const std::string& at);
  FieldValue::Source source(const nlohmann::json& value, const std::string& at);
  FieldValue::Map map(const nlohmann::json& value, const std::string& at);
  Conversion conversion(const nlohmann::json& options, const std::string& at);
  MomentReading moments(const nlohmann::json& options, const std::string& at);
  void check_options(const nlohmann::json& options, const FieldValue& field, const std::string& at);

  std::string pointer_;
  std::unique_ptr<nlohmann::json> document_;
  base::Findings findings_;
  std::vector<PlacedPipe> pipes_;
};

}  // namespace tasks
