// The Salesforce task types this program knows, as the catalogue takes them: one line each.
#pragma once

#include <memory>

namespace tasks {

class SalesforceTask;
class With;

std::shared_ptr<SalesforceTask> read_salesforce_create(With& with);
std::shared_ptr<SalesforceTask> read_salesforce_update(With& with);
std::shared_ptr<SalesforceTask> read_salesforce_upsert(With& with);
std::shared_ptr<SalesforceTask> read_salesforce_delete(With& with);
std::shared_ptr<SalesforceTask> read_salesforce_find(With& with);
std::shared_ptr<SalesforceTask> read_salesforce_chatter_post(With& with);

}  // namespace tasks
