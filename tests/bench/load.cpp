#include "tests/bench/load.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "tests/bench/process.hpp"

namespace bench {
namespace {

// Close-on-exec everywhere: a socket that a started program inherits would go on telling epoll of a connection that is
// gone here.
constexpr std::size_t id_length = 20;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// About 1.2 kB, as the survey platform's response API gives it.
std::string response_body(const std::string& id) {
  return fmt::format(
      R"({{"result":{{"responseId":"{0}","values":{{"startDate":"2026-11-20T09:12:01Z","endDate":"2026-11-20T09:14:30Z","status":0,"ipAddress":"192.0.2.7","progress":100,"duration":149,"finished":1,"recordedDate":"2026-11-20T09:14:31.204Z","_recordId":"{0}","recipientLastName":"Reyes","recipientFirstName":"Ana","recipientEmail":"ana.reyes@example.com","externalDataReference":"C-4711","locationLatitude":"48.1374","locationLongitude":"11.5755","distributionChannel":"email","userLanguage":"EN","QID1":9,"QID1_NPS_GROUP":3,"QID3_TEXT":"Quick answers, and the person on the phone knew what she was talking about. Delivery took longer than promised, though.","QID2":["1","4","5"],"QID4_1":4,"QID4_2":5,"QID4_3":3,"Segment":"gold","Region":"EMEA","SurveyName":"Service 2026"}},"labels":{{"status":"IP Address","finished":"True","QID1":"9","QID1_NPS_GROUP":"Promoter","QID2":["Price","Support","Speed"],"QID4_1":"Good","QID4_2":"Very good","QID4_3":"Fair"}},"displayedFields":["QID1","QID1_NPS_GROUP","QID2","QID3_TEXT","QID4_1","QID4_2","QID4_3"],"displayedValues":{{"QID1":[0,1,2,3,4,5,6,7,8,9,10]}}}},"meta":{{"httpStatus":"200 - OK","requestId":"b0d4c5d2"}}}})",
      id);
}

std::string http_answer(std::string_view status, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: application/json;charset=UTF-8\r\nSforce-Limit-Info: "
      "api-usage=18/15000\r\nContent-Length: {}\r\n\r\n{}",
      status, body.size(), body);
}

}  // namespace

struct Load::Connection {
  int socket = -1;
  bool is_hook = false;  // ours to the program; else the program's to the org
  std::string in{};
  std::string out{};
};

Load::Load() : run_prefix_(fmt::format("{:06x}", static_cast<unsigned>(getpid()) & 0xffffffu)) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 1024) != 0)
    throw std::runtime_error("cannot listen");
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  org_port_ = ntohs(address.sin_port);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

Load::~Load() {
  for (auto& [socket, connection] : connections_) {
    close(socket);
    delete connection;
  }
  close(listener_);
  close(epoll_);
}

void Load::aim(std::uint16_t hook_port, std::string hook_path) {
  // Whatever was under way at another program is gone with it.
  std::vector<Connection*> all;
  for (const auto& [socket, connection] : connections_) all.push_back(connection);
  for (Connection* connection : all) drop(*connection);
  started_.clear();
  hook_port_ = hook_port;
  hook_path_ = std::move(hook_path);
}

void Load::accept_org() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto* connection = new Connection{.socket = socket};
    connections_[socket] = connection;
    epoll_event event{.events = EPOLLIN, .data = {.ptr = connection}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
}

void Load::open_hook_connection() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(hook_port_);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the program takes no connection");
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(socket, F_SETFL, O_NONBLOCK);
  auto* connection = new Connection{.socket = socket, .is_hook = true};
  connections_[socket] = connection;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = connection}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  idle_hooks_.push_back(connection);
}

void Load::post_next(Connection& connection) {
  const std::string id = fmt::format("R_{}{:012}", run_prefix_, next_id_++);
  started_.emplace(id, seconds_now());
  const std::string body = response_body(id);
  send(connection,
       fmt::format(
           "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
           hook_path_, body.size(), body));
}

void Load::send(Connection& connection, std::string_view text) {
  connection.out += text;
  while (!connection.out.empty()) {
    const ssize_t sent = ::send(connection.socket, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    connection.out.erase(0, static_cast<std::size_t>(sent));
  }
  if (!connection.out.empty()) {
    epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.ptr = &connection}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
  }
}

void Load::drop(Connection& connection) {
  std::erase(idle_hooks_, &connection);
  close(connection.socket);
  connections_.erase(connection.socket);
  delete &connection;
}

void Load::read_from(Connection& connection) {
  char buffer[65536];
  for (;;) {
    const ssize_t got = recv(connection.socket, buffer, sizeof buffer, 0);
    if (got == 0) return drop(connection);
    if (got < 0) break;
    connection.in.append(buffer, static_cast<std::size_t>(got));
    if (got < static_cast<ssize_t>(sizeof buffer)) break;
  }
  for (;;) {
    const std::size_t head_end = connection.in.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    const std::string_view head(connection.in.data(), head_end + 2);
    std::size_t body_size = 0;
    for (const char* name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
      if (const std::size_t at = head.find(name); at != std::string_view::npos)
        body_size = std::strtoul(head.data() + at + 18, nullptr, 10);
    }
    const std::size_t whole = head_end + 4 + body_size;
    if (connection.in.size() < whole) return;
    if (connection.is_hook) {
      if (!head.starts_with("HTTP/1.1 202"))
        throw std::runtime_error("a response was not accepted: " + std::string(head.substr(0, 64)));
      idle_hooks_.push_back(&connection);
    } else {
      answer_org(connection, head, std::string_view(connection.in).substr(head_end + 4, body_size));
    }
    connection.in.erase(0, whole);
  }
}

