// `sluice serve`: the server.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include "app/api/routes.hpp"
#include "app/cli/account_option.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/range_option.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "base/core_dumps.hpp"
#include "base/json_writer.hpp"
#include "connectors/mail/mail.hpp"
#include "connectors/mail/smtp_client.hpp"
#include "connectors/survey/platform_file.hpp"

namespace app::cli {
namespace {

struct ServeArguments {
  std::string workflows{};  // empty: workflows are pushed, and only those
  std::vector<AccountFile> accounts{};
  std::string data = ".sluice";
  std::string key_file{};
  std::uint16_t port = 8080;
  std::string address = "127.0.0.1";
  std::string survey_platform{};
  connectors::HostPolicy hosts{};
  std::vector<std::string> connect_to{};
  std::string public_url{};
  std::vector<std::string> return_to_origins{};
  base::IpRanges egress{};
  base::IpRanges proxies{};
  bool only_survey_platform_ranges = false;
  std::string notice_webhook{};
  std::string notice_mail{};
  std::string notice_mail_from{};
  std::string smtp = connectors::mail::SmtpOptions{}.url;
  std::string api_version = "60.0";
  int runs_in_flight = 512;
  int check_orgs_every = 3600;
  bool json = false;
  bool verbose = false;
};

class ServeProgram {
 public:
  ServeProgram(const ServeArguments& arguments, boost::asio::io_context& loop, base::Log& log, Services& services)
      : arguments_(arguments),
        loop_(loop),
        log_(log),
        services_(services),
        workspace_(services),
        context_{services, workspace_} {}

  int result() const { return result_; }

  base::awaitable<void> start() {
    // Before anything is read back: a stored version may need a survey's wordings.
    print_findings(read_surveys(), false);
    co_await services_.load();
    co_await workspace_.open();
    base::Findings findings = co_await workspace_.take_accounts(arguments_.accounts);
    if (base::has_errors(findings)) co_return give_up(findings);
    const bool is_first_start = services_.workflows.all(workspace_.brand()).empty();
    base::Findings of_workflows = co_await read_workflows();
    if (base::has_errors(of_workflows) && is_first_start) co_return give_up(of_workflows);
    base::Findings of_orgs = co_await workspace_.identify_accounts();
    if (base::has_errors(of_orgs)) co_return give_up(of_orgs);
    print_findings(of_orgs, false);
    print_findings(of_workflows, false);
    print_findings(findings, false);

    api::add_routes(router_, context_);
    base::http::ServerOptions options{
        .address = arguments_.address, .port = arguments_.port, .headers = api::security_headers()};
    server_ = base::http::listen(loop_, router_, log_, options);
    const std::string url = "http://" + arguments_.address + ":" + std::to_string(server_->port());
    const std::string token = co_await workspace_.token();
    const std::string operator_token = co_await workspace_.operator_token();
    if (services_.options.public_url.empty()) services_.options.public_url = url;
    services_.linking.set_public_url(services_.options.public_url);
    write_address_file(url);
    boost::asio::co_spawn(loop_, services_.worker.run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, services_.key_rotator.run(), boost::asio::detached);
    const base::Duration every = std::chrono::seconds(arguments_.check_orgs_every);
    boost::asio::co_spawn(loop_, services_.schema_watch.run(every), boost::asio::detached);
    if (services_.notice_courier.has_channels())
      boost::asio::co_spawn(loop_, services_.notice_courier.run(), boost::asio::detached);
    announce(url, token, operator_token);
    co_await obey_signals();
  }

 private:
  void give_up(const base::Findings& findings) {
    print_findings(findings, arguments_.json);
    result_ = Exit::bad_input;
    loop_.stop();
  }

  base::Findings read_surveys() {
    return arguments_.workflows.empty() ? base::Findings() : services_.surveys.put_folder(arguments_.workflows);
  }

  base::awaitable<base::Findings> read_workflows() {
    if (arguments_.workflows.empty()) co_return base::Findings();
    co_return co_await workspace_.take_workflows(arguments_.workflows);
  }

