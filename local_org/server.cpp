// The local org as a program's part: a handler for an HTTP server, and the same org for tests to reach directly.
#include "local_org/server.hpp"

#include <exception>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"

namespace local_org {
namespace {

namespace asio = boost::asio;

// The org has its own word on size, down to the last byte of what Salesforce takes.
constexpr std::size_t served_header_bytes_max = 64u << 10;

Schema schema_with(const std::vector<std::string>& more_describes) {
  Schema schema = standard_schema();
  for (const std::string& text : more_describes) schema.add(text);
  return schema;
}

}  // namespace

struct LocalOrg::Impl {
  Impl(const LocalOrgOptions& options, const base::Clock& clock, base::Random& random)
      : site({options.path, options.environment, options.fixed, options.rotates_refresh_tokens, options.policies},
             schema_with(options.more_describes), clock, random) {
    for (const std::string& document : options.permission_sets) take_permission_set(document);
  }

  void take_permission_set(const std::string& document) {
    const std::vector<std::string> faults = site.permissions().reset_permission_set(nlohmann::json::parse(document));
    if (!faults.empty()) throw std::invalid_argument(fmt::format("permission set: {}", fmt::join(faults, "; ")));
  }

  // Runs `work` on the storage's thread and waits for the value that it returns, or what it throws.
  template <class Work>
  auto run(Work work) {
    std::optional<std::invoke_result_t<Work>> value;
    std::exception_ptr failure;
    std::promise<void> ending;
    std::future<void> end = ending.get_future();
    // An exception is left to the caller alone before the end is told, and ends with it.
    asio::post(storage, [&work, &value, &failure, ending = std::move(ending)]() mutable {
      try {
        value = work();
      } catch (...) {
        failure = std::current_exception();
      }
      ending.set_value();
    });
    end.get();
    if (failure) std::rethrow_exception(std::move(failure));
    return *std::move(value);
  }

  // Takes the request along: should the loop end early, the storage still works on something that is there.
  base::awaitable<base::http::Response> answer(base::http::ServerRequest request) {
    auto initiate = [this, request = std::move(request)](auto handler) mutable {
      const auto back = asio::get_associated_executor(handler);
      auto work = asio::make_work_guard(back);
      asio::post(storage, [this, request = std::move(request), back, work = std::move(work),
                           handler = std::move(handler)]() mutable {
        std::exception_ptr failure;
        base::http::Response response;
        try {
          response = site.answer(request);
        } catch (...) {
          failure = std::current_exception();
        }
        asio::post(back, [failure, response = std::move(response), handler = std::move(handler)]() mutable {
          std::move(handler)(failure, std::move(response));
        });
      });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, base::http::Response)>(
        std::move(initiate), asio::use_awaitable);
  }

  Site site;
  // Declared last: it goes first, and with it whatever still works on the site.
  asio::thread_pool storage{1};
};

LocalOrg::LocalOrg(LocalOrgOptions options, const base::Clock& clock, base::Random& random)
    : impl_(std::make_unique<Impl>(options, clock, random)) {}

LocalOrg::~LocalOrg() { impl_->storage.join(); }

base::http::Handler LocalOrg::handler() {
  return [impl = impl_.get()](base::http::ServerRequest& request) { return impl->answer(std::move(request)); };
}

Credentials LocalOrg::credentials() {
  return impl_->run([this] { return impl_->site.sessions().credentials(); });
}

void LocalOrg::set_url(std::string url) {
  impl_->run([&] {
    impl_->site.sessions().set_url(std::move(url));
    return true;
  });
}

void LocalOrg::add_user(const std::string& username, const std::string& password) {
  impl_->run([&] {
    Users& users = impl_->site.users();
    users.set_password(users.add(username), password);
    return true;
  });
}

std::string LocalOrg::insert(std::string_view object_name, base::JsonText fields) {
  return impl_->run([&] {
    Org& org = impl_->site.org();
    const Object* object = org.schema().find(object_name);
    if (!object) throw not_found();
    RecordStore::Transaction transaction(org.store());
    std::string id = org.insert(*object, RecordBody(std::move(fields.text)), impl_->site.own_access());
    transaction.commit();
    return id;
  });
}

base::JsonText LocalOrg::query(std::string_view soql) {
  return impl_->run([&] {
    base::JsonWriter json;
    json.begin_array();
    const QueryAnswer answer = impl_->site.org().query(soql, false, "/services/data/v66.0", impl_->site.own_access());
    for (const std::string& record : answer.records) json.raw(record);
    json.end_array();
    return base::JsonText{json.take()};
  });
}

std::vector<Call> LocalOrg::calls() {
  return impl_->run([this] {
    const auto& calls = impl_->site.calls().calls();
    return std::vector<Call>(calls.begin(), calls.end());
  });
}

void LocalOrg::start_over() {
  impl_->run([this] {
    impl_->site.start_over();
    return true;
  });
}

Served::Served(LocalOrg& org, boost::asio::io_context& loop, base::Log& log, ServeOptions options) {
  router_.otherwise(org.handler());
  base::http::ServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.header_bytes_max = served_header_bytes_max;
  server.tls_certificate_file = options.tls_certificate_file;
  server.tls_key_file = options.tls_key_file;
  server_ = base::http::listen(loop, router_, log, server);
  const bool is_v6 = options.address.find(':') != std::string::npos;
  url_ = fmt::format("{}://{}:{}", options.tls_certificate_file.empty() ? "http" : "https",
                     is_v6 ? "[" + options.address + "]" : options.address, server_->port());
  org.set_url(url_);
}

base::JsonText to_json(const Credentials& credentials) {
  base::JsonWriter json;
  json.begin_object();
  json.field("url", credentials.url);
  json.field("org_id", credentials.org_id);
  json.field("client_id", credentials.client_id);
  json.field("client_secret", credentials.client_secret);
  json.field("username", credentials.username);
  json.field("password", credentials.password);
  json.field("access_token", credentials.access_token);
  json.field("refresh_token", credentials.refresh_token);
  json.end_object();
  return {json.take()};
}

}  // namespace local_org
