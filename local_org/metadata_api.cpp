#include "local_org/metadata_api.hpp"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "local_org/api_error.hpp"

namespace local_org {
namespace {

using base::http::Response;

constexpr std::string_view envelope =
    R"(<?xml version="1.0" encoding="UTF-8"?>)"
    R"(<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/")"
    R"( xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns="http://soap.sforce.com/2006/04/metadata")"
    R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>)";

Response soap_answer(int status, std::string_view body) {
  return {status, {{"content-type", "text/xml;charset=UTF-8"}}, fmt::format(envelope, body)};
}

Response soap_fault(std::string_view code, std::string_view message) {
  return soap_answer(500, fmt::format("<soapenv:Fault><faultcode>{}</faultcode><faultstring>{}</faultstring>"
                                      "</soapenv:Fault>",
                                      code, base::xml_escaped(message)));
}

std::string text_of(const base::XmlElement& element, std::string_view name) {
  const base::XmlElement* found = element.find(name);
  return found ? found->text : std::string();
}

std::string setting(std::string_view name, bool value) { return fmt::format("<{0}>{1}</{0}>", name, value); }

}  // namespace

base::http::Response MetadataApi::answer(const base::http::ServerRequest& request, Call& call) {
  const std::optional<base::XmlElement> asked = base::parse_xml(request.body);
  const base::XmlElement* body = asked ? asked->find("Body") : nullptr;
  if (!body || body->children.empty()) return soap_fault("soapenv:Client", "the request is no SOAP envelope");
  try {
    const Session& session = door_.admit(text_of(*asked, "sessionId"), request, call);
    const Access& access = permissions_.access_of(session.user_id);
    if (!access.has("PermissionsModifyAllData") && !access.has("PermissionsModifyMetadata")) {
      throw ApiError{500, "INSUFFICIENT_ACCESS",
                     "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"};
    }
    const base::XmlElement& operation = body->children.front();
    if (operation.name != "readMetadata") {
      return soap_fault("soapenv:Client", fmt::format("No operation available for request "
                                                      "{{http://soap.sforce.com/2006/04/metadata}}{}",
                                                      operation.name));
    }
    return soap_answer(200, read_metadata(operation));
  } catch (const ApiError& error) {
    return soap_fault("sf:" + error.code, fmt::format("{}: {}", error.code, error.message));
  }
}

// A name that there is not is answered with an empty record.
std::string MetadataApi::read_metadata(const base::XmlElement& wanted) const {
  if (text_of(wanted, "type") != "SecuritySettings") {
    throw ApiError{500, "INVALID_TYPE", "This type of metadata is not available for this organization"};
  }
  std::string records;
  for (const base::XmlElement& name : wanted.children) {
    if (name.name != "fullNames") continue;
    if (name.text != "Security") {
      records += R"(<records xsi:nil="true"/>)";
      continue;
    }
    records += fmt::format(
        R"(<records xsi:type="SecuritySettings"><fullName>Security</fullName><sessionSettings>{}{}{}</sessionSettings>)"
        R"(</records>)",
        setting("enforceIpRangesEveryRequest", policies_.enforceIpRangesEveryRequest),
        setting("lockSessionsToDomain", policies_.lockSessionsToDomain),
        setting("lockSessionsToIp", policies_.lockSessionsToIp));
  }
  return fmt::format("<readMetadataResponse><result>{}</result></readMetadataResponse>", records);
}

}  // namespace local_org
