#include "connectors/accounts/login_attempt.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace connectors {

namespace {

// Long enough to look up how a login ended.
constexpr std::chrono::hours attempts_kept{24};

constexpr std::array<std::pair<LoginPurpose, std::string_view>, 4> purpose_words{
    {{LoginPurpose::link, "link"},
     {LoginPurpose::share, "share"},
     {LoginPurpose::refresh, "refresh"},
     {LoginPurpose::reauthenticate, "reauthenticate"}}};

LoginAttempt attempt_from(const base::sql::Row& row) {
  LoginAttempt attempt;
  attempt.id = row.text(0);
  attempt.brand = row.text(1);
  attempt.user = row.text(2);
  attempt.purpose = login_purpose_from(row.text(3)).value_or(LoginPurpose::link);
  attempt.environment = environment_from(row.text(4));
  attempt.app = row.text(5);
  attempt.login_url = row.text(6);
  attempt.redirect_uri = row.text(7);
  attempt.name = row.text(8);
  attempt.account = row.text(9);
  attempt.bind_workflow = row.text(10);
  attempt.bind_alias = row.text(11);
  attempt.return_to = row.text(12);
  attempt.confirm_user = row.integer(13) != 0;
  attempt.expires_at = base::from_millis(row.integer(14));
  attempt.state = row.text(15);
  attempt.error_code = row.text(16);
  attempt.message = row.text(17);
  return attempt;
}

std::optional<LoginAttempt> only_attempt(const base::sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return attempt_from(rows.front());
}

}  // namespace

std::string_view to_string(LoginPurpose purpose) {
  for (const auto& [one, word] : purpose_words) {
    if (one == purpose) return word;
  }
  return "link";
}

std::optional<LoginPurpose> login_purpose_from(std::string_view word) {
  for (const auto& [purpose, of_purpose] : purpose_words) {
    if (of_purpose == word) return purpose;
  }
  return std::nullopt;
}

base::awaitable<void> LoginAttempts::add_with_ticket(LoginAttempt attempt, std::string ticket_hash) {
  attempt.state = "waiting";
  return insert(std::move(attempt), std::move(ticket_hash), "", "");
}

base::awaitable<void> LoginAttempts::add_started(LoginAttempt attempt, std::string state_hash,
                                                 std::string session_hash) {
  attempt.state = "started";
  return insert(std::move(attempt), "", std::move(state_hash), std::move(session_hash));
}

base::awaitable<void> LoginAttempts::insert(LoginAttempt attempt, std::string ticket, std::string state,
                                            std::string session) {
  base::sql::Batch batch{
      {"DELETE FROM login_attempt WHERE brand = $1 AND expires_at < $2",
       {attempt.brand, base::to_millis(clock_.now() - attempts_kept)}},
      {R"(INSERT INTO login_attempt (id, brand, user_id, purpose, environment, app, login_url, redirect_uri, name, account,
            bind_workflow, bind_alias, return_to, confirm_user, expires_at, state, error_code, message,
            ticket_hash, state_hash, session_hash)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', $17, $18, $19))",
       {attempt.id, attempt.brand, attempt.user, std::string(to_string(attempt.purpose)),
        std::string(to_string(attempt.environment)), attempt.app, attempt.login_url, attempt.redirect_uri, attempt.name,
        attempt.account, attempt.bind_workflow, attempt.bind_alias, attempt.return_to,
        std::int64_t{attempt.confirm_user}, base::to_millis(attempt.expires_at), attempt.state, std::move(ticket),
        std::move(state), std::move(session)}}};
  co_await database_.apply(std::move(batch));
}

// No brand is known yet: the ticket, which nobody can guess, says whose login it is.
base::awaitable<std::optional<LoginAttempt>> LoginAttempts::start(std::string id, std::string ticket_hash,
                                                                  std::string state_hash, std::string session_hash) {
  base::sql::Batch batch{
      {R"(UPDATE login_attempt SET state = 'started', ticket_hash = '', state_hash = $3, session_hash = $4
          WHERE id = $1 AND ticket_hash = $2 AND state = 'waiting' AND expires_at > $5
          RETURNING id, brand, user_id, purpose, environment, app, login_url, redirect_uri, name, account,
            bind_workflow, bind_alias, return_to, confirm_user, expires_at, state, error_code, message)",
       {std::move(id), std::move(ticket_hash), std::move(state_hash), std::move(session_hash),
        base::to_millis(clock_.now())}}};
  std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  co_return only_attempt(outcomes.front().rows);
}

base::awaitable<std::optional<LoginAttempt>> LoginAttempts::take(std::string id, std::string state_hash,
                                                                 std::string session_hash) {
  base::sql::Batch batch{
      {R"(UPDATE login_attempt SET state = 'answered', state_hash = '', session_hash = ''
          WHERE (id = $1 OR $1 = '') AND state_hash = $2 AND session_hash = $3 AND state = 'started' AND expires_at > $4
          RETURNING id, brand, user_id, purpose, environment, app, login_url, redirect_uri, name, account,
            bind_workflow, bind_alias, return_to, confirm_user, expires_at, state, error_code, message)",
       {std::move(id), std::move(state_hash), std::move(session_hash), base::to_millis(clock_.now())}}};
  std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  co_return only_attempt(outcomes.front().rows);
}

base::awaitable<void> LoginAttempts::finish(LoginAttempt attempt) {
  base::sql::Batch batch{
      {R"(UPDATE login_attempt SET state = $3, account = $4, error_code = $5, message = $6
                             WHERE brand = $1 AND id = $2)",
       {attempt.brand, attempt.id, attempt.state, attempt.account, attempt.error_code, attempt.message}}};
  co_await database_.apply(std::move(batch));
}

base::awaitable<std::optional<LoginAttempt>> LoginAttempts::find(std::string brand, std::string user, std::string id) {
  base::sql::Statement wanted{
      R"(SELECT id, brand, user_id, purpose, environment, app, login_url, redirect_uri, name, account,
           bind_workflow, bind_alias, return_to, confirm_user, expires_at, state, error_code, message
         FROM login_attempt WHERE brand = $1 AND user_id = $2 AND id = $3)",
      {std::move(brand), std::move(user), std::move(id)}};
  base::sql::Rows rows = co_await database_.read(std::move(wanted));
  co_return only_attempt(rows);
}

}  // namespace connectors
