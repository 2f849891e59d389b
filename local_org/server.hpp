// The local org as a program's part: a handler for an HTTP server, and the same org for tests to reach directly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/http/server.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "local_org/site.hpp"

namespace local_org {

struct LocalOrgOptions {
  std::string path = ":memory:";  // or a file, which is made when it is missing and survives a restart
  Environment environment = Environment::production;
  Credentials fixed{};  // what is not empty holds; the rest is invented once and remembered
  bool rotates_refresh_tokens = false;
  std::string policies = "{}";                // JSON as /_local/policies takes it
  std::vector<std::string> more_describes{};  // texts of describe files: objects beyond the standard ones
  // Permission sets as /_local/permission_sets takes them; one that the file knows already is put back to this.
  std::vector<std::string> permission_sets{};
};

// Storage has a thread of its own; answers come back on the loop of who asked. `clock` must be readable from any
// thread.
class LocalOrg {
 public:
  // Throws std::invalid_argument or base::sql::DatabaseError when the file or a describe text is unfit.
  LocalOrg(LocalOrgOptions options, const base::Clock& clock, base::Random& random);
  LocalOrg(const LocalOrg&) = delete;
  LocalOrg& operator=(const LocalOrg&) = delete;
  ~LocalOrg();

  // Must not be called after the org is gone.
  base::http::Handler handler();

  Credentials credentials();
  // Where it can be reached; stands in token answers. Without it they name the host that the request was sent to.
  void set_url(std::string url);

  // One more user, or that user with another password.
  void add_user(const std::string& username, const std::string& password);

  // For tests, from any thread but the storage's own; they block. The rules hold here too: a refusal is thrown as
  // ApiError.
  std::string insert(std::string_view object, base::JsonText fields);
  base::JsonText query(std::string_view soql);  // an array of records
  std::vector<Call> calls();
  // The people's records and the log of calls are gone, and ids begin anew. Users, sessions, rights and the org's own
  // name stay.
  void start_over();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;              // 0: any free one
  std::string tls_certificate_file{};  // PEM; set both for https
  std::string tls_key_file{};
};

// A local org that listens. `loop` carries its connections.
class Served {
 public:
  Served(LocalOrg& org, boost::asio::io_context& loop, base::Log& log, ServeOptions options = {});

  std::uint16_t port() const { return server_->port(); }
  const std::string& url() const { return url_; }
  void stop() { server_->stop(); }

 private:
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
  std::string url_;
};

// {url, org_id, client_id, client_secret, username, password, access_token}: what `sluice org serve` prints.
base::JsonText to_json(const Credentials& credentials);

}  // namespace local_org
