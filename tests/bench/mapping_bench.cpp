#include "tests/bench/mapping_bench.hpp"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/survey/response.hpp"
#include "tasks/response_mapping.hpp"
#include "tasks/survey_response_trigger.hpp"
#include "tasks/with.hpp"
#include "tests/bench/process.hpp"
#include "tests/bench/spread.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int fields_of_the_object = 500;
constexpr int cases_of_the_test = 100;
constexpr int different_responses = 64;

struct KindOfField {
  const char* name;
  const char* type;
  json more;     // of its describe
  json mapping;  // what goes into it
};

// Twenty fields as a survey's mapping has them.
std::vector<KindOfField> mapped_fields() {
  const json text{{"length", 255}};
  const json number{{"precision", 6}, {"scale", 0}};
  const json plain = json::object();
  const json picklist{{"restrictedPicklist", true},
                      {"picklistValues",
                       {{{"value", "A"}, {"label", "A"}, {"active", true}},
                        {{"value", "B"}, {"label", "B"}, {"active", true}},
                        {{"value", "C"}, {"label", "C"}, {"active", true}}}}};
  return {
      {"Survey__c", "string", text, "NPS ${e://Field/SurveyName}"},
      {"Response__c", "string", text, "${rm://Field/ResponseID}"},
      {"First__c", "string", text, "${m://FirstName}"},
      {"Last__c", "string", text, "${m://LastName}"},
      {"Channel__c", "string", text, "${e://Field/Channel}"},
      {"Region__c", "string", text, "${e://Field/Region}"},
      {"Summary__c", "string", text, "${m://FirstName} gave ${q://QID1/SelectedChoicesRecode} in ${e://Field/Region}"},
      {"Comment__c", "textarea", {{"length", 32000}}, "${q://QID3/ChoiceTextEntryValue}"},
      {"Email__c", "email", {{"length", 80}}, "${m://Email}"},
      {"Score__c", "double", number, "${q://QID1/SelectedChoicesRecode}"},
      {"Seconds__c", "int", {{"digits", 8}}, "${e://Field/Seconds}"},
      {"Amount__c", "currency", {{"precision", 16}, {"scale", 2}}, "${e://Field/Amount}"},
      {"Share__c", "percent", {{"precision", 5}, {"scale", 1}}, "${e://Field/Share}"},
      {"Segment__c",
       "picklist",
       picklist,
       {{"value", "${q://QID1/SelectedChoicesRecode}"}, {"map", {{"9", "A"}, {"10", "A"}, {"8", "B"}, {"*", "C"}}}}},
      {"Tier__c", "picklist", picklist, "${e://Field/Tier}"},
      {"Wishes__c", "multipicklist", picklist, "${e://Field/Wishes}"},
      {"Agrees__c", "boolean", plain, "${e://Field/Agrees}"},
      {"Visit__c", "date", plain, "${e://Field/Visit}"},
      {"Recorded__c", "datetime", plain, "${rm://Field/RecordedDate}"},
      {"Language__c", "string", text, "${e://Field/Q_Language}"},
  };
}

json describe_field(const std::string& name, const std::string& type, const json& more) {
  json field{{"name", name},
             {"label", name},
             {"type", type},
             {"createable", true},
             {"updateable", true},
             {"nillable", true},
             {"filterable", true},
             {"length", 0},
             {"precision", 0},
             {"scale", 0},
             {"digits", 0},
             {"externalId", false},
             {"idLookup", false},
             {"picklistValues", json::array()},
             {"referenceTo", json::array()},
             {"restrictedPicklist", false}};
  field.update(more);
  return field;
}

