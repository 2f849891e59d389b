#include "tasks/dependent_check.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/picklist.hpp"
#include "tasks/possible_answers.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::PicklistChoice;

// One value that a field may come to hold.
struct PossibleValue {
  std::string text{};           // as the org has it
  std::string at{};             // its place below the field's: "/map/1"; empty: the field itself
  PossibleAnswer answer{};      // by which it comes; without a choice where every answer, or none, brings it
  bool is_of_document = false;  // the document holds it itself
};

class PossibleValues {
 public:
  PossibleValues(const MappedField& mapped, const FieldSchema& field, const BroughtValues& brought)
      : mapped_(mapped), field_(field) {
    if (brought.survey()) asked_ = asked_choices(mapped.value, *brought.survey(), brought.list());
    if (mapped.value.chosen) return;
    const std::optional<base::Value> constant = constant_of(mapped.value.source);
    is_constant_ = constant && mapped.value.map.empty();
    if (is_constant_)
      add(*constant, {.is_of_document = true});
    else if (!asked_.answers.empty())
      add_answers();
    else
      add_map();
  }

  const AskedChoices& asked() const { return asked_; }
  const std::vector<PossibleValue>& all() const { return all_; }
  // It holds this, whatever is answered.
  bool is_constant() const { return is_constant_; }
  const MappedField& mapped() const { return mapped_; }
  const FieldSchema& field() const { return field_; }

 private:
  static std::optional<base::Value> constant_of(const FieldValue::Source& source) {
    if (const auto* literal = std::get_if<base::Value>(&source)) return *literal;
    const auto& text = std::get<engine::PipedText>(source);
    return text.is_literal() ? std::optional(base::Value(engine::to_string(text))) : std::nullopt;
  }

  void add_answers() {
    const FieldValue::Map& map = mapped_.value.map;
    for (const PossibleAnswer& answer : asked_.answers) {
      if (answer.text.empty()) continue;
      const auto named = map.find(answer.text), other = map.find("*");
      const auto found = named != map.end() ? named : other;
      if (found != map.end())
        add(found->second,
            {.at = "/map" + base::pointer_token(found->first), .answer = answer, .is_of_document = true});
      else if (map.empty())
        add(base::Value(answer.text), {.answer = answer});
    }
  }

  // Whatever is answered, it becomes one of these.
  void add_map() {
    for (const auto& [answer, value] : mapped_.value.map)
      add(value, {.at = "/map" + base::pointer_token(answer), .is_of_document = true});
  }

  // What the field does not take is told where its values are judged.
  void add(base::Value value, PossibleValue possible) {
    if (value.is_blank() || !convert(value, mapped_.value.conversion, &field_)) return;
    for (std::string& choice : choices_in(base::to_text(value))) {
      possible.text = std::move(choice);
      all_.push_back(possible);
    }
  }

  const MappedField& mapped_;
  const FieldSchema& field_;
  AskedChoices asked_{};
  bool is_constant_ = false;
  std::vector<PossibleValue> all_{};
};

// Pairs that the org does not offer, gathered by the place at which they are told.
class Dependence {
 public:
  Dependence(const PossibleValues& dependent, const PossibleValues& controlling)
      : dependent_(dependent), controlling_(controlling) {}

  void check(SchemaNames& names) {
    for (const PossibleValue& value : dependent_.all())
      for (const PossibleValue& beside : controlling_.all())
        if (may_meet(value, beside)) judge(value, beside);
    for (const auto& [at, misfits] : misfits_) tell(names, at, misfits);
  }

 private:
  struct Misfits {
    std::vector<std::pair<std::string, std::string>> pairs{};  // value, controlling value
    bool are_of_document = true;
  };

  bool may_meet(const PossibleValue& value, const PossibleValue& beside) const {
    if (dependent_.is_constant() || controlling_.is_constant()) return true;
    if (!value.answer.choice.empty() && !beside.answer.choice.empty())
      return can_be_given_together(dependent_.asked(), value.answer, controlling_.asked(), beside.answer);
    // Without the survey, it is known only of two maps of one answer what comes together.
    return have_one_source() && value.at == beside.at;
  }

  void judge(const PossibleValue& value, const PossibleValue& beside) {
    if (is_offered(dependent_.field(), value.text, beside.text)) return;
    Misfits& misfits = misfits_[value.at];
    misfits.are_of_document = misfits.are_of_document && are_told_by_the_document(value, beside);
    std::pair<std::string, std::string> pair{value.text, beside.text};
    if (std::ranges::find(misfits.pairs, pair) == misfits.pairs.end()) misfits.pairs.push_back(std::move(pair));
  }

  bool have_one_source() const {
    const auto* one = std::get_if<engine::PipedText>(&dependent_.mapped().value.source);
    const auto* other = std::get_if<engine::PipedText>(&controlling_.mapped().value.source);
    return one && other && engine::to_string(*one) == engine::to_string(*other);
  }

  // The document alone says that these come together.
  bool are_told_by_the_document(const PossibleValue& value, const PossibleValue& beside) const {
    const bool are_bound =
        dependent_.is_constant() || controlling_.is_constant() || have_one_source() ||
        (dependent_.asked().question && dependent_.asked().question == controlling_.asked().question);
    return are_bound && value.is_of_document && beside.is_of_document;
  }

  void tell(SchemaNames& names, const std::string& at, const Misfits& misfits) const {
    constexpr std::size_t shown_max = 4;
    std::vector<std::string> told;
    for (const auto& [value, beside] : misfits.pairs)
      if (told.size() < shown_max)
        told.push_back(fmt::format("'{}' where {} is '{}'", value, controlling_.field().name, beside));
    const std::size_t more = misfits.pairs.size() - told.size();
    names.note(mapping_value_not_in_picklist.name, dependent_.mapped().at + at,
               fmt::format("{} ({}): the org does not offer {}{}", dependent_.field().name, dependent_.field().type,
                           fmt::join(told, ", "), more == 0 ? "" : fmt::format(", and {} more", more)),
               offered_beside(misfits.pairs.front().second),
               misfits.are_of_document ? base::Severity::error : base::Severity::warning);
  }

  std::string offered_beside(const std::string& controlling) const {
    std::vector<std::string> offered;
    for (const PicklistChoice& choice : dependent_.field().choices)
      if (is_offered(dependent_.field(), choice.value, controlling)) offered.push_back("'" + choice.value + "'");
    const std::string where = fmt::format("where {} is '{}'", controlling_.field().name, controlling);
    return offered.empty() ? fmt::format("{} it offers nothing: leave {} out", where, dependent_.field().name)
                           : fmt::format("{} it offers {}", where, fmt::join(offered, ", "));
  }

  const PossibleValues& dependent_;
  const PossibleValues& controlling_;
  std::map<std::string, Misfits> misfits_{};
};

}  // namespace

void check_dependent_picklists(SchemaNames& names, const ObjectSchema& object, const ResponseMapping& written,
                               const BroughtValues& brought) {
  for (const MappedField& mapped : written.fields) {
    const FieldSchema* field = mapped.parent || mapped.is_record_type ? nullptr : object.find(mapped.name);
    if (!field || field->controller.empty()) continue;
    const MappedField* controlling = written.find(field->controller);
    const FieldSchema* controller = controlling && !controlling->parent ? object.find(controlling->name) : nullptr;
    if (!controller) continue;
    const PossibleValues values(mapped, *field, brought), beside(*controlling, *controller, brought);
    Dependence(values, beside).check(names);
  }
}

}  // namespace tasks