namespace {

// Once for each object, and at the start: who has logged in, which org this is, what its objects are.
std::string_view what_is_read(std::string_view head) {
  const std::string_view target = head.substr(0, head.find("\r\n"));
  const auto asks_for = [&](std::string_view part) { return target.find(part) != std::string_view::npos; };
  if (asks_for("GET /id/"))
    return R"({"organization_id":"00D5e000001N20QEAS","user_id":"0055e000001abcdAAA","username":"bench@example.com"})";
  if (asks_for("Organization"))
    return R"({"totalSize":1,"done":true,"records":[{"Id":"00D5e000001N20QEAS","IsSandbox":true}]})";
  if (asks_for("/sobjects/Contact/describe"))
    return R"({"name":"Contact","fields":[{"name":"Id","type":"id","length":18},{"name":"Email","type":"email","length":80}]})";
  if (asks_for("/sobjects/Survey_Response__c/describe"))
    return R"({"name":"Survey_Response__c","fields":[{"name":"Response_Id__c","type":"string","length":255,"externalId":true},{"name":"Contact__c","type":"reference","length":18,"referenceTo":["Contact"]},{"name":"Score__c","type":"double","precision":3,"scale":0},{"name":"Segment__c","type":"picklist","length":255,"restrictedPicklist":true,"picklistValues":[{"value":"A","label":"A","active":true},{"value":"B","label":"B","active":true}]},{"name":"Comment__c","type":"textarea","length":32768},{"name":"Survey__c","type":"string","length":255}]})";
  return R"({"totalSize":1,"done":true,"records":[{"attributes":{"type":"Contact","url":"/services/data/v60.0/sobjects/Contact/0035e00000PYZhIAAX"},"Id":"0035e00000PYZhIAAX"}]})";
}

}  // namespace

void Load::answer_org(Connection& connection, std::string_view head, std::string_view body) {
  if (head.starts_with("GET")) {
    send(connection, http_answer("200 OK", what_is_read(head)));
  } else if (head.starts_with("PATCH")) {
    send(connection,
         http_answer("201 Created", R"({"id":"a005e00000QXYZ1AAP","success":true,"errors":[],"created":true})"));
  } else if (head.find("/oauth2/token") != std::string_view::npos) {
    send(
        connection,
        http_answer(
            "200 OK",
            fmt::format(
                R"({{"access_token":"00D5e000001N20Q!bench","instance_url":"http://127.0.0.1:{}","id":"http://127.0.0.1:{}/id/00D5e000001N20QEAS/0055e000001abcdAAA","token_type":"Bearer","issued_at":"1764000000000","signature":"x"}})",
                org_port_, org_port_)));
  } else {
    send(connection, http_answer("201 Created", R"({"id":"0D55e00000ABCDEFGH"})"));
    // The last call of a run; its text ends with the response's id.
    if (const std::size_t at = body.find("R_" + run_prefix_); at != std::string_view::npos)
      finish(body.substr(at, id_length));
  }
}

void Load::finish(std::string_view response_id) {
  auto found = started_.find(std::string(response_id));
  if (found == started_.end()) return;
  if (window_) {
    ++window_->runs;
    window_->latencies_ms.push_back((seconds_now() - found->second) * 1000);
  }
  started_.erase(found);
}

void Load::step(int timeout_ms) {
  epoll_event events[256];
  const int count = epoll_wait(epoll_, events, 256, timeout_ms);
  for (int i = 0; i < count; ++i) {
    auto* connection = static_cast<Connection*>(events[i].data.ptr);
    if (!connection) {
      accept_org();
      continue;
    }
    if (events[i].events & EPOLLOUT) {
      epoll_event event{.events = EPOLLIN, .data = {.ptr = connection}};
      epoll_ctl(epoll_, EPOLL_CTL_MOD, connection->socket, &event);
      send(*connection, "");
    }
    if (events[i].events & (EPOLLIN | EPOLLHUP)) read_from(*connection);
  }
}

Window Load::drive(int in_flight, double seconds, double runs_per_second_max) {
  Window window;
  window_ = &window;
  const double begin = seconds_now();
  double next_post = begin;
  while (seconds_now() < begin + seconds) {
    while (static_cast<int>(started_.size()) < in_flight && (runs_per_second_max == 0 || seconds_now() >= next_post)) {
      if (idle_hooks_.empty()) open_hook_connection();
      Connection* connection = idle_hooks_.back();
      idle_hooks_.pop_back();
      post_next(*connection);
      if (runs_per_second_max > 0) next_post += 1 / runs_per_second_max;
    }
    step(runs_per_second_max > 0 ? 1 : 20);
  }
  window.seconds = seconds_now() - begin;
  window_ = nullptr;
  return window;
}

bool Load::drain(double seconds) {
  const double end = seconds_now() + seconds;
  while (!started_.empty() && seconds_now() < end) step(20);
  return started_.empty();
}

void Load::answer_until(const std::atomic<bool>& is_enough) {
  while (!is_enough) step(1);
}

std::string Load::get(const std::string& path, const std::string& token) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(hook_port_);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return "";
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n", path, token);
  ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  char buffer[65536];
  for (ssize_t got; (got = recv(socket, buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(got));
  close(socket);
  return answer;
}

}  // namespace bench
