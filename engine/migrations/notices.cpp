// Notices: what people are told in the product, and whether it has been handed to the webhook.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

constexpr std::string_view notices_step = R"sql(
CREATE TABLE notice (
  no INTEGER PRIMARY KEY,
  brand BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  account TEXT NOT NULL, message TEXT NOT NULL, dedup_key TEXT NOT NULL, created_at BIGINT NOT NULL, read_at BIGINT,
  deliveries BIGINT NOT NULL DEFAULT 0, deliver_at BIGINT, delivered_at BIGINT,
  UNIQUE (brand, recipient, dedup_key));
CREATE INDEX notice_of ON notice (brand, recipient, no);
CREATE INDEX notice_due ON notice (deliver_at) WHERE deliver_at IS NOT NULL;
)sql";

}  // namespace

base::sql::Migration notices_migration(int number) { return {number, "notices", notices_step}; }

}  // namespace engine
