// What every database promises, whichever it is.
#include <catch2/catch.hpp>

#include "tests/base/sql/test_database.hpp"

using base::sql::Batch;
using base::sql::Connection;
using base::sql::DatabaseError;
using base::sql::Outcome;
using base::sql::Rows;
using base::sql::Statement;
using test::DatabaseKind;
using test::TestDatabase;

namespace {

DatabaseKind any_database() { return GENERATE(DatabaseKind::sqlite, DatabaseKind::sqlite_inline); }

Statement insert_note(std::int64_t id, std::string text) {
  return {"INSERT INTO note (id, text) VALUES ($1, $2)", {id, std::move(text)}};
}

// Counts how it went, for batches that are under way together.
base::awaitable<void> apply_and_count(TestDatabase& db, Batch batch, int& applied, int& refused) {
  try {
    co_await db.database().apply(std::move(batch));
    ++applied;
  } catch (const DatabaseError&) {
    ++refused;
  }
}

void start_on_loop(TestDatabase& db, base::awaitable<void> work) {
  boost::asio::co_spawn(db.loop(), std::move(work), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

void run_loop_of(TestDatabase& db) {
  db.loop().restart();
  db.loop().run();
}

}  // namespace

TEST_CASE("a batch answers with one outcome per statement") {
  TestDatabase db{any_database()};

  std::vector<Outcome> outcomes = db.apply({insert_note(1, "one"),
                                            insert_note(2, "two"),
                                            {"UPDATE note SET size = 3"},
                                            {"SELECT text FROM note ORDER BY id"}});

  REQUIRE(outcomes.size() == 4);
  CHECK(outcomes[0].changes == 1);
  CHECK(outcomes[2].changes == 2);
  CHECK(outcomes[3].changes == 0);
  REQUIRE(outcomes[3].rows.size() == 2);
  CHECK(outcomes[3].rows[1].text(0) == "two");
}

TEST_CASE("a batch is applied whole or not at all") {
  TestDatabase db{any_database()};

  CHECK_THROWS_AS(db.apply({insert_note(1, "one"), insert_note(1, "again")}), DatabaseError);

  CHECK(db.count_notes() == 0);
}

TEST_CASE("a failing batch does not take its neighbours with it") {
  TestDatabase db{any_database()};
  int applied = 0;
  int refused = 0;

  start_on_loop(db, apply_and_count(db, {insert_note(1, "one")}, applied, refused));
  start_on_loop(db, apply_and_count(db, {insert_note(2, "two"), insert_note(3, "one")}, applied, refused));
  start_on_loop(db, apply_and_count(db, {insert_note(3, "three")}, applied, refused));
  run_loop_of(db);

  CHECK(applied == 2);
  CHECK(refused == 1);
  Rows left = db.read({"SELECT id FROM note ORDER BY id"});
  REQUIRE(left.size() == 2);
  CHECK(left[0].integer(0) == 1);
  CHECK(left[1].integer(0) == 3);
}

TEST_CASE("a broken constraint is named") {
  TestDatabase db{any_database()};
  db.apply({insert_note(1, "one")});

  CHECK_THROWS_WITH(db.apply({insert_note(2, "one")}), Catch::Contains("note.text"));
}

TEST_CASE("a database goes on after a statement that it does not understand") {
  TestDatabase db{any_database()};

  CHECK_THROWS_AS(db.apply({{"INSERT INTO nowhere (id) VALUES (1)"}}), DatabaseError);
  CHECK_THROWS_AS(db.read({"SELEKT"}), DatabaseError);

  db.apply({insert_note(1, "one")});
  CHECK(db.count_notes() == 1);
}

TEST_CASE("RETURNING gives the rows that were written") {
  TestDatabase db{any_database()};

  auto outcomes = db.apply({{"INSERT INTO note (text, size) VALUES ($1, 1), ($2, 2) RETURNING text, size",
                             {std::string("a"), std::string("b")}}});

  REQUIRE(outcomes[0].rows.size() == 2);
  CHECK(outcomes[0].changes == 2);
  CHECK(outcomes[0].rows[1].text(0) == "b");
  CHECK(outcomes[0].rows[1].integer(1) == 2);
}

TEST_CASE("a conflict that does nothing counts no change") {
  TestDatabase db{any_database()};
  Statement careful{"INSERT INTO note (id, text) VALUES (1, 'one') ON CONFLICT DO NOTHING"};

  CHECK(db.apply({careful})[0].changes == 1);
  // With a change right before it, whose count must not be taken for this one's.
  CHECK(db.apply({insert_note(2, "two"), careful})[1].changes == 0);
}

TEST_CASE("parameters go by their number, not by where they stand") {
  TestDatabase db{any_database()};

  db.apply({{"INSERT INTO note (text, id, size) VALUES ($2, $1, $1)", {std::int64_t{7}, std::string("seven")}}});

  Rows rows =
      db.read({"SELECT id, text, size FROM note WHERE text = $2 AND id = $1", {std::int64_t{7}, std::string("seven")}});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].integer(0) == 7);
  CHECK(rows[0].text(1) == "seven");
  CHECK(rows[0].integer(2) == 7);
}

