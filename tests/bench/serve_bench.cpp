#include "tests/bench/serve_bench.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/bench/load.hpp"
#include "tests/bench/process.hpp"
#include "tests/bench/spread.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* three_tasks = R"({
  "name": "Bench",
  "trigger": { "type": "survey_response", "when": { "value": "${rm://Field/Finished}", "equals": 1 } },
  "tasks": {
    "contact": { "type": "salesforce_find", "account": "crm",
      "with": { "object": "Contact", "match": { "Email": "${m://Email}" }, "return": ["Id"], "if_none": "continue", "if_many": "fail" } },
    "answer": { "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
        "fields": { "Contact__c": "${task://contact/Id}", "Score__c": { "value": "${q://QID1/SelectedChoicesRecode}", "as": "number" },
          "Segment__c": { "value": "${q://QID1/ChoiceGroup/SelectedChoices}", "map": { "9": "A", "*": "B" } },
          "Comment__c": { "value": "${q://QID3/ChoiceTextEntryValue}", "if_blank": "skip" }, "Survey__c": "NPS ${e://Field/SurveyName}" } } },
    "post": { "type": "salesforce_chatter_post", "account": "crm", "after": ["answer"], "on_unclear": "retry",
      "with": { "record": "${task://contact/Id}", "text": "Score ${q://QID1/SelectedChoicesRecode}: ${rm://Field/ResponseID}" } } }
})";

class ServeMeasurement {
 public:
  ServeMeasurement(std::string program, fs::path folder, double seconds, int windows)
      : program_(std::move(program)), folder_(std::move(folder)), seconds_(seconds), windows_(windows) {
    fs::create_directories(folder_ / "workflows");
    std::ofstream(folder_ / "workflows" / "bench.json") << three_tasks;
    std::ofstream(folder_ / "crm.json") << fmt::format(
        R"({{"environment":"sandbox","login":"client_credentials","token_url":"http://127.0.0.1:{}/services/oauth2/token","client_id":"bench","client_secret":"bench"}})",
        load_.org_port());
  }

  nlohmann::json run() {
    nlohmann::json report;
    report["start"] = start_and_memory();
    for (int in_flight : {64, 256}) report["throughput"].push_back(throughput(in_flight));
    report["at_50_runs_per_second"] = calm();
    return report;
  }

 private:
  std::vector<std::string> serve_command(const std::string& data) const {
    return {program_,      "serve",
            "--workflows", (folder_ / "workflows").string(),
            "--account",   "crm=" + (folder_ / "crm.json").string(),
            "--data",      (folder_ / data).string(),
            "--port",      "0",
            "--json"};
  }

  // A server that listens. A new account logs in before that, so the org answers meanwhile.
  std::unique_ptr<Program> start(const std::string& data) {
    std::atomic<bool> listens = false;
    std::thread org([&] { load_.answer_until(listens); });
    auto server = std::make_unique<Program>(serve_command(data));
    listens = true;
    org.join();
    aim_at(*server);
    return server;
  }

