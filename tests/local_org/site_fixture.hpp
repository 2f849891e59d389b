// A local org in memory, asked without a network.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "local_org/site.hpp"
#include "tests/support/manual_clock.hpp"

namespace test {

class OrgSite {
 public:
  explicit OrgSite(const local_org::SiteOptions& options = {}, local_org::Schema schema = local_org::standard_schema())
      : site(options, std::move(schema), clock, random) {}

  base::http::Response ask(std::string method, std::string target, std::string body = "",
                           base::http::Headers headers = {}) {
    base::http::ServerRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    const std::size_t question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    if (question < request.target.size()) request.query = *base::http::parse_form(request.target.substr(question + 1));
    request.headers = std::move(headers);
    request.headers.emplace_back("Host", "org.example");
    request.body = std::move(body);
    return site.answer(request);
  }

  // With the initial access token, below /services/data/v66.0.
  base::http::Response call(std::string method, std::string_view path, std::string body = "",
                            base::http::Headers headers = {}) {
    headers.emplace_back("Authorization", "Bearer " + site.sessions().credentials().access_token);
    headers.emplace_back("Content-Type", "application/json");
    return ask(std::move(method), "/services/data/v66.0" + std::string(path), std::move(body), std::move(headers));
  }

  // The new record's id.
  std::string create(std::string_view object, std::string body) {
    const base::http::Response response = call("POST", "/sobjects/" + std::string(object), std::move(body));
    return nlohmann::json::parse(response.body).at("id");
  }

  nlohmann::json row(std::string_view object, std::string_view id) {
    return nlohmann::json::parse(call("GET", "/sobjects/" + std::string(object) + "/" + std::string(id)).body);
  }

  base::http::Response query(std::string_view soql) {
    return call("GET", "/query?q=" + base::http::percent_encode(soql));
  }

  support::ManualClock clock;  // noon on 2026-01-05
  base::SeededRandom random{7};
  local_org::Site site;
};

}  // namespace test
