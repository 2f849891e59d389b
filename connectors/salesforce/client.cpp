#include "connectors/salesforce/client.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/errors.hpp"
#include "connectors/oauth/echoed_secrets.hpp"
#include "connectors/salesforce/errors.hpp"
#include "connectors/salesforce/session_settings.hpp"

namespace connectors::salesforce {

namespace {

// A connection that rested for longer may be dead without our knowing, and a write that nothing protects must not find
// out.
constexpr std::chrono::seconds unprotected_idle_max{30};

std::string chatter_body(const RecordChange& change) {
  base::JsonWriter json;
  json.begin_object();
  json.key("body");
  json.begin_object();
  json.key("messageSegments");
  json.begin_array();
  json.begin_object();
  json.field("type", "Text");
  json.field("text", change.fields);
  json.end_object();
  json.end_array();
  json.end_object();
  json.field("feedElementType", "FeedItem");
  json.field("subjectId", change.id);
  json.end_object();
  return json.take();
}

base::http::Request to_request(const RecordChange& change, std::string_view api_version) {
  base::http::Request request;
  std::string object = base::http::percent_encode(change.object);
  std::string record = fmt::format("/services/data/v{}/sobjects/{}", api_version, object);
  switch (change.operation) {
    case Operation::create:
      request.method = "POST";
      request.url = std::move(record);
      request.body = change.fields.text;
      break;
    case Operation::update:
      request.method = "PATCH";
      request.url = fmt::format("{}/{}", record, base::http::percent_encode(change.id));
      request.body = change.fields.text;
      break;
    case Operation::upsert:
      request.method = "PATCH";
      request.url = fmt::format("{}/{}/{}", record, base::http::percent_encode(change.key_field),
                                base::http::percent_encode(change.key_value));
      request.body = change.fields.text;
      break;
    case Operation::remove:
      request.method = "DELETE";
      request.url = fmt::format("{}/{}", record, base::http::percent_encode(change.id));
      break;
    case Operation::chatter_post:
      request.method = "POST";
      request.url = fmt::format("/services/data/v{}/chatter/feed-elements", api_version);
      request.body = chatter_body(change);
      break;
  }
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json; charset=UTF-8");
  if (!change.assignment_rule.empty()) request.headers.emplace_back("Sforce-Auto-Assign", change.assignment_rule);
  if (!change.duplicates.empty())
    request.headers.emplace_back("Sforce-Duplicate-Rule-Header", change.duplicates == "allow" && !change.asks_first
                                                                     ? "allowSave=true"
                                                                     : "allowSave=false");
  return request;
}

std::string missing_part(const RecordChange& change) {
  bool is_post = change.operation == Operation::chatter_post;
  if (change.object.empty() && !is_post) return "an object";
  bool is_by_id = is_post || change.operation == Operation::update || change.operation == Operation::remove;
  if (is_by_id && change.id.empty()) return "the id of its record";
  if (change.operation == Operation::upsert && change.key_field.empty()) return "a key field";
  if (change.operation == Operation::upsert && change.key_value.empty()) return "a value of its key field";
  if (change.operation != Operation::remove && change.fields.empty()) return is_post ? "a text" : "fields";
  return "";
}

// The members `id` and `created` of the answer to a change, without a tree.
class ChangeAnswerSink final : public base::JsonSink {
 public:
  bool null() override { return true; }
  bool boolean(bool yes) override {
    if (depth_ == 1 && key_ == "created") answer.created = yes;
    if (depth_ == 1 && key_ == "success") is_refused = !yes;
    return true;
  }
  bool number(std::string_view, double) override { return true; }
  bool string(std::string&& text) override {
    if (depth_ == 1 && key_ == "id") answer.id = std::move(text);
    return true;
  }
  bool key(std::string&& name) override {
    if (depth_ == 1) key_ = std::move(name);
    return true;
  }
  bool start_object() override { return ++depth_, true; }
  bool end_object() override { return --depth_, true; }
  bool start_array() override { return ++depth_, true; }
  bool end_array() override { return --depth_, true; }

  ChangeAnswer answer;
  bool is_refused = false;

 private:
  std::string key_;
  int depth_ = 0;
};

// What a change that was sent has come to.
base::Result<ChangeAnswer> to_change_answer(const RecordChange& change, const base::http::Response& response) {
  const int status = response.status;
  if (change.operation == Operation::remove && says_record_is_gone(status, response.body))
    return ChangeAnswer{.id = change.id};
  if (status == 204) {
    // Upserts of API versions up to 45 answer an update like this, without the record's id.
    return ChangeAnswer{.id = change.id,
                        .created = change.operation == Operation::upsert ? std::optional(false) : std::nullopt};
  }
  if (change.asks_first && status == 400) {
    const std::optional<Duplicates> duplicates = duplicates_in(response.body);
    if (duplicates && duplicates->may_be_saved) return ChangeAnswer{.created = false, .duplicates = duplicates};
  }
  if (status != 200 && status != 201) return to_error(status, response.headers, response.body, /*is_write=*/true);

  ChangeAnswerSink sink;
  base::Status read = base::read_json(response.body, sink);
  if (!read || sink.answer.id.empty() || sink.is_refused) {
    return to_error(status, response.headers, response.body, /*is_write=*/true);
  }
  if (status == 201 && change.operation != Operation::chatter_post) sink.answer.created = true;
  return std::move(sink.answer);
}

// One page of a query: its rows are written behind those of the pages before.
class PageSink final : public base::JsonSink {
 public:
  PageSink(base::JsonWriter& rows, std::size_t& row_count) : rows_(rows), row_count_(row_count) {}

