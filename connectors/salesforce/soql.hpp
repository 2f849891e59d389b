// SOQL, only through a builder: names are checked, every value goes through one literal encoder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace connectors::salesforce {

// A finished query; there is no way to make one from a text.
class Soql {
 public:
  const std::string& text() const { return text_; }

 private:
  friend class SoqlBuilder;
  explicit Soql(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// How a value is written in a comparison; what kind of literal it must be depends on the field, not on the value.
enum class LiteralKind { text, number, boolean, date, datetime };

// `'it\'s'`, `12.5`, `true`, `2026-01-31`; an error when the value is no such literal. null for a blank.
base::Result<std::string> soql_literal(const base::Value& value, LiteralKind kind = LiteralKind::text);

class SoqlBuilder {
 public:
  explicit SoqlBuilder(std::string object);
  SoqlBuilder& select(std::string field);  // dots for a parent's field
  SoqlBuilder& where_equals(std::string field, const base::Value& value, LiteralKind kind = LiteralKind::text);
  // Not less than the value, not before it.
  SoqlBuilder& where_at_least(std::string field, const base::Value& value, LiteralKind kind);
  // One of the texts; at least one.
  SoqlBuilder& where_in(std::string field, const std::vector<std::string>& texts);
  // Each further one orders those that are alike in the ones before.
  SoqlBuilder& order_by(std::string field, bool descending = false);
  SoqlBuilder& limit(std::size_t rows);
  // An error names the object, field or value that cannot stand in a query.
  base::Result<Soql> build() const;

 private:
  SoqlBuilder& compare(const std::string& field, std::string_view comparison, const base::Value& value,
                       LiteralKind kind);

  std::string object_;
  std::vector<std::string> fields_;
  std::vector<std::string> conditions_;
  std::string order_;
  std::size_t limit_ = 0;
  std::vector<base::Error> faults_;
};

}  // namespace connectors::salesforce
