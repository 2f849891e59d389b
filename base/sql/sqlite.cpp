// The database's threads: operations are handed to them once per turn of the loop and come back in one post per commit.
#include "base/sql/sqlite.hpp"

#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "base/sql/group_commit.hpp"
#include "base/sql/migrate.hpp"
#include "base/sql/operation_queue.hpp"
#include "base/sql/sqlite_connection.hpp"

namespace base::sql {

namespace {

// Long enough that a busy writer never pauses for it, short enough that the log is home before anyone looks.
constexpr Duration idle_before_checkpoint{5};

template <class Handler>
class ApplyOperation final : public Operation {
 public:
  ApplyOperation(Batch batch, Handler handler) : batch_(std::move(batch)), handler_(std::move(handler)) {}

  void run(SqliteConnection& connection) override {
    outcomes_.reserve(batch_.size());
    for (const Statement& statement : batch_) outcomes_.push_back(connection.execute(statement));
  }
  void complete() override { std::move(handler_)(std::move(failure), std::move(outcomes_)); }

 private:
  Batch batch_;
  std::vector<Outcome> outcomes_{};
  Handler handler_;
};

template <class Handler>
class TransactOperation final : public Operation {
 public:
  TransactOperation(std::function<void(Connection&)> work, Handler handler)
      : work_(std::move(work)), handler_(std::move(handler)) {}

  void run(SqliteConnection& connection) override { work_(connection); }
  void complete() override { std::move(handler_)(std::move(failure)); }

 private:
  std::function<void(Connection&)> work_;
  Handler handler_;
};

template <class Handler>
class ReadOperation final : public Operation {
 public:
  ReadOperation(Statement statement, Handler handler)
      : statement_(std::move(statement)), handler_(std::move(handler)) {}

  void run(SqliteConnection& connection) override { rows_ = connection.query(statement_); }
  void complete() override { std::move(handler_)(std::move(failure), std::move(rows_)); }

 private:
  Statement statement_;
  Rows rows_{};
  Handler handler_;
};

// Wakes all callers of one commit, on the loop's thread.
class Completions {
 public:
  Completions(boost::asio::io_context& loop, Operations finished) : loop_(loop), finished_(std::move(finished)) {}

  void operator()() {
    while (next_ < finished_.size()) {
      std::unique_ptr<Operation> operation = std::move(finished_[next_++]);
      try {
        operation->complete();
      } catch (...) {
        // It leaves the loop's run(), and must not take the other callers' wake-up with it.
        boost::asio::post(loop_, std::move(*this));
        throw;
      }
    }
  }

 private:
  boost::asio::io_context& loop_;
  Operations finished_;
  std::size_t next_ = 0;
};

class SqliteThreads final : public SqliteDatabase {
 public:
  SqliteThreads(boost::asio::io_context& loop, const SqliteOptions& options, std::span<const Migration> migrations);
  ~SqliteThreads() override;

  awaitable<std::vector<Outcome>> apply(Batch batch) override;
  awaitable<void> transact(std::function<void(Connection&)> work) override;
  awaitable<Rows> read(Statement statement) override;
  std::string_view for_share() const override { return ""; }
  SqliteStatistics statistics() const override { return {commits_.load(), operations_.load()}; }

  // Does what is still queued, then ends the threads. Completions are left with the loop.
  void stop();

 private:
  void collect(Operations& collected, std::unique_ptr<Operation> operation);
  void hand_over();
  void write_until_closed();
  void read_until_closed(SqliteConnection& connection);
  void checkpoint();

  boost::asio::io_context& loop_;
  const int autocheckpoint_pages_;
  SqliteConnection writer_;  // the only connection that writes and checkpoints
  std::vector<SqliteConnection> readers_{};

  Operations collected_writes_{};  // in this turn of the loop
  Operations collected_reads_{};
  bool hand_over_posted_ = false;
  bool stopped_ = false;
  std::shared_ptr<SqliteThreads*> alive_ = std::make_shared<SqliteThreads*>(this);

  OperationQueue writes_{1};
  OperationQueue reads_;
  std::atomic<std::int64_t> commits_ = 0;
  std::atomic<std::int64_t> operations_ = 0;
  std::vector<std::thread> threads_{};
};

// Ends the threads of a loop's databases before the loop itself goes, because they post to it.
class EndWithLoop final : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;

  explicit EndWithLoop(boost::asio::execution_context& loop) : service(loop) {}

  void add(SqliteThreads* database) { databases_.insert(database); }
  void remove(SqliteThreads* database) { databases_.erase(database); }

 private:
  void shutdown() noexcept override {
    for (SqliteThreads* database : databases_) database->stop();
  }

