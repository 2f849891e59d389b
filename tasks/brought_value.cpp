#include "tasks/brought_value.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::survey::Choice;
using connectors::survey::Part;
using connectors::survey::Question;
using connectors::survey::QuestionKind;
using connectors::survey::QuestionPipe;

BroughtValue a_number() { return {.what = "a number", .samples = {base::number("1"), Value("1")}}; }

// As the platform's API and its events write it.
BroughtValue a_date_and_time() {
  return {.what = "a date and time",
          .samples = {Value("2026-01-31T13:28:11Z"), Value("2026-01-31T13:28:11.120Z"), Value("2026-01-31 13:28:11")}};
}

BroughtValue yes_or_no() { return {.what = "true or false", .samples = {Value(true), Value(false)}, .is_exact = true}; }

BroughtValue an_id_of_the_platform(std::string what, const char* sample) {
  return {.what = std::move(what), .samples = {Value(sample)}};
}

BroughtValue an_address() { return {.what = "an e-mail address", .samples = {Value("ana@example.com")}}; }

BroughtValue an_id_of(std::vector<std::string> objects) {
  return {.what = fmt::format("the id of a record of {}", fmt::join(objects, " or ")),
          .samples = {Value("0015e00000AbCdE")},
          .objects = std::move(objects)};
}

// What the definition says is what is brought; a wording that is piped itself is another one for everybody.
BroughtValue this_wording(const std::string& text) {
  if (text.empty() || text.find("${") != std::string::npos) return {};
  return {.what = "this wording", .samples = {Value(text)}, .is_exact = true};
}

// Two days whose parts all differ: what reads neither reads none.
BroughtValue a_written_date(const engine::Pipe& pipe) {
  BroughtValue written{.what = "a date in this form"};
  for (const char* recorded : {"2026-01-02T03:04:05Z", "2026-11-28T13:14:15Z"}) {
    connectors::survey::Response response;
    response.values.emplace("recordedDate", Value(recorded));
    base::Result<Value> value = connectors::survey::look_up(response, pipe.scheme, pipe.path);
    if (!value || value->is_blank()) return {};
    written.samples.push_back(*std::move(value));
  }
  return written;
}

// What e:// and rm:// call alike.
BroughtValue of_built_in(std::string_view name) {
  if (name == "ResponseID") return an_id_of_the_platform("a response's id", "R_2fV8yQ1kLmNpQrS");
  if (name == "SurveyID") return an_id_of_the_platform("a survey's id", "SV_0CkyqZ9LmNpQrSt");
  if (name == "StartDate" || name == "EndDate" || name == "RecordedDate") return a_date_and_time();
  return name == "Q_TotalDuration" ? a_number() : BroughtValue{};
}

// Of what an export may have in words, such as Finished, nothing is told.
BroughtValue of_metadata(std::string_view name) {
  if (name == "RecipientEmail") return an_address();
  const bool is_number =
      name == "Progress" || name == "Duration" || name == "LocationLatitude" || name == "LocationLongitude";
  return is_number ? a_number() : of_built_in(name);
}

std::string_view behind_slash(std::string_view path) {
  return path.substr(std::min(path.find('/'), path.size() - 1) + 1);
}

BroughtValue of_field(const FieldSchema& field, std::string_view object) {
  switch (field.kind) {
    case FieldKind::id: return an_id_of({std::string(object)});
    case FieldKind::reference: return field.refers_to.empty() ? BroughtValue{} : an_id_of(field.refers_to);
    case FieldKind::boolean: return yes_or_no();
    case FieldKind::integer:
    case FieldKind::number: return a_number();
    case FieldKind::date: return {.what = "a date", .samples = {Value("2026-01-31")}};
    case FieldKind::datetime: return {.what = "a date and time", .samples = {Value("2026-01-31T13:28:11.000+0000")}};
    case FieldKind::time: return {.what = "a time of day", .samples = {Value("13:28:11.000Z")}};
    case FieldKind::email: return an_address();
    default: return {};  // a text may be anything
  }
}

}  // namespace

BroughtValue BroughtValues::by(const engine::Arithmetic&) { return a_number(); }

