// SQLite without threads: for tests and for the simulation, where nothing may run beside the loop.
#include "base/sql/migrate.hpp"
#include "base/sql/sqlite.hpp"
#include "base/sql/sqlite_connection.hpp"

namespace base::sql {

namespace {

class InlineDatabase final : public Database {
 public:
  InlineDatabase(const std::string& path, std::span<const Migration> migrations) : connection_(path) {
    migrate(connection_, migrations);
  }

  awaitable<std::vector<Outcome>> apply(Batch batch) override {
    std::vector<Outcome> outcomes;
    in_transaction(connection_, [&](SqliteConnection& connection) {
      for (const Statement& statement : batch) outcomes.push_back(connection.execute(statement));
    });
    co_return outcomes;
  }

  awaitable<void> transact(std::function<void(Connection&)> work) override {
    in_transaction(connection_, work);
    co_return;
  }

  awaitable<Rows> read(Statement statement) override { co_return connection_.query(statement); }

  std::string_view for_share() const override { return ""; }

 private:
  SqliteConnection connection_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite_inline(const std::string& path, std::span<const Migration> migrations) {
  return std::make_unique<InlineDatabase>(path, migrations);
}

}  // namespace base::sql
