#include "connectors/survey/response_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/time_zone.hpp"
#include "base/utf8.hpp"
#include "connectors/survey/csv_rows.hpp"
#include "connectors/survey/question_pipe.hpp"
#include "connectors/survey/split_answers.hpp"

namespace connectors::survey {

namespace {

struct Column {
  std::string key;       // as the API calls it
  std::string zone{};    // of a date
  std::string choice{};  // of a column that stands for one choice of several
  std::string name{};    // as the first row calls it
  const Question* question = nullptr;

  bool is_split() const { return !choice.empty(); }
  SplitColumn split() const { return {.key = key, .choice = choice, .name = name, .question = question}; }
};

bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - first;
  };
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  constexpr std::size_t longest = 64;
  return at == text.size() && text.size() <= longest;
}

std::vector<std::string_view> cut_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<Column> read_import_id(std::string_view field, const Survey* survey) {
  base::Result<nlohmann::json> read = base::parse_json(field);
  if (!read || !read->is_object()) return std::nullopt;
  const auto id = read->find("ImportId");
  if (id == read->end() || !id->is_string()) return std::nullopt;
  Column column{.key = id->get<std::string>()};
  if (const auto zone = read->find("timeZone"); zone != read->end() && zone->is_string()) {
    column.zone = zone->get<std::string>();
  }
  if (const auto choice = read->find("choiceId"); choice != read->end()) {
    column.choice = choice->is_string() ? choice->get<std::string>() : choice->dump();
  }
  if (survey) column.question = survey->question(take_apart(column.key).id);
  return column;
}

// Makes responses of rows whose columns are known.
class CsvResponses {
 public:
  CsvResponses(const ResponseFileOptions& options, std::vector<Column> columns)
      : options_(options), columns_(std::move(columns)) {}

  base::Result<Response> response(std::vector<std::string>&& fields) const {
    if (fields.size() != columns_.size()) {
      return base::Error{response_invalid,
                         fmt::format("the row has {} fields, the header has {}", fields.size(), columns_.size())};
    }
    Response response;
    SplitAnswers split;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (base::utf8_fault(fields[i]) != std::string_view::npos) {
        return base::Error{response_invalid, fmt::format("the field '{}' is not UTF-8", columns_[i].key)};
      }
      const bool is_part = columns_[i].is_split() && !is_blank(response, columns_[i], fields[i]);
      base::Status kept =
          is_part ? split.take(columns_[i].split(), fields[i]) : keep(response, columns_[i], std::move(fields[i]));
      if (!kept) return kept.error();
    }
    if (base::Status given = std::move(split).give_to(response); !given) return given.error();
    if (response.id.empty()) return base::Error{response_invalid, "the row has no response id (_recordId)"};
    return response;
  }

 private:
  // Notes where the field says that the question was shown all the same.
  bool is_blank(Response& response, const Column& column, std::string_view field) const {
    if (field.empty()) return true;
    const bool was_seen =
        !options_.seen_unanswered.empty() && field == options_.seen_unanswered && !take_apart(column.key).id.empty();
    if (was_seen) response.displayed.insert(column.key);
    return was_seen;
  }

  base::Status keep(Response& response, const Column& column, std::string field) const {
    if (is_blank(response, column, field)) return base::Ok{};
    if (column.key == "_recordId" || column.key == "responseId") response.id = field;
    if (!column.zone.empty()) {
      base::Result<std::string> utc = in_utc(column, field);
      if (!utc) return utc.error();
      field = *std::move(utc);
    }
    if (column.key == "recordedDate") response.recorded_date = field;
    const bool is_answer = !take_apart(column.key).id.empty();
    if (is_answer) response.displayed.insert(column.key);
    base::Value value = is_answer ? answer(response, column, std::move(field)) : metadata(column.key, std::move(field));
    const auto [at, is_new] = response.values.try_emplace(column.key, std::move(value));
    if (is_new || at->second == value) return base::Ok{};
    return several_columns(column.key);
  }

  base::Error several_columns(std::string_view key) const {
    std::vector<std::string> names;
    for (const Column& column : columns_) {
      if (column.key == key) names.push_back(fmt::format("'{}'", column.name));
    }
    return {response_invalid,
            fmt::format("the columns {} all have the import id {}, and say different things", listed(names), key)};
  }

  // `2019-06-26 13:28:11` on the clocks of the column's zone; an export may also say it as the API does.
  static base::Result<std::string> in_utc(const Column& column, std::string text) {
    constexpr std::size_t date_bytes = 10;
    if (text.size() > date_bytes && text[date_bytes] == ' ') text[date_bytes] = 'T';
    if (base::from_iso8601(text) && text.size() > date_bytes) return text;
    const base::Result<base::TimePoint> local = base::from_iso8601(text.size() > date_bytes ? text + "Z" : text);
    if (!local) {
      return base::Error{response_invalid, fmt::format("'{}' of {} is no date", base::shortened(text), column.key)};
    }
    const base::Result<base::LocalReading> at = base::read_local(column.zone, *local);
    if (!at) return at.error();
    if (at->times == 0) {
      return base::Error{response_invalid,
                         fmt::format("'{}' of {} is no time in {}: the clocks are put forward past it",
                                     base::shortened(text), column.key, column.zone)};
    }
    return base::to_iso8601(at->at);
  }

  static base::Value metadata(std::string_view key, std::string field) {
    constexpr std::array<std::string_view, 4> numbers{"status", "progress", "duration", "finished"};
    if (std::find(numbers.begin(), numbers.end(), key) == numbers.end()) return field;
    // An export by labels says these in words.
    if (key == "finished" && (field == "True" || field == "False")) return base::number(field == "True" ? 1 : 0);
    if (key == "status" && field == "IP Address") return base::number(0);
    return is_json_number(field) ? base::number(std::move(field)) : base::Value(std::move(field));
  }

  base::Value answer(Response& response, const Column& column, std::string field) const {
    if (is_text(column)) return field;
    if (!column.question) return by_looks(column, std::move(field));
    using enum QuestionKind;
    switch (column.question->kind) {
      case multiple_choice:
      case matrix_multiple: return chosen(response, column, field, /*several=*/true);
      case single_choice:
      case nps:
      case matrix_single:
      case drill_down: return chosen(response, column, field, /*several=*/false);
      default:
        return column.key.ends_with("_GROUP") && column.question->kind == pick_group_rank
                   ? items(*column.question, field)
                   : by_looks(column, std::move(field));
    }
  }

  static bool is_text(const Column& column) {
    if (column.key.ends_with("_TEXT")) return true;
    for (std::string_view suffix :
         {"_FILE_ID", "_FILE_NAME", "_FILE_TYPE", "_BROWSER", "_VERSION", "_OS", "_RESOLUTION"}) {
      if (column.key.ends_with(suffix)) return true;
    }
    if (!column.question) return false;
    using enum QuestionKind;
    return column.question->kind == text || column.question->kind == form || column.question->kind == matrix_text;
  }

  // Without the survey's definition: a number is one, and several numbers are several choices.
  static base::Value by_looks(const Column& column, std::string field) {
    if (is_json_number(field)) return base::number(std::move(field));
    const std::vector<std::string_view> parts = cut_at_commas(field);
    const bool may_be_list = parts.size() > 1 && (take_apart(column.key).suffix.empty() || !column.question);
    if (!may_be_list || !std::all_of(parts.begin(), parts.end(), is_json_number)) return field;
    base::List list;
    for (std::string_view part : parts) list.emplace_back(std::string(part));
    return list;
  }

  static base::Value recode_value(const Choice& choice, bool in_list) {
    if (in_list || !is_json_number(choice.recode)) return choice.recode;
    return base::number(choice.recode);
  }

  // By recodes or by labels, whichever the export has. A label may hold commas itself.
  static base::Value chosen(Response& response, const Column& column, const std::string& field, bool several) {
    const Question& question = *column.question;
    base::List recodes, labels;
    std::string_view rest = field;
    while (!rest.empty()) {
      const Choice* choice = longest_match(question.choices, rest, several);
      if (!choice) return by_looks(column, field);
      recodes.push_back(recode_value(*choice, several));
      labels.emplace_back(choice->label);
    }
    if (several) {
      response.labels.insert_or_assign(column.key, std::move(labels));
      return recodes;
    }
    response.labels.insert_or_assign(column.key, std::move(labels.front()));
    return std::move(recodes.front());
  }

  // Takes the longest recode or label that stands at the front of `rest`, up to a comma or the end, and takes it away.
  static const Choice* longest_match(const Choices& choices, std::string_view& rest, bool several) {
    const Choice* best = nullptr;
    std::size_t best_bytes = 0;
    for (const Choice& choice : choices) {
      for (const std::string* text : {&choice.recode, &choice.label}) {
        if (text->size() <= best_bytes || !rest.starts_with(*text)) continue;
        const bool ends = rest.size() == text->size() || (several && rest[text->size()] == ',');
        if (!ends) continue;
        best = &choice;
        best_bytes = text->size();
      }
    }
    rest.remove_prefix(best ? std::min(best_bytes + 1, rest.size()) : 0);
    return best;
  }

  // What lies in a group, by the numbers of the items.
  static base::Value items(const Question& question, const std::string& field) {
    base::List list;
    std::string_view rest = field;
    while (!rest.empty()) {
      const Choice* item = longest_match(question.rows, rest, /*several=*/true);
      if (!item) return field;
      list.emplace_back(item->id);
    }
    return list;
  }

  const ResponseFileOptions& options_;
  std::vector<Column> columns_;
};