std::string describe_wide_object() {
  json fields = json::array();
  fields.push_back(describe_field("Response_Id__c", "string", {{"length", 255}, {"externalId", true}}));
  for (const KindOfField& kind : mapped_fields()) fields.push_back(describe_field(kind.name, kind.type, kind.more));
  while (fields.size() < fields_of_the_object)
    fields.push_back(describe_field(fmt::format("Other_{}__c", fields.size()), "string", {{"length", 255}}));
  return json{{"name", "Wide__c"},
              {"createable", true},
              {"updateable", true},
              {"deletable", true},
              {"queryable", true},
              {"fields", fields},
              {"recordTypeInfos", json::array()}}
      .dump();
}

json mapping_of_twenty() {
  json fields;
  for (const KindOfField& kind : mapped_fields()) fields[kind.name] = kind.mapping;
  return fields;
}

json response_number(int number) {
  return {{"responseId", fmt::format("R_bench{:010}", number)},
          {"surveyId", "SV_bench"},
          {"values",
           {{"recordedDate", "2026-05-01T07:25:37.114Z"},
            {"finished", 1},
            {"_recordId", fmt::format("R_bench{:010}", number)},
            {"recipientFirstName", "Ana"},
            {"recipientLastName", "Reyes"},
            {"recipientEmail", fmt::format("ana.reyes.{}@example.com", number)},
            {"Q_Language", "EN"},
            {"QID1", number % 11},
            {"QID3_TEXT", "Quick and friendly, although the queue was \"long\" on Saturday."},
            {"SurveyName", "Spring"},
            {"Channel", "email"},
            {"Region", "North"},
            {"Seconds", 100 + number},
            {"Amount", "1234.50"},
            {"Share", "12.5"},
            {"Tier", "B"},
            {"Wishes", "A;C"},
            {"Agrees", "true"},
            {"Visit", "2026-04-30"}}},
          {"labels", {{"finished", "True"}}},
          {"displayedFields", {"QID1", "QID3_TEXT"}},
          {"displayedValues", {{"QID1", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}}}};
}

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

// Seconds that a command takes, from its start to its end; throws when it does not succeed.
double seconds_of(const std::string& command) {
  const double begin = seconds_now();
  // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): the command is this program's own.
  if (std::system((command + " > /dev/null").c_str()) != 0) throw std::runtime_error("this failed: " + command);
  return seconds_now() - begin;
}

json show(const char* name, const char* unit, const std::vector<double>& values, int digits) {
  const Spread spread = spread_of(values);
  fmt::print("{:<44} {:10.{}f} {:<10} ({:.{}f} - {:.{}f})\n", name, spread.median, digits, unit, spread.min, digits,
             spread.max, digits);
  return to_json(spread);
}

// Of this thread: what else the machine does meanwhile does not count.
double core_seconds_now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Records mapped in a second of one core: a response's values looked up, converted as the org's fields want it, and
// written as the bytes of a request.
std::vector<double> mapped_in_a_second(int windows) {
  engine::TaskDefinition definition;
  definition.id = "bench";
  definition.with = base::JsonText{json{{"fields", mapping_of_twenty()}}.dump()};
  tasks::With with(definition);
  tasks::ResponseMapping mapping = with.mapping("fields");
  const auto schema = std::make_shared<const connectors::salesforce::ObjectSchema>(
      *connectors::salesforce::read_object_schema(describe_wide_object(), "Wide__c"));
  if (base::Status known = mapping.know(schema, tasks::Writing::either); !known)
    throw std::runtime_error(known.error().message);
  std::vector<std::unique_ptr<tasks::ResponseValues>> responses;
  for (int i = 0; i < different_responses; ++i)
    responses.push_back(std::make_unique<tasks::ResponseValues>(
        *connectors::survey::read_response(response_number(i).dump()), nullptr));

  std::vector<double> rates;
  for (int window = 0; window < windows; ++window) {
    const double begin = core_seconds_now();
    double end = begin;
    std::int64_t records = 0;
    for (; end < begin + 1; end = core_seconds_now()) {
      for (const auto& response : responses) {
        const base::Result<tasks::MappedRecord> record = tasks::apply(mapping, *response);
        if (!record) throw std::runtime_error(record.error().message);
        ++records;
      }
    }
    rates.push_back(static_cast<double>(records) / (end - begin));
  }
  return rates;
}

