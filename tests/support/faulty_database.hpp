// A database that breaks at the commit a test names.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/sql/database.hpp"

namespace support {

enum class Fault {
  none,
  fails_before,  // nothing is committed, and the caller hears of it; later commits go through
  fails_after,   // committed, and the caller is told that it failed
  dies_before,   // the process is gone: nobody hears anything any more
  dies_after,
};

class FaultyDatabase final : public base::sql::Database {
 public:
  FaultyDatabase(std::unique_ptr<base::sql::Database> real, base::Clock& clock)
      : real_(std::move(real)), clock_(clock) {}

  // The n-th commit from now on (1: the next).
  void break_at(int commit, Fault fault) {
    fault_at_ = commits_ + commit;
    fault_ = fault;
  }
  int commits() const { return commits_; }
  bool is_dead() const { return is_dead_; }
  bool has_failed() const { return fault_at_ > 0 && commits_ >= fault_at_; }
  std::function<void()> on_death;
  std::function<void()> before_apply;  // or a transaction; once
  base::sql::Database& real() { return *real_; }

  base::awaitable<std::vector<base::sql::Outcome>> apply(base::sql::Batch batch) override {
    if (auto hook = std::exchange(before_apply, nullptr)) hook();
    const Fault fault = co_await begin();
    std::vector<base::sql::Outcome> outcomes = co_await real_->apply(std::move(batch));
    co_await end(fault);
    co_return outcomes;
  }
  base::awaitable<void> transact(std::function<void(base::sql::Connection&)> work) override {
    if (auto hook = std::exchange(before_apply, nullptr)) hook();
    const Fault fault = co_await begin();
    co_await real_->transact(std::move(work));
    co_await end(fault);
  }
  base::awaitable<base::sql::Rows> read(base::sql::Statement statement) override {
    if (is_dead_) co_await fall_silent();
    co_return co_await real_->read(std::move(statement));
  }
  std::string_view for_share() const override { return real_->for_share(); }

 private:
  base::awaitable<Fault> begin() {
    if (is_dead_) co_await fall_silent();
    const Fault fault = ++commits_ == fault_at_ ? fault_ : Fault::none;
    if (fault == Fault::fails_before) throw base::sql::DatabaseError("the disk is full");
    if (fault == Fault::dies_before) co_await fall_silent();
    co_return fault;
  }
  base::awaitable<void> end(Fault fault) {
    if (fault == Fault::fails_after) throw base::sql::DatabaseError("the connection broke");
    if (fault == Fault::dies_after) co_await fall_silent();
  }
  base::awaitable<void> fall_silent() {
    is_dead_ = true;
    if (on_death) on_death();
    auto silence = std::make_shared<base::Bell>(clock_);
    co_await silence->wait_until(clock_.now() + base::Duration{1'000L * 365 * 24 * 3'600'000});
  }

  std::unique_ptr<base::sql::Database> real_;
  base::Clock& clock_;
  int commits_ = 0;
  int fault_at_ = 0;
  Fault fault_ = Fault::none;
  bool is_dead_ = false;
};

}  // namespace support
