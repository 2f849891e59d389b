#include "tasks/catalog.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "tasks/org_knowledge.hpp"
#include "tasks/planned_task.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/survey_response_trigger.hpp"

// The catalogue: one line a type. The word is the type in documents, the name of tasks/<word>.cpp, which defines
// read_<word>(), and of schemas/tasks/<word>.schema.json.
#define SALESFORCE_TASK_TYPES(TYPE) \
  TYPE(salesforce_create)           \
  TYPE(salesforce_update)           \
  TYPE(salesforce_upsert)           \
  TYPE(salesforce_delete)           \
  TYPE(salesforce_find)             \
  TYPE(salesforce_chatter_post)

namespace tasks {

#define DECLARE_READER(word) std::shared_ptr<SalesforceTask> read_##word(With& with);
SALESFORCE_TASK_TYPES(DECLARE_READER)
#undef DECLARE_READER

ReadSalesforceTask reader_of(std::string_view type) {
#define FIND_READER(word) \
  if (type == #word) return read_##word;
  SALESFORCE_TASK_TYPES(FIND_READER)
#undef FIND_READER
  return nullptr;
}

engine::Catalog make_catalog(Collaborators collaborators) {
  std::shared_ptr<OrgKnowledge> knowledge = collaborators.knowledge;
  if (!knowledge) knowledge = std::make_shared<OrgKnowledge>(collaborators.salesforce, collaborators.clock);
  std::vector<std::unique_ptr<engine::TaskType>> types;
#define ADD_TYPE(word) \
  types.push_back(std::make_unique<SalesforceTaskType>(#word, read_##word, collaborators.salesforce, knowledge));
  SALESFORCE_TASK_TYPES(ADD_TYPE)
#undef ADD_TYPE
  for (std::unique_ptr<engine::TaskType>& type : types) {
    if (collaborators.plan)
      type = std::make_unique<PlannedTaskType>(std::move(type), *collaborators.salesforce, knowledge,
                                               *collaborators.clock, *collaborators.plan);
  }

  std::vector<std::unique_ptr<engine::TriggerType>> triggers;
  triggers.push_back(std::make_unique<SurveyResponseTrigger>(collaborators.survey_platform, collaborators.surveys));
  return engine::Catalog(std::move(types), std::move(triggers));
}

}  // namespace tasks