  // Beside the token, so that verbs on this machine find their server by its data directory.
  void write_address_file(const std::string& url) const;

  void announce(const std::string& url, const std::string& token, const std::string& operator_token) const {
    if (arguments_.json) {
      base::JsonWriter json;
      json.begin_object();
      json.field("url", url);
      json.field("console", services_.options.public_url + "/console/");
      json.field("token", token);
      json.field("operator_token", operator_token);
      json.key("hooks");
      json.begin_object();
      for (const auto& [file, path] : workspace_.hooks()) json.field(file, path);
      json.end_object();
      json.end_object();
      std::cout << json.text() << std::endl;
      return;
    }
    std::cout << "Sluice listens on " << url << "\n";
    for (const auto& [file, path] : workspace_.hooks())
      std::cout << "  POST " << url << path << "   starts " << file << "\n";
    std::cout << "  in a browser: " << services_.options.public_url << "/console/\n";
    std::cout << "  API token: in " << services_.directory.file("token") << "\n"
              << "  operator's token: in " << services_.directory.file("operator_token") << "\n"
              << std::flush;
  }

  // SIGHUP reads the folder and the keys again; SIGTERM and SIGINT end the program. What is under way is taken up at
  // the next start.
  base::awaitable<void> obey_signals() {
    boost::asio::signal_set signals(loop_, SIGHUP, SIGTERM, SIGINT);
    for (;;) {
      const int signal = co_await signals.async_wait(boost::asio::use_awaitable);
      if (signal != SIGHUP) break;
      co_await read_keys_again();
      base::Findings findings = read_surveys();
      base::Findings of_workflows = co_await read_workflows();
      std::move(of_workflows.begin(), of_workflows.end(), std::back_inserter(findings));
      print_findings(findings, false);
      log_.info("workflows read again", {{"findings", static_cast<std::int64_t>(findings.size())}});
    }
    services_.worker.stop();
    server_->stop();
    loop_.stop();
  }

  base::awaitable<void> read_keys_again() {
    const std::string before = services_.vault.keys().active().id;
    const base::Status read = co_await services_.key_rotator.read_again("operator");
    if (!read)
      log_.error("the keys stay as they were", {{"code", read.error().code.name}, {"why", read.error().message}});
    const std::string& active = services_.vault.keys().active().id;
    if (active != before)
      log_.info("another key is active; `sluice keys rotate` seals with it what is there", {{"key", active}});
  }

