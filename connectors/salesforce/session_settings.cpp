#include "connectors/salesforce/session_settings.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/xml.hpp"
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
  const std::optional<base::XmlElement> envelope = base::parse_xml(response.body);
  if (const base::XmlElement* fault = envelope ? envelope->find("faultstring") : nullptr)
    return base::Error{salesforce_refused, fault->text};
  if (response.status != 200) return to_error(response.status, response.headers, response.body, /*is_write=*/false);
  base::JsonWriter json;
  json.begin_object();
  for (std::string_view name : {"lockSessionsToIp", "lockSessionsToDomain", "enforceIpRangesEveryRequest"}) {
    const base::XmlElement* setting = envelope ? envelope->find(name) : nullptr;
    if (setting && (setting->text == "true" || setting->text == "false")) json.field(name, setting->text == "true");
  }
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace connectors::salesforce