constexpr std::size_t header_rows = 3;

base::Result<std::vector<Column>> read_columns(const std::vector<std::string>& fields,
                                               const std::vector<std::string>& names, const Survey* survey) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    std::optional<Column> column = read_import_id(field, survey);
    if (!column) {
      return base::Error{response_invalid,
                         fmt::format("row {}: '{}' is no import id, as {{\"ImportId\":\"QID1\"}}; an export has three "
                                     "header rows: names, wordings and import ids",
                                     header_rows, base::shortened(field))};
    }
    column->name = i < names.size() ? names[i] : column->key;
    if (column->is_split()) {
      if (const std::string why = why_not_put_together(column->split()); !why.empty())
        return base::Error{response_invalid, fmt::format("the column '{}': {}", column->name, why)};
    }
    columns.push_back(*std::move(column));
  }
  return columns;
}

}  // namespace

base::Status read_csv_responses(std::string_view text, const ResponseFileOptions& options,
                                const std::function<bool(FileResponse&&)>& take) {
  std::optional<CsvResponses> responses;
  base::Status header = base::Ok{};
  std::vector<std::string> names;
  base::Status read = read_csv_rows(text, [&](std::size_t number, std::vector<std::string>&& fields) {
    if (number == 1) {
      names = std::move(fields);
      return true;
    }
    if (number < header_rows) return true;
    if (number > header_rows) return take({fmt::format("row {}", number), responses->response(std::move(fields))});
    base::Result<std::vector<Column>> columns = read_columns(fields, names, options.survey);
    if (columns) {
      responses.emplace(options, *std::move(columns));
    } else {
      header = columns.error();
    }
    return static_cast<bool>(header);
  });
  if (!header) return header;
  if (!read) return read;
  if (!responses) {
    return base::Error{response_invalid, "an export has three header rows: names, wordings and import ids"};
  }
  return base::Ok{};
}

}  // namespace connectors::survey
