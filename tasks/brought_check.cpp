#include "tasks/brought_check.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using engine::PipedText;

// How long, great or exact a value is, and which choice, is not known of its form alone.
bool is_about_its_size(const base::Error& misfit) {
  constexpr std::array of_size{mapping_value_too_long, mapping_value_out_of_range, mapping_value_too_precise,
                               mapping_value_not_in_picklist};
  return std::find(of_size.begin(), of_size.end(), misfit.code) != of_size.end();
}

// Why the field takes nothing of what is brought; nullopt where it takes some of it.
std::optional<base::Error> misfit_of_all(const BroughtValue& brought, const Conversion& conversion,
                                         const FieldSchema& field) {
  std::optional<base::Error> first;
  for (const base::Value& sample : brought.samples) {
    base::Value written = sample;
    base::Status fit = convert(written, conversion, &field);
    if (fit || (!brought.is_exact && is_about_its_size(fit.error()))) return std::nullopt;
    if (!first) first = std::move(fit).error();
  }
  return first;
}

bool leads_to_any(const FieldSchema& lookup, const std::vector<std::string>& objects) {
  return std::any_of(objects.begin(), objects.end(), [&](const std::string& object) {
    return std::any_of(lookup.refers_to.begin(), lookup.refers_to.end(),
                       [&](const std::string& target) { return same_name(target, object); });
  });
}

bool names_records(const FieldSchema& field) {
  return (field.kind == FieldKind::reference || field.kind == FieldKind::id) && !field.refers_to.empty();
}

// All characters that a text can have which the field takes, whatever stands beside them; "" where any may be.
std::string_view characters_taken(const FieldSchema& field, const Conversion& conversion) {
  constexpr std::string_view of_number = "0123456789+-.eE \t\r\n";
  constexpr std::string_view of_boolean = "10trueyesfalsnoTRUEYESFALSNO \t\r\n";
  constexpr std::string_view of_moment = "0123456789+-.:TZ \t\r\n";
  constexpr std::string_view of_id = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t\r\n";
  const std::string_view of_date = conversion.moments.formats.empty() ? of_moment : "";
  switch (conversion.as) {
    case As::number: return of_number;
    case As::boolean: return of_boolean;
    case As::date:
    case As::datetime:
    case As::time: return of_date;
    case As::unchanged:
    case As::text: break;
  }
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::number: return of_number;
    case FieldKind::boolean: return of_boolean;
    case FieldKind::date:
    case FieldKind::datetime:
    case FieldKind::time: return of_date;
    case FieldKind::reference:
    case FieldKind::id: return of_id;
    default: return "";
  }
}

class SourceCheck {
 public:
  SourceCheck(const Conversion& conversion, const FieldSchema& field, const std::string& at,
              const BroughtValues& brought)
      : conversion_(conversion), field_(field), at_(at), brought_(brought) {}

  void check(const PipedText& text) {
    if (!text.is_one_value()) return check_composed(text);
    const auto* pipe = std::get_if<engine::Pipe>(&text.parts.front());
    check_value(engine::to_string(text),
                pipe ? brought_.by(*pipe) : BroughtValues::by(std::get<engine::Arithmetic>(text.parts.front())));
  }

  base::Findings findings{};

 private:
  void check_value(const std::string& pipe, const BroughtValue& brought) {
    if (brought.what.empty()) return;
    if (const std::optional<base::Error> misfit = misfit_of_all(brought, conversion_, field_))
      note(misfit->code.name, fmt::format("{} brings {}: {}", pipe, brought.what, misfit->message));
    else if (names_records(field_) && !brought.objects.empty() && !leads_to_any(field_, brought.objects))
      findings.push_back(id_of_another(field_, at_, fmt::format("{} brings {}", pipe, brought.what)));
  }

  // What stands around the pipes is there whatever they bring.
  void check_composed(const PipedText& text) {
    const std::string_view taken = characters_taken(field_, conversion_);
    if (taken.empty()) return;
    std::string sample;
    bool is_taken = true;
    for (const auto& part : text.parts) {
      const auto* literal = std::get_if<std::string>(&part);
      sample += literal ? *literal : "1";
      is_taken = is_taken && (!literal || literal->find_first_not_of(taken) == std::string::npos);
    }
    if (is_taken) return;
    base::Value written(sample);
    if (const base::Status fit = convert(written, conversion_, &field_); !fit)
      note(fit.error().code.name,
           fmt::format("'{}' is more than its pipes bring: {}", engine::to_string(text), fit.error().message));
  }

  void note(std::string_view code, const std::string& message) {
    findings.push_back({.code = std::string(code),
                        .pointer = at_,
                        .message = fmt::format("{} ({}): {}", field_.name, field_.type, message)});
  }

  const Conversion& conversion_;
  const FieldSchema& field_;
  const std::string& at_;
  const BroughtValues& brought_;
};

}  // namespace

base::Findings check_brought(const FieldValue::Source& source, const Conversion& conversion, const FieldSchema& field,
                             const std::string& at, const BroughtValues& brought) {
  const auto* text = std::get_if<PipedText>(&source);
  if (!text || text->is_literal()) return {};
  SourceCheck check(conversion, field, at, brought);
  check.check(*text);
  return std::move(check.findings);
}

std::string what_else_is_named_by(std::string_view id, const FieldSchema& field, const OrgSchema& org) {
  if (!names_records(field)) return "";
  std::vector<std::string> prefixes;
  for (const std::string& target : field.refers_to) {
    const SharedObject object = org.find(target);
    if (object && id.starts_with(object->key_prefix)) return "";  // also one whose records' ids may be any
    if (object) prefixes.push_back(object->key_prefix);
  }
  const std::string owner = org.object_of_id(id);
  if (!owner.empty()) return fmt::format("'{}' is the id of a record of {}", id, owner);
  if (prefixes.size() < field.refers_to.size()) return "";
  return fmt::format("'{}' does not begin with {}", id, fmt::join(prefixes, " or "));
}

base::Finding id_of_another(const FieldSchema& field, std::string pointer, const std::string& what) {
  return {.code = std::string(id_of_another_object),
          .pointer = std::move(pointer),
          .message = fmt::format("{} ({}): {}, and a record of {} is meant", field.name, field.type, what,
                                 fmt::join(field.refers_to, " or ")),
          .hint = fmt::format("map the id of a record of {}, as an earlier task has found or made it",
                              fmt::join(field.refers_to, " or "))};
}

}  // namespace tasks
