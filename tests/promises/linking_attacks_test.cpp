// Attacks on linking: each is refused, and nothing is sent that the victim did not mean.
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/promises/linking_world.hpp"

using nlohmann::json;
using promises::Linker;
using promises::LinkingWorld;
using support::Browser;
using support::HttpAnswer;

namespace {

// Listens on this machine, where nobody should come.
class TrapSocket {
 public:
  TrapSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(socket_, 16);
    socklen_t length = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = std::to_string(ntohs(address.sin_port));
  }
  ~TrapSocket() { ::close(socket_); }
  TrapSocket(const TrapSocket&) = delete;
  TrapSocket& operator=(const TrapSocket&) = delete;

  const std::string& port() const { return port_; }
  // The first who comes is turned away; it is waited for.
  void turn_away() const {
    pollfd waiting{socket_, POLLIN, 0};
    ::poll(&waiting, 1, 60'000);
    ::close(::accept(socket_, nullptr, nullptr));
  }
  int visitors() const {
    int count = 0;
    for (int visitor = 0; (visitor = ::accept(socket_, nullptr, nullptr)) >= 0; ++count) ::close(visitor);
    return count;
  }

 private:
  int socket_;
  std::string port_;
};

std::string value_in(const std::string& url, const std::string& wanted) {
  const base::http::Form form = base::http::parse_form(url.substr(url.find('?') + 1)).value();
  for (const auto& [name, value] : form) {
    if (name == wanted) return value;
  }
  return "";
}

// A login that a person has allowed at Salesforce and whose answer has not reached the server yet.
struct Allowed {
  json begun;
  Browser browser;
  std::string answer;  // the address that the browser is about to open

  Allowed(const LinkingWorld& linking, const Linker& who) : begun(linking.begin(who)) {
    browser.stop_before(linking.world.server.url() + "/oauth/callback");
    linking.allow(browser, begun);
    answer = browser.stopped_at();
    browser.stop_before("");
  }
};

std::string callback_with(const LinkingWorld& linking, const base::http::Form& form) {
  return linking.world.server.url() + "/oauth/callback?" + base::http::to_form(form);
}

}  // namespace

TEST_CASE("a foreign, missing, changed or used state is refused, and no code is redeemed") {
  LinkingWorld linking;
  linking.add_app();
  const Linker ana = linking.add_user("ana");
  Allowed login(linking, ana);
  const std::string code = value_in(login.answer, "code"), state = value_in(login.answer, "state");
  const int asked = linking.token_requests();

  const std::string attacks[] = {
      callback_with(linking, {{"code", code}}),
      callback_with(linking, {{"code", code}, {"state", ""}}),
      callback_with(linking, {{"code", code}, {"state", "made-up"}}),
      callback_with(linking, {{"code", code}, {"state", state + "x"}}),
      callback_with(linking, {{"code", code}, {"state", state.substr(1)}}),
      callback_with(linking, {{"state", "made-up"}, {"error", "access_denied"}}),
  };
  for (const std::string& attack : attacks) {
    INFO(attack);
    CHECK(login.browser.open(attack).status == 400);
  }
  // The victim's browser is led to the attacker's answer: login CSRF. It has no such session.
  Browser victim;
  CHECK(victim.open(login.answer).status == 400);
  CHECK(linking.token_requests() == asked);
  CHECK(linking.accounts(ana).empty() == false);  // shared ones only
  for (const json& account : linking.accounts(ana)) CHECK(account.at("origin") == "extensions");

  // None of them has spoilt the login for the one whose it is; and it works once.
  CHECK(login.browser.open(login.answer).status == 200);
  CHECK(linking.token_requests() == asked + 1);
  CHECK(login.browser.open(login.answer).status == 400);
  CHECK(linking.token_requests() == asked + 1);
}

TEST_CASE("a code of another login is refused by its verifier, and nothing is kept") {
  LinkingWorld linking;
  linking.add_app();
  const Linker ana = linking.add_user("ana"), eve = linking.add_user("eve");
  Allowed of_ana(linking, ana), of_eve(linking, eve);

  // Eve's own state, and Ana's code.
  const HttpAnswer answer = of_eve.browser.open(
      callback_with(linking, {{"code", value_in(of_ana.answer, "code")}, {"state", value_in(of_eve.answer, "state")}}));

  CHECK(answer.status == 400);
  const json login = linking.ask(eve, "GET", "/logins/" + of_eve.begun.at("id").get<std::string>());
  CHECK(login.at("error").at("code") == "login_refused");
  for (const json& account : linking.accounts(eve)) CHECK(account.at("origin") == "extensions");
}

