// `sluice survey describe`: a survey's questions, what can be answered to them, and the pipes to paste.
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "base/json_writer.hpp"
#include "connectors/survey/pipe_offers.hpp"
#include "connectors/survey/survey_document.hpp"

namespace app::cli {
namespace {

struct SurveyDescribeArguments {
  std::string file;
  bool json = false;
};

using connectors::survey::Choice;
using connectors::survey::Choices;
using connectors::survey::PipeOffer;
using connectors::survey::Question;
using connectors::survey::Survey;

// A definition may hold anything; a terminal is shown no control characters.
std::string one_line(std::string_view text) {
  std::string clean;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return clean;
}

void print_choices(std::string_view what, const Choices& choices) {
  for (const Choice& choice : choices) {
    std::string line = fmt::format("    {} {}: {}", what, choice.id, choice.label);
    if (choice.recode != choice.id) line += fmt::format(" · recode {}", choice.recode);
    if (!choice.variable_name.empty()) line += fmt::format(" · name {}", choice.variable_name);
    if (choice.takes_text) line += " · takes a text";
    std::cout << one_line(line) << '\n';
  }
}

void print_offers(const std::vector<PipeOffer>& offers) {
  for (const PipeOffer& offer : offers) {
    std::cout << one_line(fmt::format("    ${{{}}}  {} · {}", offer.pipe, offer.type, offer.what)) << '\n';
  }
}

void print_question(const Question& question, const Survey& survey) {
  std::cout << '\n'
            << one_line(fmt::format("{} {} ({}){}", question.id, question.export_tag,
                                    connectors::survey::to_string(question.kind),
                                    question.is_asked ? "" : " · in the trash, not asked"))
            << "\n  " << one_line(question.text) << '\n';
  print_choices("row", question.rows);
  print_choices("choice", question.choices);
  for (std::size_t i = 0; i < question.groups.size(); ++i) {
    std::cout << one_line(fmt::format("    group {}: {}", i, question.groups[i])) << '\n';
  }
  for (const Question& column : question.columns) {
    std::cout << one_line(fmt::format("  {} {}", column.id, column.text)) << '\n';
    print_choices("choice", column.choices);
  }
  if (question.is_asked) print_offers(offers_of(question, survey));
}

void print_part(std::string_view name, const std::vector<PipeOffer>& offers) {
  if (!offers.empty()) std::cout << '\n' << name << '\n';
  print_offers(offers);
}

void print_survey(const Survey& survey) {
  std::cout << one_line(fmt::format("{} {} · {} questions", survey.id, survey.name, survey.questions.size())) << '\n';
  for (const Question& question : survey.questions) print_question(question, survey);
  print_part("Loops", offers_of_loops(survey));
  print_part("Scores", offers_of_scores(survey));
  print_part("Embedded data", offers_of_fields(survey));
}

void write_choices(base::JsonWriter& json, std::string_view name, const Choices& choices) {
  if (choices.empty()) return;
  json.key(name);
  json.begin_array();
  for (const Choice& choice : choices) {
    json.begin_object();
    json.field("id", choice.id);
    json.field("label", choice.label);
    json.field("recode", choice.recode);
    if (!choice.variable_name.empty()) json.field("variable_name", choice.variable_name);
    if (!choice.export_tag.empty()) json.field("export_tag", choice.export_tag);
    if (choice.takes_text) json.field("takes_text", true);
    json.end_object();
  }
  json.end_array();
}

void write_offers(base::JsonWriter& json, const std::vector<PipeOffer>& offers) {
  json.key("pipes");
  json.begin_array();
  for (const PipeOffer& offer : offers) {
    json.begin_object();
    json.field("pipe", fmt::format("${{{}}}", offer.pipe));
    json.field("type", offer.type);
    json.field("what", offer.what);
    json.end_object();
  }
  json.end_array();
}

void write_part(base::JsonWriter& json, std::string_view name, const std::vector<PipeOffer>& offers) {
  json.key(name);
  json.begin_object();
  write_offers(json, offers);
  json.end_object();
}

void write_question(base::JsonWriter& json, const Question& question, const Survey& survey) {
  json.begin_object();
  json.field("id", question.id);
  json.field("export_tag", question.export_tag);
  json.field("kind", connectors::survey::to_string(question.kind));
  json.field("text", question.text);
  json.field("asked", question.is_asked);
  write_choices(json, "rows", question.rows);
  write_choices(json, "choices", question.choices);
  if (!question.groups.empty()) {
    json.key("groups");
    json.begin_array();
    for (const std::string& group : question.groups) json.string(group);
    json.end_array();
  }
  write_offers(json, offers_of(question, survey));
  json.end_object();
}

void write_survey(const Survey& survey) {
  base::JsonWriter json;
  json.begin_object();
  json.field("id", survey.id);
  json.field("name", survey.name);
  json.key("questions");
  json.begin_array();
  for (const Question& question : survey.questions) write_question(json, question, survey);
  json.end_array();
  write_part(json, "loops", offers_of_loops(survey));
  write_part(json, "scores", offers_of_scores(survey));
  write_part(json, "embedded_data", offers_of_fields(survey));
  json.end_object();
  std::cout << json.text() << std::endl;
}

int describe_survey(const SurveyDescribeArguments& arguments) {
  const connectors::survey::SurveyReading reading = connectors::survey::read_survey_file(arguments.file);
  if (!reading.survey) {
    print_findings(reading.findings, arguments.json);
    return Exit::bad_input;
  }
  print_findings(reading.findings, false);
  arguments.json ? write_survey(*reading.survey) : print_survey(*reading.survey);
  return Exit::fine;
}

}  // namespace

void add_survey(VerbGroup& program) {
  VerbGroup survey = program.group("survey", "survey definitions");
  auto verb =
      survey.verb("describe", "a survey's questions, and the pipes that can be mapped from each", describe_survey);
  verb.argument("FILE", verb->file, "a .qsf file, or a definition as the platform's API gives it");
  take_json(verb, verb->json);
}

}  // namespace app::cli