  bool null() override { return in_row() ? (rows_.null(), true) : true; }
  bool boolean(bool yes) override {
    if (in_row())
      rows_.boolean(yes);
    else if (depth_ == 1 && key_ == "done")
      done = yes;
    return true;
  }
  bool number(std::string_view text, double value) override {
    if (in_row())
      rows_.raw(text);
    else if (depth_ == 1 && key_ == "totalSize")
      total = value;
    return true;
  }
  bool string(std::string&& text) override {
    if (in_row())
      rows_.string(text);
    else if (depth_ == 1 && key_ == "nextRecordsUrl")
      next = std::move(text);
    return true;
  }
  bool key(std::string&& name) override {
    if (in_row())
      rows_.key(name);
    else
      key_ = std::move(name);
    return true;
  }
  bool start_object() override {
    ++depth_;
    if (depth_ == 3 && in_records_) ++row_count_;
    if (in_row()) rows_.begin_object();
    return true;
  }
  bool end_object() override {
    if (in_row()) rows_.end_object();
    --depth_;
    return true;
  }
  bool start_array() override {
    ++depth_;
    if (depth_ == 2 && key_ == "records") is_page = in_records_ = true;
    if (in_row()) rows_.begin_array();
    return true;
  }
  bool end_array() override {
    if (in_row()) rows_.end_array();
    if (--depth_ == 1) in_records_ = false;
    return true;
  }

  bool is_page = false;
  bool done = true;
  double total = 0;
  std::string next;

 private:
  bool in_row() const { return in_records_ && depth_ >= 3; }