BroughtValue BroughtValues::by(const engine::Pipe& pipe) const {
  if (pipe.scheme == "date") return a_written_date(pipe);
  // A modifier makes something else of it, or stands for it.
  if (pipe.path.find('?') != std::string::npos) return {};
  if (pipe.scheme == "q") return of_answer(pipe.path);
  if (pipe.scheme == "task") return of_output(pipe);
  if (pipe.scheme == "item") return of_item(pipe);
  if (pipe.scheme == "rm") return of_metadata(behind_slash(pipe.path));
  if (pipe.scheme == "e") return of_built_in(behind_slash(pipe.path));
  if (pipe.scheme == "m") return pipe.path == "Email" ? an_address() : BroughtValue{};
  if (pipe.scheme == "loc") return pipe.path == "Latitude" || pipe.path == "Longitude" ? a_number() : BroughtValue{};
  return pipe.scheme == "gr" || pipe.scheme == "rand" ? a_number() : BroughtValue{};
}

BroughtValue BroughtValues::of_answer(std::string_view path) const {
  const auto understood = connectors::survey::understand_question(path);
  const auto* asked = std::get_if<QuestionPipe>(&understood);
  if (!asked) return {};
  const Question* question = survey_ ? survey_->question(connectors::survey::take_apart(asked->question).id) : nullptr;
  switch (asked->form->part) {
    case Part::count:
    case Part::rank: return a_number();
    case Part::keyed: return asked->form->path.starts_with("Timing/") ? a_number() : BroughtValue{};
    case Part::file_link: return {.what = "a link", .samples = {Value("https://example.com/CP/File.php?F=F_1")}};
    default: return question ? of_wording(*asked, *question) : BroughtValue{};
  }
}

BroughtValue BroughtValues::of_wording(const QuestionPipe& asked, const Question& question) const {
  constexpr std::array measured{QuestionKind::slider, QuestionKind::constant_sum, QuestionKind::rank_order};
  const auto wording_of = [](const Choice* choice) { return choice ? this_wording(choice->label) : BroughtValue{}; };
  switch (asked.form->part) {
    case Part::number:
      return std::find(measured.begin(), measured.end(), question.kind) != measured.end() ? a_number() : BroughtValue{};
    case Part::wording: return this_wording(question.text);
    case Part::description: return this_wording(question.description);
    case Part::choice_wording:
      return wording_of(question.rows.empty() ? question.choice(asked.row) : question.row(asked.row));
    case Part::answer_wording: return wording_of(question.choice(asked.row));
    default: return {};
  }
}

const engine::TaskDefinition* BroughtValues::task_behind(const engine::Pipe& pipe) const {
  const std::optional<std::size_t> index = workflow_.index_of(engine::task_of(pipe));
  if (!index) return nullptr;
  const engine::TaskDefinition& from = workflow_.tasks[*index];
  return from.account == task_.account && !from.for_each ? &from : nullptr;
}

BroughtValue BroughtValues::of_output(const engine::Pipe& pipe) const {
  const engine::TaskDefinition* from = task_behind(pipe);
  const ReadSalesforceTask read = from ? reader_of(from->type) : nullptr;
  if (!read) return {};
  With with(*from);
  const std::shared_ptr<SalesforceTask> task = read(with);
  const std::string_view member = behind_slash(pipe.path);
  if (!task->effect()) return member == "found" ? a_number() : of_record(task->object(), member);
  if (member == "id") return an_id_of({task->object()});
  return member == "created" || member == "updated" || member == "deleted" ? yes_or_no() : BroughtValue{};
}

BroughtValue BroughtValues::of_item(const engine::Pipe& pipe) const {
  if (pipe.path == "number") return a_number();
  if (!task_.for_each) return {};
  const engine::Pipe& list = task_.for_each->list;
  if (list.scheme == "lm" && pipe.path.starts_with("QID")) return of_answer(pipe.path);
  const engine::TaskDefinition* from = list.scheme == "task" ? task_behind(list) : nullptr;
  const ReadSalesforceTask read = from && behind_slash(list.path) == "records" ? reader_of(from->type) : nullptr;
  if (!read) return {};
  With with(*from);
  return of_record(read(with)->object(), pipe.path);
}

BroughtValue BroughtValues::of_record(std::string_view object, std::string_view path) const {
  SharedObject known = org_.find(object);
  for (std::size_t slash = path.find('/'); known && slash != std::string_view::npos; slash = path.find('/')) {
    const FieldSchema* lookup = known->find_relationship(path.substr(0, slash));
    known = lookup && lookup->refers_to.size() == 1 ? org_.find(lookup->refers_to.front()) : nullptr;
    path.remove_prefix(slash + 1);
  }
  const FieldSchema* field = known ? known->find(path) : nullptr;
  return field ? of_field(*field, known->name) : BroughtValue{};
}

}  // namespace tasks
