// `sluice org serve`: the local org as a server of its own.
#include <csignal>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/cli/verbs.hpp"
#include "base/system_clock.hpp"
#include "local_org/server.hpp"

namespace app::cli {

int org_serve(const OrgServeArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::warning);
  base::SystemClock clock(loop);
  base::SystemRandom random;
  local_org::LocalOrgOptions options;
  options.path = arguments.file;
  options.environment =
      arguments.environment == "sandbox" ? local_org::Environment::sandbox : local_org::Environment::production;
  options.fixed.org_id = arguments.org_id;
  options.fixed.client_id = arguments.client_id;
  options.fixed.client_secret = arguments.client_secret;
  options.fixed.username = arguments.username;
  options.fixed.password = arguments.password;
  options.fixed.access_token = arguments.access_token;
  options.rotates_refresh_tokens = arguments.rotate_refresh_tokens;
  local_org::LocalOrg org(std::move(options), clock, random);
  local_org::Served served(org, loop, log, {arguments.address, arguments.port, arguments.certificate, arguments.key});

  const local_org::Credentials credentials = org.credentials();
  if (arguments.json) {
    std::cout << local_org::to_json(credentials).text << std::endl;
  } else {
    std::cout << "A local org listens on " << served.url() << "\n"
              << "  org id         " << credentials.org_id << "\n"
              << "  client id      " << credentials.client_id << "\n"
              << "  client secret  " << credentials.client_secret << "\n"
              << "  user           " << credentials.username << " / " << credentials.password << "\n"
              << "  access token   " << credentials.access_token << "\n"
              << "  token endpoint " << served.url() << "/services/oauth2/token\n"
              << "  call log       " << served.url() << "/_local/calls\n"
              << std::flush;
  }
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) {
    served.stop();
    loop.stop();
  });
  loop.run();
  return Exit::fine;
}

}  // namespace app::cli
