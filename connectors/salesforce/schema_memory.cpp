#include "connectors/salesforce/schema_memory.hpp"

#include <utility>

#include "connectors/salesforce/api_name.hpp"
#include "connectors/salesforce/org_snapshot.hpp"

namespace connectors::salesforce {

base::awaitable<std::shared_ptr<const ObjectSchema>> SchemaMemory::find(std::string account, std::string object) {
  base::sql::Statement wanted{"SELECT description FROM org_object WHERE account = $1 AND object = $2",
                              {std::move(account), folded_api_name(object)}};
  const base::sql::Rows rows = co_await database_.read(std::move(wanted));
  if (rows.empty()) co_return nullptr;
  base::Result<ObjectSchema> schema = read_object_schema(rows.front().text(0), object);
  if (!schema) co_return nullptr;
  co_return std::make_shared<const ObjectSchema>(*std::move(schema));
}

base::awaitable<void> SchemaMemory::keep(std::string account, std::string object, std::string describe) {
  base::Result<std::string> kept = kept_description(describe);
  if (!kept) co_return;
  base::sql::Batch batch;
  batch.push_back({R"(INSERT INTO org_object (account, object, description) VALUES ($1, $2, $3)
          ON CONFLICT (account, object) DO UPDATE SET description = excluded.description)",
                   {std::move(account), folded_api_name(object), *std::move(kept)}});
  co_await database_.apply(std::move(batch));
}

base::awaitable<void> SchemaMemory::forget(std::string account) {
  base::sql::Batch batch;
  batch.push_back({"DELETE FROM org_object WHERE account = $1", {std::move(account)}});
  co_await database_.apply(std::move(batch));
}

base::awaitable<std::vector<RememberedObject>> SchemaMemory::all() {
  base::sql::Statement every{"SELECT account, object, description FROM org_object ORDER BY account, object"};
  const base::sql::Rows rows = co_await database_.read(std::move(every));
  std::vector<RememberedObject> remembered;
  for (const base::sql::Row& row : rows) remembered.push_back({row.text(0), row.text(1), row.text(2)});
  co_return remembered;
}

}  // namespace connectors::salesforce
