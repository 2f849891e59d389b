// The part of Salesforce's REST API that tasks need, on a linked account.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/salesforce/call_watch.hpp"
#include "connectors/salesforce/record.hpp"
#include "connectors/salesforce/soql.hpp"

namespace connectors::salesforce {

struct CallOptions {
  base::Duration timeout{30'000};
  bool protects_nothing = false;  // author_decides: only connections idle for < 30 s
  std::function<base::awaitable<base::Status>()> before_sending{};
  bool only_examines = false;  // the account stays as it is, whatever the org says
};

struct ClientOptions {
  std::string api_version = "60.0";
};

// Every call: session, request, and on 401 one renewal and one repetition (401 means not carried out). An org that
// refuses its API to the user blocks the account. Errors carry Salesforce's own code, message and fields in `details`.
class Client {
 public:
  Client(base::http::Client& http, AccountSessions& sessions, ClientOptions options = {});

  base::awaitable<base::Result<ChangeAnswer>> change(std::string account_id, RecordChange change, CallOptions options);
  // All pages, up to `rows_max`; the answer is a JSON array of rows. More rows than that is an error.
  base::awaitable<base::Result<base::JsonText>> query(std::string account_id, Soql soql, std::size_t rows_max,
                                                      CallOptions options);
  base::awaitable<base::Result<base::JsonText>> describe(std::string account_id, std::string object,
                                                         CallOptions options);
  // What stands at `path` below the root of the API's version, "" for the root itself, e.g. "/limits".
  base::awaitable<base::Result<base::JsonText>> get(std::string account_id, std::string path, CallOptions options);
  // The org's session settings, by the Metadata API, which is the only one that has them: {"lockSessionsToIp": …,
  // "lockSessionsToDomain": …, "enforceIpRangesEveryRequest": …}.
  base::awaitable<base::Result<base::JsonText>> session_settings(std::string account_id, CallOptions options);
  // Is told of everything from now on; null: nobody is. It must outlive the calls.
  void be_watched_by(CallWatch* watch) { watch_ = watch; }
  // The address a person can open, or "" before the first login.
  std::string record_url(std::string_view account_id, std::string_view record_id) const;

 private:
  base::awaitable<base::Result<ChangeAnswer>> send(std::string account_id, const RecordChange& change,
                                                   CallOptions options);
  // Sends request.url, a path below the account's instance, and repeats once under a renewed session when Salesforce
  // says 401. Any other answer is given as it came.
  base::awaitable<base::Result<base::http::Response>> call(std::string account_id, base::http::Request request,
                                                           CallOptions options);
  base::awaitable<base::Result<base::http::Response>> read(std::string account_id, std::string path,
                                                           CallOptions options);

  base::http::Client& http_;
  AccountSessions& sessions_;
  ClientOptions options_;
  CallWatch* watch_ = nullptr;
};

}  // namespace connectors::salesforce