TEST_CASE("an answer that names another host is a mix-up, and its code is not redeemed") {
  LinkingWorld linking;
  linking.add_app();
  Allowed login(linking, linking.admin);
  const int asked = linking.token_requests();
  const HttpAnswer answer = login.browser.open(login.answer + "&iss=https%3A%2F%2Fevil.example");
  CHECK(answer.status == 400);
  CHECK(linking.token_requests() == asked);
  const json state = linking.ask(linking.admin, "GET", "/logins/" + login.begun.at("id").get<std::string>());
  CHECK(state.at("error").at("code") == "login_mixed_up");
}

TEST_CASE("a ticket works once, and only with its login") {
  LinkingWorld linking;
  linking.add_app();
  const json first = linking.begin(linking.admin), second = linking.begin(linking.admin);
  const std::string start = first.at("start_url");
  const std::string ticket = value_in(start, "ticket");
  Browser browser;
  const std::string url = linking.world.server.url();
  for (const std::string& wrong : {url + "/logins/" + second.at("id").get<std::string>() + "/start?ticket=" + ticket,
                                   url + "/logins/" + first.at("id").get<std::string>() + "/start?ticket=",
                                   url + "/logins/" + first.at("id").get<std::string>() + "/start",
                                   url + "/logins/lgn_none/start?ticket=" + ticket})
    CHECK(browser.open(wrong).status == 404);
  CHECK(browser.open(start).status == 200);  // the org's login page
  CHECK(browser.open(start).status == 404);
}

TEST_CASE("a loopback login is answered only by the token that began it") {
  LinkingWorld linking;
  linking.add_app();
  const Linker ana = linking.add_user("ana"), eve = linking.add_user("eve");
  const json begun = linking.begin(ana, {{"redirect_uri", "http://127.0.0.1:4711/callback"}});
  Browser browser;
  browser.stop_before("http://127.0.0.1:4711/");
  browser.open(begun.at("authorize_url"));
  browser.submit(
      {{"username", linking.world.org.username()}, {"password", linking.world.org.password()}, {"decision", "allow"}});
  const json answer{{"code", value_in(browser.stopped_at(), "code")},
                    {"state", value_in(browser.stopped_at(), "state")}};
  const std::string path = "/logins/" + begun.at("id").get<std::string>() + "/complete";
  const int asked = linking.token_requests();

  CHECK(linking.call(eve, "POST", path, answer).status == 404);
  CHECK(linking.call(linking.admin, "POST", path, answer).status == 404);
  // Another token of the same user is another session.
  const json second = linking.ask(ana, "POST", "/users/" + ana.id + "/tokens", {{"label", "other"}});
  CHECK(linking.call({ana.id, second.at("token")}, "POST", path, answer).status == 409);
  CHECK(linking.token_requests() == asked);
  CHECK(linking.ask(ana, "POST", path, answer).at("state") == "done");
  CHECK(linking.call(ana, "POST", path, answer).status == 409);

  for (const char* uri :
       {"http://localhost:4711/callback", "http://127.0.0.1:4711/other", "https://evil.example/callback",
        "http://127.0.0.1:4711@evil.example/callback", "http://127.0.0.1.evil.example:1/callback",
        "http://127.0.0.1:/callback", "http://127.0.0.1:47x/callback"}) {
    INFO(uri);
    CHECK(linking
              .call(ana, "POST", "/logins", {{"purpose", "link"}, {"environment", "production"}, {"redirect_uri", uri}})
              .status == 422);
  }
}

TEST_CASE("return_to leads nowhere but to this server and to origins that the operator allowed") {
  LinkingWorld linking({"--return-to-origin", "https://console.example"});
  linking.add_app();
  for (const char* good : {"/", "/runs?x=1", "https://console.example", "https://console.example/tasks/7"}) {
    INFO(good);
    CHECK(linking.begin(linking.admin, {{"return_to", good}}).contains("start_url"));
  }
  for (const char* bad : {"//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
                          "https://console.example.evil", "https://console.example@evil.example",
                          "https://console.example:444/", "http://console.example/", "javascript:alert(1)",
                          "data:text/html,x", "evil", " /", "/\r\nSet-Cookie: a=b", "/\tevil", "https:/evil.example"}) {
    INFO(bad);
    const HttpAnswer answer = linking.call(linking.admin, "POST", "/logins",
                                           {{"purpose", "link"}, {"environment", "production"}, {"return_to", bad}});
    CHECK(answer.status == 422);
    CHECK(json::parse(answer.body).at("code") == "return_to_not_allowed");
  }
}

