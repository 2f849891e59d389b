#include "tests/support/blocking_http.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <fmt/format.h>

namespace support {
namespace {

constexpr int answer_timeout_s = 60;

struct Target {
  sockaddr_in address{};
  std::string_view authority;
  std::string_view path;
};

Target read_target(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) throw std::invalid_argument(fmt::format("no http address: {}", url));
  url.remove_prefix(scheme.size());
  Target target;
  target.authority = url.substr(0, url.find('/'));
  target.path = target.authority.size() == url.size() ? "/" : url.substr(target.authority.size());
  const std::size_t colon = target.authority.find(':');
  const std::string host(target.authority.substr(0, colon));
  std::uint16_t port = 80;
  if (colon != std::string_view::npos) {
    std::from_chars(target.authority.data() + colon + 1, target.authority.data() + target.authority.size(), port);
  }
  target.address.sin_family = AF_INET;
  target.address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &target.address.sin_addr) != 1) {
    throw std::invalid_argument(fmt::format("no numeric host: {}", host));
  }
  return target;
}

class Connection {
 public:
  explicit Connection(const sockaddr_in& address) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval longest{answer_timeout_s, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    is_open_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  bool send_all(std::string_view bytes) const {
    if (!is_open_) return false;
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next bytes; "" at the end.
  std::string receive() const {
    char piece[16 * 1024];
    const ssize_t count = recv(socket_, piece, sizeof piece, 0);
    return count > 0 ? std::string(piece, static_cast<std::size_t>(count)) : std::string();
  }

 private:
  int socket_;
  bool is_open_ = false;
};

base::http::Headers read_header_lines(std::string_view head) {
  base::http::Headers headers;
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    const std::size_t end = std::min(head.find("\r\n", at + 2), head.size());
    const std::string_view line = head.substr(at + 2, end - at - 2);
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
      headers.emplace_back(line.substr(0, colon), line.substr(value));
    }
    at = end == head.size() ? std::string_view::npos : end;
  }
  return headers;
}

std::size_t announced_length(const base::http::Headers& headers) {
  std::size_t length = 0;
  const std::string_view text = base::http::find_header(headers, "content-length").value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

// An answer that was cut by the server's end is no answer.
HttpAnswer read_whole_answer(std::string_view bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  constexpr std::string_view version = "HTTP/1.1 ";
  if (head_end == std::string_view::npos || !bytes.starts_with(version)) return {};
  HttpAnswer answer;
  std::from_chars(bytes.data() + version.size(), bytes.data() + version.size() + 3, answer.status);
  answer.headers = read_header_lines(bytes.substr(0, head_end));
  answer.body = bytes.substr(head_end + 4);
  if (answer.body.size() != announced_length(answer.headers)) return {};
  return answer;
}

// Until the connection ends, or the answer is whole: not everybody closes when asked to.
HttpAnswer receive_answer(const Connection& connection) {
  std::string bytes;
  std::size_t whole = std::string::npos;  // how many there will be, once the head is here
  while (bytes.size() < whole) {
    const std::string piece = connection.receive();
    if (piece.empty()) break;
    bytes += piece;
    const std::size_t head_end = whole == std::string::npos ? bytes.find("\r\n\r\n") : std::string::npos;
    if (head_end != std::string::npos)
      whole = head_end + 4 + announced_length(read_header_lines(std::string_view(bytes).substr(0, head_end)));
  }
  return read_whole_answer(bytes);
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  return std::string(base::http::find_header(headers, name).value_or(""));
}

HttpAnswer http_call(std::string_view method, std::string_view url, std::string_view body,
                     const base::http::Headers& headers) {
  const Target target = read_target(url);
  std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n", method,
                                    target.path, target.authority, body.size());
  for (const auto& [name, value] : headers) request += fmt::format("{}: {}\r\n", name, value);
  request += "\r\n";
  request += body;
  const Connection connection(target.address);
  if (!connection.send_all(request)) return {};
  return receive_answer(connection);
}

}  // namespace support
