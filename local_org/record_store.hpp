// The org's records in SQLite: one table per object, made from its describe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/sql/sqlite_connection.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// One value per field, in the order of the object's fields; a compound field's is null.
using Record = std::vector<base::sql::Value>;

const std::string& record_id(const Object& object, const Record& record);

// Counts an object's records in the order of their creation, deleted ones too.
inline constexpr std::string_view number_column = "\"_number\"";
std::string quoted_name(std::string_view name);

class RecordStore {
 public:
  // Opens or creates the file, or ":memory:"; tables and columns that are missing are added. `schema` must outlive it.
  RecordStore(const std::string& path, const Schema& schema);

  // The number of the record to be inserted next.
  std::int64_t next_number(const Object& object) { return numbers_.at(&object) + 1; }
  // Grows with every insert and update of such records, also of those that are rolled back.
  std::uint64_t writes_of(const Object& object) const { return writes_.at(&object); }
  void insert(const Object& object, const Record& record);
  void update(const Object& object, const Record& record);
  // Takes all of its records away as if there had been none.
  void clear(const Object& object);
  // Deleted ones too.
  std::optional<Record> find(const Object& object, std::string_view id);
  // Ids of the records, deleted ones left out, whose field has that value.
  std::vector<std::string> find_ids(const Object& object, const Field& field, const base::sql::Value& value);

  // Ids of all of an object's records, deleted ones too, oldest first.
  std::vector<std::string> all_ids(const Object& object);

  // Texts made at run time whose number is bounded by the schema or that come again and again.
  base::sql::Rows select(const std::string& text, std::vector<base::sql::Value> parameters);

  // What belongs to the org itself, e.g. its client secret.
  std::optional<std::string> setting(std::string_view name);
  void set_setting(std::string_view name, std::string_view value);

  // What is written while it lives counts only if commit() was called.
  class Transaction {
   public:
    explicit Transaction(RecordStore& store);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

   private:
    RecordStore& store_;
    std::map<const Object*, std::int64_t> numbers_;
    bool open_ = true;
  };

 private:
  void create_table(const Object& object);
  void add_missing_columns(const Object& object);
  void create_indexes(const Object& object);
  base::sql::Outcome execute(const std::string& text, std::vector<base::sql::Value> parameters);

  base::sql::SqliteConnection connection_;
  std::map<const Object*, std::int64_t> numbers_;  // the highest so far
  std::map<const Object*, std::uint64_t> writes_;
  // Prepared statements are kept by their text's address, so the texts stay where they are.
  std::unordered_set<std::string> texts_;
};

}  // namespace local_org