TEST_CASE("no secret goes to a private address, by whatever way it is named") {
  LinkingWorld linking;
  TrapSocket trap;
  for (const std::string& host :
       {"http://127.0.0.1:" + trap.port(), "https://127.0.0.1:" + trap.port(), "http://localhost:" + trap.port(),
        "https://localhost:" + trap.port(), "https://2130706433:" + trap.port(), "https://0x7f000001:" + trap.port(),
        "http://[::ffff:127.0.0.1]:" + trap.port(), "https://login.salesforce.com@127.0.0.1:" + trap.port(),
        "https://acme.my.salesforce.com:" + trap.port(),
        "https://127.0.0.1:" + trap.port() + "/?x=.my.salesforce.com"}) {
    INFO(host);
    json account = json::parse(linking.world.org.account_document());
    account["token_url"] = host + "/services/oauth2/token";
    CHECK(linking.call(linking.admin, "POST", "/accounts", account).status == 422);
    CHECK(linking
              .call(linking.admin, "POST", "/apps",
                    {{"host", host}, {"environment", "production"}, {"client_id", "c"}, {"client_secret", "s"}})
              .status == 422);
    CHECK(linking
              .call(linking.admin, "POST", "/logins",
                    {{"purpose", "link"}, {"environment", "production"}, {"host", host}})
              .status == 422);
  }
  CHECK(trap.visitors() == 0);
}

TEST_CASE(
    "a Salesforce name that leads into a private network when it is connected to gets no secret, whatever it was "
    "before") {
  TrapSocket trap;
  const std::string name = "acme.my.salesforce.com";
  const std::string rebound = name + ":443:127.0.0.1:" + trap.port();
  const auto link = [&](const LinkingWorld& linking) {
    json account = json::parse(linking.world.org.account_document());
    account["token_url"] = "https://" + name + "/services/oauth2/token";  // nothing is wrong with it as it stands
    return linking.call(linking.admin, "POST", "/accounts", account);
  };
  const auto begin_login = [&](const LinkingWorld& linking) {
    linking.ask(linking.admin, "POST", "/apps", {{"host", name}, {"environment", "production"}, {"client_id", "c"}});
    return linking.begin(linking.admin, {{"host", name}});
  };

  SECTION("it is refused at the connection") {
    LinkingWorld linking({"--connect-to", rebound});
    const HttpAnswer refused = link(linking);
    CHECK(refused.status == 503);
    CHECK(refused.body.find("none that may be connected to") != std::string::npos);

    Browser browser;
    browser.open(begin_login(linking).at("start_url"));
    const HttpAnswer answered =
        browser.open(callback_with(linking, {{"code", "c"}, {"state", value_in(browser.stopped_at(), "state")}}));
    CHECK(answered.status == 400);
    CHECK(trap.visitors() == 0);
  }
  SECTION("where the operator allows the host, the same connection is made: it is the address that was refused") {
    LinkingWorld linking({"--connect-to", rebound, "--allow-host", name});
    std::thread visit([&] { trap.turn_away(); });
    CHECK(link(linking).status == 503);
    visit.join();
  }
}

TEST_CASE("the pages of a login run no scripts, load nothing, and hold no secret") {
  LinkingWorld linking;
  linking.add_app();
  Allowed login(linking, linking.admin);
  const HttpAnswer page = login.browser.open(login.answer);
  CHECK(page.status == 200);
  CHECK(page.header("content-security-policy").find("default-src 'none'") != std::string::npos);
  CHECK(page.header("content-security-policy").find("script-src") == std::string::npos);
  CHECK(page.header("referrer-policy") == "no-referrer");
  CHECK(page.header("cache-control") == "no-store");
  CHECK(page.body.find("<script") == std::string::npos);
  for (const char* name : {"code", "state"}) CHECK(page.body.find(value_in(login.answer, name)) == std::string::npos);
}
