// What tests of tasks lay out before they begin: values for pipes, a task's definition, a compiled task without an org.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "engine/task.hpp"
#include "tasks/catalog.hpp"
#include "tests/support/loop.hpp"

namespace task_bench {

// Pipes and what they mean, e.g. {{"q://QID1/SelectedChoicesRecode", base::number(10)}}; all others are blank.
class Values final : public engine::ValueSource {
 public:
  Values(std::initializer_list<std::pair<const std::string, base::Value>> values) : values_(values) {}
  explicit Values(std::map<std::string, base::Value> values) : values_(std::move(values)) {}

  base::Result<base::Value> value(const engine::Pipe& pipe) const override {
    auto found = values_.find(pipe.scheme + "://" + pipe.path);
    return found == values_.end() ? base::Value() : found->second;
  }

 private:
  std::map<std::string, base::Value> values_;
};

inline engine::TaskDefinition a_task(std::string type, std::string with) {
  engine::TaskDefinition definition;
  definition.id = "it";
  definition.type = std::move(type);
  definition.account = "crm";
  definition.with = base::JsonText{std::move(with)};
  return definition;
}

// A task compiled without an org.
class Machine {
 public:
  Machine(const std::string& type, std::string with) : catalog_(tasks::make_catalog({})) {
    definition_ = a_task(type, std::move(with));
    boost::asio::io_context loop;
    task_ = *support::run(loop, catalog_.task(type)->compile(definition_, account_));
  }

  base::Result<engine::Step> next(const Values& values, std::vector<std::string> answers = {}) const {
    std::vector<engine::Answer> so_far;
    for (std::string& answer : answers) so_far.push_back({base::JsonText{std::move(answer)}});
    return task_->next({values, "key_of_this_write"}, so_far);
  }

 private:
  engine::Catalog catalog_;
  engine::TaskDefinition definition_;
  engine::BoundAccount account_;
  std::shared_ptr<const engine::CompiledTask> task_;
};

// A step as a test reads it: "read …", "write …", "done …", or an error's code and message.
inline std::string told(const base::Result<engine::Step>& step) {
  if (!step) return std::string(step.error().code.name) + ": " + step.error().message;
  if (const auto* read = std::get_if<engine::Read>(&*step)) return "read " + read->question.text;
  if (const auto* write = std::get_if<engine::Write>(&*step))
    return std::string(engine::to_string(write->effect)) + " write " + write->record.text;
  if (const auto* done = std::get_if<engine::Done>(&*step)) return "done " + done->output.text;
  return "something else";
}

}  // namespace task_bench