  const ServeArguments& arguments_;
  boost::asio::io_context& loop_;
  base::Log& log_;
  Services& services_;
  Workspace workspace_;
  api::Context context_;
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
  int result_ = Exit::fine;
};

void ServeProgram::write_address_file(const std::string& url) const {
  write_text_file(services_.directory.file("address"), url + "\n");
}

// Secrets are never flags: those are seen by everybody on the machine.
std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

base::Status name_notice_mail(const ServeArguments& arguments, ServiceOptions& options) {
  NoticeMailOptions mail{.to = arguments.notice_mail, .from = arguments.notice_mail_from};
  if (mail.from.empty()) mail.from = mail.to;
  for (const std::string& address : {mail.to, mail.from}) {
    if (!connectors::mail::is_address(address))
      return base::Error{notice_mail_invalid,
                         fmt::format("'{}' is no mail address: write it as ops@example.com", address)};
  }
  if (!arguments.smtp.starts_with("smtp://") && !arguments.smtp.starts_with("smtps://"))
    return base::Error{notice_mail_invalid,
                       fmt::format("'{}' is no mail server: write it as smtp://mail.example.com:587", arguments.smtp)};
  mail.server.url = arguments.smtp;
  mail.server.username = from_environment("SLUICE_SMTP_USER");
  mail.server.password = base::Secret(from_environment("SLUICE_SMTP_PASSWORD"));
  options.notice_mail = std::move(mail);
  return base::Ok{};
}

bool speaks_of_mail(const ServeArguments& arguments) {
  return !arguments.notice_mail_from.empty() || arguments.smtp != connectors::mail::SmtpOptions{}.url;
}

base::Status name_notice_channels(const ServeArguments& arguments, ServiceOptions& options) {
  if (!arguments.notice_webhook.empty())
    options.notice_webhook =
        NoticeWebhookOptions{arguments.notice_webhook, base::Secret(from_environment("SLUICE_NOTICE_WEBHOOK_KEY"))};
  if (!arguments.notice_mail.empty()) return name_notice_mail(arguments, options);
  if (!speaks_of_mail(arguments)) return base::Ok{};
  return base::Error{notice_mail_invalid,
                     "a sender or a mail server is named and nobody to send to: add --notice-mail ops@example.com"};
}

int serve_until_stopped(const ServeArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(arguments.verbose ? base::LogLevel::debug : base::LogLevel::info);
  // A dump of this process would hold the tokens and keys that are in use.
  base::forbid_core_dumps();
  ServiceOptions options{.data_directory = arguments.data, .program = "sluice serve", .key_file = arguments.key_file};
  options.api_version = arguments.api_version;
  options.runs_in_flight_max = arguments.runs_in_flight;
  options.hosts = arguments.hosts;
  options.connect_to = arguments.connect_to;
  options.public_url = arguments.public_url;
  while (options.public_url.ends_with('/')) options.public_url.pop_back();
  options.return_to_origins = arguments.return_to_origins;
  options.egress = arguments.egress;
  options.proxies = arguments.proxies;
  options.only_survey_platform_ranges = arguments.only_survey_platform_ranges;
  if (!arguments.survey_platform.empty()) {
    connectors::survey::PlatformFile check = connectors::survey::read_platform_file(arguments.survey_platform);
    // With --json, stdout holds one document: the address, or the findings that stand in its place.
    print_findings(check.findings, arguments.json && !check.platform);
    if (!check.platform) return Exit::bad_input;
    options.survey_platform = std::move(check.platform);
  }
  if (const base::Status fit = name_notice_channels(arguments, options); !fit) {
    print_error(fit.error(), arguments.json);
    return Exit::bad_configuration;
  }
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) {
    print_error(services.error(), arguments.json);
    return Exit::bad_configuration;
  }
  if ((*services)->key_source.is_new) {
    log.warning("made a key beside the data that it seals: a backup of this directory holds both",
                {{"key", (*services)->key_source.path},
                 {"better", "a key elsewhere: --key-file, SLUICE_KEY_FILE or the systemd credential sluice.key"}});
  }
  if ((*services)->key_source.group_may_read)
    log.warning("the group of the key file may read it", {{"file", (*services)->key_source.path}});
  ServeProgram program(arguments, loop, log, **services);
  std::exception_ptr fault;
  boost::asio::co_spawn(loop, program.start(), [&](std::exception_ptr error) {
    fault = error;
    loop.stop();
  });
  loop.run();
  if (fault) std::rethrow_exception(fault);
  return program.result();
}

}  // namespace

namespace {

// http or https, a host, perhaps a port, and nothing behind it.
std::string fault_of_origin(const std::string& text) {
  const std::string origin = connectors::origin_of_url(text);
  return origin.empty() || origin != text ? "'" + text + "' is no origin, e.g. https://console.example.com" : "";
}

}  // namespace

