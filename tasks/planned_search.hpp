// A search for records of an org over which a plan lies: what the org has to be asked, and which rows come of its
// answers and the plan together. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "tasks/planned_records.hpp"
#include "tasks/record_question.hpp"

namespace tasks {

// The records of an answer to a query, or of one that was read whole.
std::vector<PlannedRecord> records_of_rows(const std::string& object, std::vector<NamedValues> rows);

class PlannedSearch {
 public:
  using Candidate = PlannedRecord;

  // Both must outlive it.
  PlannedSearch(const RecordQuestion& question, const PlannedRecords& planned);

  // False: the plan cannot make a difference, and the org's own answer is the whole.
  bool is_touched() const;
  // Together they find every record of the org that may be a row: where a condition is about a parent's field, also
  // what belongs to a parent that the plan changes.
  std::vector<RecordQuestion> questions(const connectors::salesforce::ObjectSchema& schema) const;
  // What the org has found.
  void take(std::vector<NamedValues> rows);
  // … and what the plan has of the object.
  void take_planned(const connectors::salesforce::ObjectSchema& schema);
  // To be completed by the values behind parent_paths().
  std::vector<Candidate>& candidates() { return candidates_; }
  const std::vector<std::string>& parent_paths() const { return parent_paths_; }
  // As the org would answer: an array of objects.
  base::JsonText rows(const connectors::salesforce::ObjectSchema& schema) const;

 private:
  bool is_row(const Candidate& candidate, const connectors::salesforce::ObjectSchema& schema) const;

  const RecordQuestion& question_;
  const PlannedRecords& planned_;
  std::vector<std::string> parent_paths_{};
  std::vector<Candidate> candidates_{};
};

}  // namespace tasks
