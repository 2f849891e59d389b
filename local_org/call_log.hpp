// What was asked of the org, by whom, and what it answered.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/http/message.hpp"
#include "base/time.hpp"

namespace local_org {

struct Call {
  std::int64_t number = 0;  // from 1, in the order of arrival
  base::TimePoint at{};
  std::string method{};
  std::string path{};  // as it came, with its query
  int status = 0;      // 0: the connection was dropped without an answer
  std::string user{};  // username; "" when nobody was known
  std::string source_ip{};
  std::string client_id{};
  std::string grant{};           // how the token was got, or is asked for
  std::string object{};          // what it was about, where it was about one
  std::string auto_assign{};     // the header Sforce-Auto-Assign as it came
  std::string duplicate_rule{};  // the header Sforce-Duplicate-Rule-Header as it came
  std::int64_t generation = 0;   // of the refresh token that was sent, or that the session was got with; 0: none known
  bool reuse = false;            // a refresh token was sent that rotation had ended
  std::string error{};           // "invalid_grant: expired access/refresh token": how OAuth was refused
  std::string fault{};  // "error" or "drop" when a fault was asked for, with " after commit" where it came late
};

// Keeps the newest 100,000.
class CallLog {
 public:
  void add(Call call);
  const std::deque<Call>& calls() const { return calls_; }
  void clear() { calls_.clear(); }

  // A JSON array of the calls that fit every condition: method, path (a part of it), object, user, client_id, grant,
  // auto_assign, duplicate_rule, status, error (a part of it), reuse (true or false), after (a number).
  std::string to_json(const base::http::Form& conditions) const;

 private:
  std::int64_t next_number_ = 1;
  std::deque<Call> calls_;
};

}  // namespace local_org