  base::JsonWriter& rows_;
  std::size_t& row_count_;
  std::string key_;
  int depth_ = 0;
  bool in_records_ = false;
};

// Writes the page's rows behind those before, and gives the path of the next page, "" after the last.
base::Result<std::string> append_page(const base::http::Response& response, base::JsonWriter& rows,
                                      std::size_t& row_count, std::size_t rows_max) {
  PageSink page(rows, row_count);
  base::Status read = base::read_json(response.body, page);
  if (!read || !page.is_page) return to_error(response.status, response.headers, response.body, /*is_write=*/false);
  if (row_count > rows_max || page.total > static_cast<double>(rows_max)) {
    return base::Error{salesforce_too_many_rows, fmt::format("the query finds more than {} rows", rows_max)};
  }
  if (page.done || page.next.empty()) return std::string();
  // It is put behind the org's address: anything but a path of the API could lead elsewhere, token and all.
  if (!page.next.starts_with("/services/data/")) {
    return base::Error{salesforce_unavailable,
                       fmt::format("the next page of a query stands at '{}', which is no path of the API", page.next)};
  }
  return std::move(page.next);
}

// Accepts every document: reading is the check that it is one.
class AnyJson final : public base::JsonSink {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number(std::string_view, double) override { return true; }
  bool string(std::string&&) override { return true; }
  bool key(std::string&&) override { return true; }
  bool start_object() override { return true; }
  bool end_object() override { return true; }
  bool start_array() override { return true; }
  bool end_array() override { return true; }
};

base::Result<base::JsonText> as_json(base::http::Response response) {
  AnyJson any;
  if (base::Status read = base::read_json(response.body, any); !read) {
    return to_error(response.status, response.headers, response.body, /*is_write=*/false);
  }
  return base::JsonText{std::move(response.body)};
}

// What went wrong below HTTP leaves a write unclear, but a read may simply be asked again.
base::Error read_error(base::Error error) {
  if (error.code == base::http::http_answer_too_large)
    error.code = salesforce_too_many_rows;
  else if (error.code.kind == base::Kind::uncertain)
    error.code = salesforce_unavailable;
  return error;
}

}  // namespace

Client::Client(base::http::Client& http, AccountSessions& sessions, ClientOptions options)
    : http_(http), sessions_(sessions), options_(std::move(options)) {}

base::awaitable<base::Result<base::http::Response>> Client::call(std::string account_id, base::http::Request request,
                                                                 CallOptions options) {
  base::Result<Session> session = co_await sessions_.open(account_id);
  for (bool is_repetition = false;; is_repetition = true) {
    if (!session) co_return session.error();
    // The address is made anew for the repetition: an org may have moved, and the old host would say 401 for ever.
    base::http::Request attempt = request;
    attempt.url = session->instance_url + request.url;
    attempt.headers.emplace_back("Authorization", "Bearer " + session->access_token.reveal());
    attempt.timeout = options.timeout;
    if (options.protects_nothing) attempt.idle_max = unprotected_idle_max;
    attempt.before_sending = options.before_sending;
    if (watch_) watch_->asks(account_id, request);

    base::Result<base::http::Response> response = co_await http_.send(std::move(attempt));
    if (response) hide_echo(*response, session->access_token);
    if (!response || (response->status != 401 && response->status != 403)) co_return response;
    base::Error error = to_error(response->status, response->headers, response->body, /*is_write=*/true);
    if (error.code == account_blocked_by_org && !options.only_examines) {
      base::Error blocked = co_await sessions_.block(account_id, session->generation, error.message);
      blocked.details = std::move(error.details);
      co_return blocked;
    }
    if (is_repetition || !(error.code == salesforce_session_ended)) co_return response;
    session = co_await sessions_.renew(account_id, session->generation);
  }
}

base::awaitable<base::Result<ChangeAnswer>> Client::change(std::string account_id, RecordChange change,
                                                           CallOptions options) {
  if (std::string missing = missing_part(change); !missing.empty()) {
    co_return base::Error{record_change_invalid,
                          fmt::format("{} {}: it lacks {}", to_string(change.operation), change.object, missing)};
  }
  if (!watch_) co_return co_await send(std::move(account_id), change, std::move(options));
  const base::Result<std::int64_t> number = co_await watch_->before_change(account_id, change);
  if (!number) co_return number.error();
  base::Result<ChangeAnswer> answer = co_await send(account_id, change, std::move(options));
  watch_->after_change(account_id, *number, answer);
  co_return answer;
}

base::awaitable<base::Result<ChangeAnswer>> Client::send(std::string account_id, const RecordChange& change,
                                                         CallOptions options) {
  base::http::Request request = to_request(change, options_.api_version);
  base::Result<base::http::Response> response =
      co_await call(std::move(account_id), std::move(request), std::move(options));
  if (!response) co_return response.error();
  co_return to_change_answer(change, *response);
}

base::awaitable<base::Result<base::http::Response>> Client::read(std::string account_id, std::string path,
                                                                 CallOptions options) {
  base::http::Request request;
  request.url = std::move(path);
  base::Result<base::http::Response> response =
      co_await call(std::move(account_id), std::move(request), std::move(options));
  if (!response) co_return read_error(response.error());
  if (response->status != 200)
    co_return to_error(response->status, response->headers, response->body, /*is_write=*/false);
  co_return response;
}

base::awaitable<base::Result<base::JsonText>> Client::query(std::string account_id, Soql soql, std::size_t rows_max,
                                                            CallOptions options) {
  base::JsonWriter rows;
  std::size_t row_count = 0;
  rows.begin_array();
  std::string path =
      fmt::format("/services/data/v{}/query?q={}", options_.api_version, base::http::percent_encode(soql.text()));
  for (;;) {
    base::Result<base::http::Response> response = co_await read(account_id, std::move(path), options);
    if (!response) co_return response.error();
    base::Result<std::string> next = append_page(*response, rows, row_count, rows_max);
    if (!next) co_return next.error();
    if (next->empty()) break;
    path = *std::move(next);
  }
  rows.end_array();
  co_return base::JsonText{rows.take()};
}

base::awaitable<base::Result<base::JsonText>> Client::describe(std::string account_id, std::string object,
                                                               CallOptions options) {
  std::string path = fmt::format("/sobjects/{}/describe", base::http::percent_encode(object));
  co_return co_await get(std::move(account_id), std::move(path), std::move(options));
}

base::awaitable<base::Result<base::JsonText>> Client::get(std::string account_id, std::string path,
                                                          CallOptions options) {
  std::string below_root = fmt::format("/services/data/v{}{}", options_.api_version, path);
  base::Result<base::http::Response> response =
      co_await read(std::move(account_id), std::move(below_root), std::move(options));
  if (!response) co_return response.error();
  co_return as_json(*std::move(response));
}

base::awaitable<base::Result<base::JsonText>> Client::session_settings(std::string account_id, CallOptions options) {
  base::Result<Session> session = co_await sessions_.open(std::move(account_id));
  if (!session) co_return session.error();
  base::http::Request request = session_settings_request(*session, options_.api_version);
  request.timeout = options.timeout;
  base::Result<base::http::Response> response = co_await http_.send(std::move(request));
  if (!response) co_return read_error(response.error());
  hide_echo(*response, session->access_token);
  co_return read_session_settings(*response);
}

std::string Client::record_url(std::string_view account_id, std::string_view record_id) const {
  std::string instance = sessions_.instance_url(account_id);
  return instance.empty() ? "" : fmt::format("{}/{}", instance, record_id);
}

}  // namespace connectors::salesforce
