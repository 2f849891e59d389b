// A running server as the verbs see it: documents in, documents out, and every refusal as one clear sentence.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "app/cli/refusal.hpp"
#include "app/cli/server_arguments.hpp"
#include "base/json_text.hpp"

namespace app::cli {

struct ServerAddress {
  std::string url;  // without a slash at its end
  std::string token;
};

// The server that was named, or the one that owns the data directory; nullopt: there is none.
std::optional<ServerAddress> server_of(const ServerArguments& at);

// `/users/usr_1/tokens` of its segments, each encoded.
std::string path_of(std::initializer_list<std::string_view> segments);

struct ServerAnswer {
  int status = 0;
  base::JsonText document{};  // empty where the answer has no body
};

class ServerClient {
 public:
  explicit ServerClient(ServerAddress address);
  // Throws Refusal where no server is named and none owns the data directory.
  explicit ServerClient(const ServerArguments& at);
  ~ServerClient();

  // All of these give the answer's document and throw Refusal for whatever is no success.
  base::JsonText get(const std::string& path);
  base::JsonText post(const std::string& path);  // with no body
  base::JsonText post(const std::string& path, const nlohmann::ordered_json& body);
  base::JsonText put(const std::string& path, const nlohmann::ordered_json& body);
  base::JsonText patch(const std::string& path, const nlohmann::ordered_json& body);
  base::JsonText remove(const std::string& path);
  // A whole list, page by page: {"<plural>": […]}.
  base::JsonText all(const std::string& path, const std::string& plural);

  // For whom a refusal is an answer too; throws only when there is none.
  ServerAnswer send(std::string_view method, const std::string& path, std::string body = "");

  const std::string& url() const { return address_.url; }

 private:
  struct Wire;

  base::JsonText expect_success(ServerAnswer answer) const;

  ServerAddress address_;
  std::unique_ptr<Wire> wire_;
};

// What a problem document says, as its reader needs it.
Refusal refusal_of(const ServerAnswer& answer, const std::string& url);

}  // namespace app::cli