void add_serve(VerbGroup& program) {
  auto verb = program.verb("serve", "the server: takes responses and runs workflows", serve_until_stopped);
  verb.option("--workflows", verb->workflows, "folder of workflow files, read at start and on SIGHUP");
  take_accounts(verb, verb->accounts);
  verb.option("--data", verb->data, "data directory").from_environment("SLUICE_DATA");
  verb.option("--key-file", verb->key_file,
              "file of the keys that stored secrets are sealed with, read again on SIGHUP; default: SLUICE_KEY, "
              "SLUICE_KEY_FILE, the systemd credential sluice.key, or a key of its own in the data directory");
  verb.option("--port", verb->port, "0: any free one").from_environment("SLUICE_PORT");
  verb.option("--address", verb->address, "address to listen on").from_environment("SLUICE_ADDRESS");
  verb.option("--public-url", verb->public_url,
              "address that browsers reach this server at, e.g. https://sluice.example.com; default: where it listens")
      .from_environment("SLUICE_PUBLIC_URL");
  connectors::HostPolicy& hosts = verb->hosts;
  const auto allow_host = [&hosts](const std::string& text) -> std::string {
    const base::Status allowed = hosts.allow(text);
    return allowed ? "" : allowed.error().message;
  };
  verb.repeatable("--allow-host", allow_host,
                  "HOST[:PORT] that login data may go to besides Salesforce's own, e.g. a test system (repeatable)");
  std::vector<std::string>& connections = verb->connect_to;
  const auto keep_connection = [&connections](const std::string& text) -> std::string {
    connections.push_back(text);
    return std::ranges::count(text, ':') < 3 ? "'" + text + "' is no HOST:PORT:ADDRESS:PORT" : "";
  };
  verb.repeatable("--connect-to", keep_connection,
                  "HOST:PORT:ADDRESS:PORT: connect for HOST:PORT to that address, as if its name led there; "
                  "for names that are not in the name service, and for tests (repeatable)");
  std::vector<std::string>& origins = verb->return_to_origins;
  const auto allow_origin = [&origins](const std::string& text) -> std::string {
    origins.push_back(text);
    return fault_of_origin(text);
  };
  verb.repeatable(
      "--return-to-origin", allow_origin,
      "origin that a login may lead back to besides this server, e.g. https://console.example.com (repeatable)");
  verb.option("--survey-platform", verb->survey_platform,
              "file with base URL, API token and shared key of the survey platform")
      .from_environment("SLUICE_SURVEY_PLATFORM");
  verb.repeatable("--egress", take_ranges(verb->egress),
                  "CIDR from which this server reaches Salesforce; the doctor compares login IP ranges with it "
                  "(repeatable)");
  verb.flag("--survey-platform-ranges", verb->only_survey_platform_ranges,
            "take the survey platform's events from its own four address ranges only");
  verb.repeatable("--behind-proxy", take_ranges(verb->proxies),
                  "CIDR of reverse proxies whose X-Forwarded-For is believed (repeatable)");
  verb.option("--notice-webhook", verb->notice_webhook,
              "address that every notice is posted to; signed when SLUICE_NOTICE_WEBHOOK_KEY is set")
      .from_environment("SLUICE_NOTICE_WEBHOOK");
  verb.option("--notice-mail", verb->notice_mail, "mail address that every notice is sent to")
      .from_environment("SLUICE_NOTICE_MAIL");
  verb.option("--notice-mail-from", verb->notice_mail_from, "address that they come from; without it the same")
      .from_environment("SLUICE_NOTICE_MAIL_FROM");
  verb.option("--smtp", verb->smtp,
              "smtp://HOST:PORT or smtps://HOST:PORT that takes them, over TLS unless it is on this machine; logged in "
              "to when SLUICE_SMTP_USER and SLUICE_SMTP_PASSWORD are set")
      .from_environment("SLUICE_SMTP");
  verb.option("--api-version", verb->api_version, "Salesforce API version");
  verb.option("--runs-in-flight", verb->runs_in_flight, "runs worked on at once; more are queued").between(1, 100000);
  verb.option("--check-orgs-every", verb->check_orgs_every,
              "seconds between two looks at the schema of the orgs in use: what has changed for a mapping is told to "
              "its owner, and what waits for it goes on when it is back")
      .between(1, 86400 * 7);
  verb.flag("--verbose", verb->verbose, "log more");
  take_json(verb, verb->json);
}

}  // namespace app::cli
