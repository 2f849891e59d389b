#include "tasks/catalog.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "tasks/org_knowledge.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/survey_response_trigger.hpp"
#include "tasks/task_types.hpp"

namespace tasks {

engine::Catalog make_catalog(Collaborators collaborators) {
  auto knowledge = std::make_shared<OrgKnowledge>(collaborators.salesforce);
  std::vector<std::unique_ptr<engine::TaskType>> types;
  auto salesforce = [&](std::string_view name, ReadSalesforceTask read) {
    types.push_back(std::make_unique<SalesforceTaskType>(name, read, collaborators.salesforce, knowledge));
  };
  salesforce("salesforce_create", read_salesforce_create);
  salesforce("salesforce_update", read_salesforce_update);
  salesforce("salesforce_upsert", read_salesforce_upsert);
  salesforce("salesforce_delete", read_salesforce_delete);
  salesforce("salesforce_find", read_salesforce_find);
  salesforce("salesforce_chatter_post", read_salesforce_chatter_post);

  std::vector<std::unique_ptr<engine::TriggerType>> triggers;
  triggers.push_back(std::make_unique<SurveyResponseTrigger>(collaborators.survey_platform));
  return engine::Catalog(std::move(types), std::move(triggers));
}

}  // namespace tasks