void write_wide_workflow(const fs::path& folder) {
  connectors::salesforce::OrgSnapshot snapshot{
      .org_id = "00D000000000001EAA", .environment = "sandbox", .api_version = "60.0"};
  snapshot.objects["Wide__c"] = *connectors::salesforce::kept_description(describe_wide_object());
  connectors::salesforce::write_org_snapshot(snapshot, (folder / "org").string());
  const json task{{"type", "salesforce_upsert"},
                  {"account", "crm"},
                  {"with",
                   {{"object", "Wide__c"},
                    {"key", {{"Response_Id__c", "${rm://Field/ResponseID}"}}},
                    {"fields", mapping_of_twenty()}}}};
  const json workflow{{"name", "Wide"}, {"trigger", {{"type", "survey_response"}}}, {"tasks", {{"answer", task}}}};
  write_file(folder / "wide.json", workflow.dump(2));
}

void write_hundred_cases(const fs::path& folder) {
  const json task{
      {"type", "salesforce_upsert"},
      {"account", "crm"},
      {"with",
       {{"object", "Survey_Response__c"},
        {"key", {{"Response_Id__c", "${rm://Field/ResponseID}"}}},
        {"fields", {{"Contact__c", "${task://contact/Id}"}, {"Score__c", "${q://QID1/SelectedChoicesRecode}"}}}}}};
  const json find{{"type", "salesforce_find"},
                  {"account", "crm"},
                  {"with",
                   {{"object", "Contact"},
                    {"match", {{"Email", "${m://Email}"}}},
                    {"return", {"Id"}},
                    {"if_none", "continue"},
                    {"if_many", "fail"}}}};
  const json workflow{{"name", "Hundred"},
                      {"trigger", {{"type", "survey_response"}}},
                      {"tasks", {{"contact", find}, {"answer", task}}}};
  write_file(folder / "workflow.json", workflow.dump(2));
  json cases = json::array();
  for (int i = 0; i < cases_of_the_test; ++i) {
    const std::string response = fmt::format("response-{}.json", i);
    write_file(folder / response, response_number(i).dump(2));
    const json contact{{"LastName", "Reyes"}, {"Email", fmt::format("ana.reyes.{}@example.com", i)}};
    const json expected{{"Score__c", i % 11}, {"Contact__c", "${org://crm/Contact/0/Id}"}};
    cases.push_back({{"name", fmt::format("case {}", i)},
                     {"response", response},
                     {"org", {{"crm", {{"Contact", {contact}}}}}},
                     {"expect", {{"crm", {{"Survey_Response__c", {expected}}}}}}});
  }
  write_file(folder / "hundred.test.json", json{{"workflow", "workflow.json"}, {"cases", cases}}.dump(2));
}

std::vector<double> milliseconds_of(const std::string& command, int times) {
  std::vector<double> milliseconds;
  for (int i = 0; i < times; ++i) milliseconds.push_back(seconds_of(command) * 1000);
  return milliseconds;
}

}  // namespace

json measure_mapping(const std::string& program, const fs::path& folder, int windows) {
  json report;
  report["records_per_second"] =
      show("mapping alone, 20 fields, one core", "records/s", mapped_in_a_second(windows), 0);
  write_wide_workflow(folder / "wide");
  report["validate_ms"] =
      show("validate --org, an object of 500 fields", "ms",
           milliseconds_of(fmt::format("{} validate {} --org {}", program, (folder / "wide/wide.json").string(),
                                       (folder / "wide/org").string()),
                           2 * windows),
           1);
  write_hundred_cases(folder / "hundred");
  report["test_100_cases_ms"] =
      show("sluice test, 100 cases", "ms",
           milliseconds_of(fmt::format("{} test {}", program, (folder / "hundred").string()), windows), 0);
  fmt::print("\n");
  return report;
}

}  // namespace bench