  void aim_at(const Program& server) {
    const nlohmann::json line = nlohmann::json::parse(server.first_line());
    const std::string url = line.at("url");
    token_ = line.at("token");
    load_.aim(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))), line.at("hooks").at("bench.json"));
  }

  nlohmann::json start_and_memory() {
    std::vector<double> milliseconds;
    std::vector<double> mebibytes;
    for (int i = 0; i < 7; ++i) {
      const double begin = seconds_now();
      const auto server = start("start" + std::to_string(i / 2));  // every second start finds a database
      load_.get("/livez", token_);
      milliseconds.push_back((seconds_now() - begin) * 1000);
      mebibytes.push_back(static_cast<double>(server->usage().resident_kib) / 1024);
    }
    const Spread start = spread_of(milliseconds);
    const Spread memory = spread_of(mebibytes);
    fmt::print("start to first answer      {:8.1f} ms    ({:.1f} - {:.1f})\n", start.median, start.min, start.max);
    fmt::print("resident memory, idle      {:8.1f} MiB   ({:.1f} - {:.1f})\n\n", memory.median, memory.min, memory.max);
    return {{"start_ms", to_json(start)}, {"idle_resident_mib", to_json(memory)}};
  }

  double commits() {
    const std::string metrics = load_.get("/metrics", token_);
    const std::string name = "\nsluice_database_commits_total ";
    const std::size_t at = metrics.find(name);
    return at == std::string::npos ? 0 : std::atof(metrics.c_str() + at + name.size());
  }

  nlohmann::json throughput(int in_flight) {
    const auto running = start("load" + std::to_string(in_flight));
    const Program& server = *running;
    load_.drive(in_flight, 2);
    std::vector<double> rates, cpus, p50s, p99s, fsyncs, bytes, memory;
    for (int i = 0; i < windows_; ++i) {
      const Usage before = server.usage();
      const double commits_before = commits();
      Window window = load_.drive(in_flight, seconds_);
      const Usage after = server.usage();
      const double runs = static_cast<double>(std::max<std::int64_t>(window.runs, 1));
      rates.push_back(runs / window.seconds);
      cpus.push_back((after.cpu_seconds - before.cpu_seconds) / runs * 1000);
      p50s.push_back(percentile(window.latencies_ms, 0.5));
      p99s.push_back(percentile(window.latencies_ms, 0.99));
      fsyncs.push_back((commits() - commits_before) / runs);
      bytes.push_back(static_cast<double>(after.bytes_written - before.bytes_written) / runs);
      memory.push_back(static_cast<double>(after.resident_kib) / 1024);
    }
    const bool drained = load_.drain(30);
    nlohmann::json report{
        {"in_flight", in_flight}, {"windows", windows_}, {"seconds", seconds_}, {"all_runs_ended", drained}};
    fmt::print("{} in flight, three tasks, durable, load and org stub on the same cores, {} windows of {:.0f} s\n",
               in_flight, windows_, seconds_);
    const auto show = [&](const char* name, const char* unit, const char* key, const std::vector<double>& values,
                          int digits) {
      const Spread spread = spread_of(values);
      report[key] = to_json(spread);
      fmt::print("  {:<24} {:10.{}f} {:<5} ({:.{}f} - {:.{}f})\n", name, spread.median, digits, unit, spread.min,
                 digits, spread.max, digits);
    };
    show("runs", "/s", "runs_per_second", rates, 0);
    show("CPU per 1000 runs", "s", "cpu_seconds_per_1000_runs", cpus, 3);
    show("hook to last call, p50", "ms", "p50_ms", p50s, 2);
    show("hook to last call, p99", "ms", "p99_ms", p99s, 2);
    show("fsyncs (commits) per run", "", "fsyncs_per_run", fsyncs, 3);
    show("bytes written per run", "", "bytes_written_per_run", bytes, 0);
    show("resident memory", "MiB", "resident_mib", memory, 1);
    fmt::print("  {}\n\n", drained ? "every run ended" : "NOT every run ended within 30 s");
    return report;
  }

  nlohmann::json calm() {
    const auto running = start("calm");
    load_.drive(64, 1, 50);
    Window window = load_.drive(64, 2 * seconds_, 50);
    load_.drain(10);
    const double p50 = percentile(window.latencies_ms, 0.5);
    const double p99 = percentile(window.latencies_ms, 0.99);
    fmt::print("at 50 runs/s: hook to last call p50 {:.2f} ms, p99 {:.2f} ms ({} runs)\n", p50, p99, window.runs);
    return {{"p50_ms", p50}, {"p99_ms", p99}, {"runs", window.runs}};
  }

  std::string program_;
  fs::path folder_;
  double seconds_;
  int windows_;
  Load load_;
  std::string token_;
};

}  // namespace

nlohmann::json measure_serve(const std::string& program, const fs::path& folder, double seconds, int windows) {
  return ServeMeasurement(program, folder, seconds, windows).run();
}

}  // namespace bench