  std::set<SqliteThreads*> databases_;
};

SqliteThreads::SqliteThreads(boost::asio::io_context& loop, const SqliteOptions& options,
                             std::span<const Migration> migrations)
    : loop_(loop),
      autocheckpoint_pages_(options.autocheckpoint_pages),
      writer_(options.path),
      reads_(static_cast<std::size_t>(options.readers)) {
  std::string cache = fmt::format("PRAGMA cache_size = -{}", options.cache_kib);
  writer_.run_script(cache);
  migrate(writer_, migrations);
  writer_.take_over_checkpoints();
  for (int i = 0; i < options.readers; ++i) {
    readers_.emplace_back(options.path, SqliteConnection::Mode::read_only).run_script(cache);
  }
  boost::asio::use_service<EndWithLoop>(loop_).add(this);
  threads_.emplace_back([this] { write_until_closed(); });
  for (SqliteConnection& reader : readers_) {
    threads_.emplace_back([this, &reader] { read_until_closed(reader); });
  }
}

SqliteThreads::~SqliteThreads() {
  if (stopped_) return;  // with the loop, whose services are gone by now
  stop();
  boost::asio::use_service<EndWithLoop>(loop_).remove(this);
}

void SqliteThreads::stop() {
  stopped_ = true;
  hand_over();
  writes_.close();
  reads_.close();
  for (std::thread& thread : threads_) thread.join();
}

awaitable<std::vector<Outcome>> SqliteThreads::apply(Batch batch) {
  auto begin = [this](auto handler, Batch wanted) {
    collect(collected_writes_,
            std::make_unique<ApplyOperation<decltype(handler)>>(std::move(wanted), std::move(handler)));
  };
  boost::asio::use_awaitable_t<> token;
  return boost::asio::async_initiate<boost::asio::use_awaitable_t<>, void(std::exception_ptr, std::vector<Outcome>)>(
      begin, token, std::move(batch));
}

awaitable<void> SqliteThreads::transact(std::function<void(Connection&)> work) {
  auto begin = [this](auto handler, std::function<void(Connection&)> wanted) {
    collect(collected_writes_,
            std::make_unique<TransactOperation<decltype(handler)>>(std::move(wanted), std::move(handler)));
  };
  boost::asio::use_awaitable_t<> token;
  return boost::asio::async_initiate<boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(begin, token,
                                                                                               std::move(work));
}

awaitable<Rows> SqliteThreads::read(Statement statement) {
  auto begin = [this](auto handler, Statement wanted) {
    collect(collected_reads_,
            std::make_unique<ReadOperation<decltype(handler)>>(std::move(wanted), std::move(handler)));
  };
  boost::asio::use_awaitable_t<> token;
  return boost::asio::async_initiate<boost::asio::use_awaitable_t<>, void(std::exception_ptr, Rows)>(
      begin, token, std::move(statement));
}

// One wake-up of the threads per turn of the loop, not one per operation: all that is ready now runs before the post.
void SqliteThreads::collect(Operations& collected, std::unique_ptr<Operation> operation) {
  collected.push_back(std::move(operation));
  if (std::exchange(hand_over_posted_, true)) return;
  boost::asio::post(loop_, [alive = std::weak_ptr(alive_)] {
    if (auto database = alive.lock()) (*database)->hand_over();
  });
}

void SqliteThreads::hand_over() {
  hand_over_posted_ = false;
  if (!collected_writes_.empty()) writes_.push(std::exchange(collected_writes_, {}));
  if (!collected_reads_.empty()) reads_.push(std::exchange(collected_reads_, {}));
}

void SqliteThreads::write_until_closed() {
  bool log_waits = false;
  for (;;) {
    Operations group = log_waits ? writes_.take(idle_before_checkpoint) : writes_.take();
    if (group.empty() && !log_waits) return;
    if (!group.empty()) {
      commit_group(writer_, group);
      commits_.fetch_add(1, std::memory_order_relaxed);
      operations_.fetch_add(static_cast<std::int64_t>(group.size()), std::memory_order_relaxed);
      boost::asio::post(loop_, Completions(loop_, std::move(group)));
      log_waits = true;
      // After the post: nobody who waits for this commit waits for the checkpoint too.
      if (writer_.log_pages() < autocheckpoint_pages_) continue;
    }
    checkpoint();
    log_waits = false;
  }
}

void SqliteThreads::checkpoint() {
  try {
    writer_.checkpoint();
  } catch (const SqliteError& error) {
    if (error.io_failed()) end_for_failed_disk(error);
    // Nothing is lost: the log keeps what could not be copied, until the next commit brings the next checkpoint.
    StderrLog().warning("checkpoint put off", {{"reason", error.what()}});
  }
}

void SqliteThreads::read_until_closed(SqliteConnection& connection) {
  for (;;) {
    Operations wanted = reads_.take();
    if (wanted.empty()) return;
    for (const auto& operation : wanted) {
      try {
        operation->run(connection);
      } catch (...) {
        operation->failure = std::current_exception();
      }
    }
    boost::asio::post(loop_, Completions(loop_, std::move(wanted)));
  }
}

}  // namespace

std::unique_ptr<SqliteDatabase> SqliteDatabase::open(boost::asio::io_context& loop, SqliteOptions options,
                                                     std::span<const Migration> migrations) {
  return std::make_unique<SqliteThreads>(loop, options, migrations);
}

}  // namespace base::sql