TEST_CASE("values come back as they went in") {
  TestDatabase db{any_database()};
  base::sql::Value value = GENERATE(base::sql::Value{base::sql::Null{}}, base::sql::Value{std::int64_t{-5}},
                                    base::sql::Value{INT64_MAX}, base::sql::Value{0.5}, base::sql::Value{std::string()},
                                    base::sql::Value{std::string("żółć 🌊")}, base::sql::Value{std::string("a\0b", 3)});

  db.apply({{"CREATE TABLE anything (value)"}, {"INSERT INTO anything (value) VALUES ($1)", {value}}});

  Rows rows = db.read({"SELECT value FROM anything"});
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].values[0] == value));
  CHECK(rows[0].is_null(0) == std::holds_alternative<base::sql::Null>(value));
}

TEST_CASE("too few or too many parameters are refused") {
  TestDatabase db{any_database()};

  CHECK_THROWS_AS(db.read({"SELECT $1", {}}), DatabaseError);
  CHECK_THROWS_AS(db.read({"SELECT 1", {std::int64_t{1}}}), DatabaseError);
  CHECK_THROWS_AS(db.read({"SELECT $2", {std::int64_t{1}, std::int64_t{2}}}), DatabaseError);
}

TEST_CASE("two statements in one text are refused, not cut") {
  TestDatabase db{any_database()};

  CHECK_THROWS_AS(db.apply({{"DELETE FROM note; DELETE FROM note"}}), DatabaseError);
}

TEST_CASE("a transaction reads what it wrote and commits at its end") {
  TestDatabase db{any_database()};

  std::int64_t seen = 0;
  db.transact([&](Connection& sql) {
    sql.execute(insert_note(1, "one"));
    seen = sql.execute({"SELECT count(*) FROM note"}).rows.at(0).integer(0);
  });

  CHECK(seen == 1);
  CHECK(db.count_notes() == 1);
}

TEST_CASE("an exception out of a transaction rolls it back and reaches the caller") {
  TestDatabase db{any_database()};

  auto work = [](Connection& sql) {
    sql.execute(insert_note(1, "one"));
    throw std::out_of_range("the caller's own");
  };

  CHECK_THROWS_AS(db.transact(work), std::out_of_range);
  CHECK(db.count_notes() == 0);
}

TEST_CASE("a read sees all that was applied before") {
  TestDatabase db{any_database()};

  for (std::int64_t n = 1; n <= 50; ++n) {
    db.apply({insert_note(n, std::to_string(n))});
    REQUIRE(db.count_notes() == n);
  }
}

TEST_CASE("a read may not write") {
  TestDatabase db{any_database()};

  CHECK_THROWS_AS(db.read(insert_note(1, "one")), DatabaseError);

  CHECK(db.count_notes() == 0);
}

TEST_CASE("a thousand batches at once are all applied") {
  TestDatabase db{any_database()};
  int applied = 0;
  int refused = 0;

  for (std::int64_t n = 0; n < 1000; ++n)
    start_on_loop(db, apply_and_count(db, {insert_note(n, std::to_string(n))}, applied, refused));
  run_loop_of(db);

  CHECK(applied == 1000);
  CHECK(refused == 0);
  CHECK(db.count_notes() == 1000);
}
