// Servers that are parts of this process: asked without a socket, so also where no network is.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/http/client.hpp"
#include "base/http/outgoing.hpp"
#include "base/http/server.hpp"

namespace base::http {

class InProcessServers {
 public:
  // `origin` as "scheme://host:port". What `handler` needs must be there until remove().
  void add(const std::string& origin, Handler handler) { handlers_[origin] = std::move(handler); }
  void remove(const std::string& origin) { handlers_.erase(origin); }
  // Null where there is none.
  const Handler* find(const Origin& origin) const;

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
};

// A client that asks these servers for their origins, and `network` for all others. `servers` outlives it.
std::unique_ptr<Client> make_in_process_client(const InProcessServers& servers, std::unique_ptr<Client> network);

}  // namespace base::http
