// What a task's pipes are known to bring before any response comes: in what form, and whose record an id names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "connectors/survey/question_pipe.hpp"
#include "connectors/survey/survey.hpp"
#include "engine/definition.hpp"
#include "engine/pipe.hpp"
#include "tasks/org_schema.hpp"

namespace tasks {

struct BroughtValue {
  std::string what{};                  // "a date and time"; empty: nobody knows beforehand
  std::vector<base::Value> samples{};  // what takes none of them, for another reason than its size, takes nothing
  bool is_exact = false;               // there is no other value than the samples
  std::vector<std::string> objects{};  // of a record's id: the objects whose record it may be; empty: it is none
};

// Of one task of a workflow, on one org.
class BroughtValues {
 public:
  // `survey` may be null.
  BroughtValues(const engine::WorkflowDefinition& workflow, const engine::TaskDefinition& task, const OrgSchema& org,
                const connectors::survey::Survey* survey)
      : workflow_(workflow), task_(task), org_(org), survey_(survey) {}

  BroughtValue by(const engine::Pipe& pipe) const;
  static BroughtValue by(const engine::Arithmetic& arithmetic);

  const engine::TaskDefinition& task() const { return task_; }
  const OrgSchema& org() const { return org_; }
  // What the task is done for each item of; null where it is done once.
  const engine::Pipe* list() const { return task_.for_each ? &task_.for_each->list : nullptr; }
  const connectors::survey::Survey* survey() const { return survey_; }

 private:
  BroughtValue of_answer(std::string_view path) const;
  BroughtValue of_wording(const connectors::survey::QuestionPipe& asked,
                          const connectors::survey::Question& question) const;
  BroughtValue of_output(const engine::Pipe& pipe) const;
  BroughtValue of_item(const engine::Pipe& pipe) const;
  // The task to whose output a pipe leads; null where that is another org's, or a list of what its items gave.
  const engine::TaskDefinition* task_behind(const engine::Pipe& pipe) const;
  BroughtValue of_record(std::string_view object, std::string_view path) const;

  const engine::WorkflowDefinition& workflow_;
  const engine::TaskDefinition& task_;
  const OrgSchema& org_;
  const connectors::survey::Survey* survey_;
};

}  // namespace tasks
