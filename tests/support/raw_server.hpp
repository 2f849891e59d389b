// A server that answers with exactly the bytes a test wants, or with none: for what a real server does only on a bad
// day.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "tests/support/test_certificate.hpp"

namespace support {

// Reads one request after another (heads, and bodies by Content-Length) on connections that stay open.
class RawServer {
 public:
  // Gives the bytes to answer request number `number` (from 1) with. Nothing: close the connection without a word. "":
  // stay silent. An answer with `Connection: close` is the last one on its connection.
  using Script = std::function<std::optional<std::string>(const std::string& request, int number)>;

  RawServer(boost::asio::io_context& loop, Script script, const TestCertificate* certificate = nullptr);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url(std::string_view path = "/") const;
  int requests() const;     // read completely, so carried out
  int connections() const;  // opened so far

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// HTTP/1.1 200 with this body and these further header lines, each ended by CRLF.
std::string plain_answer(std::string_view body, std::string_view header_lines = "");

}  // namespace support
