#include "connectors/salesforce/session_settings.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::string_view settings_envelope =
    R"(<?xml version="1.0" encoding="utf-8"?>)"
    R"(<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/")"
    R"( xmlns:met="http://soap.sforce.com/2006/04/metadata"><soapenv:Header><met:SessionHeader>)"
    R"(<met:sessionId>{}</met:sessionId></met:SessionHeader></soapenv:Header><soapenv:Body><met:readMetadata>)"
    R"(<met:type>SecuritySettings</met:type><met:fullNames>Security</met:fullNames></met:readMetadata>)"
    R"(</soapenv:Body></soapenv:Envelope>)";

// The text of the first element of that name. The answer is a machine's, of a handful of plain elements: no attributes
// on those that are looked for, no CDATA, and a name occurs once.
std::optional<std::string_view> text_of_element(std::string_view xml, std::string_view name) {
  const std::string opens = fmt::format("<{}>", name);
  const std::size_t start = xml.find(opens);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view rest = xml.substr(start + opens.size());
  const std::size_t end = rest.find("</");
  return end == std::string_view::npos ? std::nullopt : std::optional(rest.substr(0, end));
}

}  // namespace

base::http::Request session_settings_request(const Session& session, std::string_view api_version) {
  base::http::Request request;
  request.method = "POST";
  request.url = fmt::format("{}/services/Soap/m/{}", session.instance_url, api_version);
  request.headers = {{"Content-Type", "text/xml; charset=UTF-8"}, {"SOAPAction", "\"\""}};
  // A session id holds no character that XML minds.
  request.body = fmt::format(settings_envelope, session.access_token.reveal());
  return request;
}

base::Result<base::JsonText> read_session_settings(const base::http::Response& response) {
  if (std::optional<std::string_view> fault = text_of_element(response.body, "faultstring"))
    return base::Error{salesforce_refused, std::string(*fault)};
  if (response.status != 200) return to_error(response.status, response.headers, response.body, /*is_write=*/false);
  base::JsonWriter json;
  json.begin_object();
  for (std::string_view name : {"lockSessionsToIp", "lockSessionsToDomain", "enforceIpRangesEveryRequest"}) {
    const std::optional<std::string_view> text = text_of_element(response.body, name);
    if (text == "true" || text == "false") json.field(name, text == "true");
  }
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace connectors::salesforce
