// Whether the program lives, whether it can take work, and its figures for Prometheus.
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "app/error_page.hpp"
#include "app/errors.hpp"

namespace app::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily made;
  made.name = std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

void add_value(MetricFamily& family, double value, std::string label = "", std::string label_value = "") {
  ClientMetric metric;
  if (!label.empty()) metric.label.push_back({std::move(label), std::move(label_value)});
  (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

// What a problem's `type` leads to.
Answer show_error_page(Context&, Request& request) {
  const std::string_view page = error_page(request.param("code"));
  if (page.empty()) co_return problem(404, error_code_unknown.name, "there is no such error code");
  co_return base::http::Response{200, {{"content-type", "text/markdown; charset=utf-8"}}, std::string(page)};
}

Answer livez(Context&, Request&) { co_return base::http::Response{200, {{"content-type", "text/plain"}}, "alive\n"}; }

// Ready is who can write: a statement that changes nothing goes through the writer.
Answer readyz(Context& context, Request&) {
  try {
    base::sql::Batch nothing;
    co_await context.services.database->apply(std::move(nothing));
  } catch (const base::sql::DatabaseError& error) {
    co_return problem(503, "storage_unavailable", error.what());
  }
  co_return base::http::Response{200, {{"content-type", "text/plain"}}, "ready\n"};
}

Answer metrics(Context& context, Request&) {
  Services& services = context.services;
  const engine::RunCounters& counters = services.executor.counters();
  MetricFamily ended =
      family("sluice_runs_ended_total", "Runs that ended in this process, by state", MetricType::Counter);
  add_value(ended, static_cast<double>(counters.runs_succeeded), "state", "succeeded");
  add_value(ended, static_cast<double>(counters.runs_failed), "state", "failed");
  add_value(ended, static_cast<double>(counters.runs_cancelled), "state", "cancelled");
  MetricFamily held = family("sluice_runs_held_total", "Times a run was held for a person", MetricType::Counter);
  add_value(held, static_cast<double>(counters.runs_held));
  MetricFamily attempts = family("sluice_attempts_total", "Attempts at tasks, by outcome", MetricType::Counter);
  add_value(attempts, static_cast<double>(counters.attempts - counters.attempts_failed), "outcome", "answered");
  add_value(attempts, static_cast<double>(counters.attempts_failed), "outcome", "failed");
  MetricFamily in_flight = family("sluice_runs_in_flight", "Runs that this process is working on", MetricType::Gauge);
  add_value(in_flight, services.worker.in_flight());
  MetricFamily open = family("sluice_runs_open", "Runs that have not ended, by state", MetricType::Gauge);
  const std::vector<engine::RunHistory::StateCount> counts = co_await services.history.open_runs();
  for (const engine::RunHistory::StateCount& count : counts)
    add_value(open, static_cast<double>(count.count), "state", count.state);
  MetricFamily commits = family("sluice_database_commits_total", "Commits that reached the disk", MetricType::Counter);
  const base::sql::SqliteStatistics statistics = services.database->statistics();
  add_value(commits, static_cast<double>(statistics.commits));
  MetricFamily operations =
      family("sluice_database_operations_total", "Operations in those commits", MetricType::Counter);
  add_value(operations, static_cast<double>(statistics.operations));

  const std::vector<MetricFamily> all{ended, held, attempts, in_flight, open, commits, operations};
  co_return base::http::Response{
      200, {{"content-type", "text/plain; version=0.0.4"}}, prometheus::TextSerializer().Serialize(all)};
}

}  // namespace app::api
