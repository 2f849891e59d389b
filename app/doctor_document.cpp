#include "app/doctor_document.hpp"

#include "base/json_writer.hpp"

namespace app {

base::JsonText doctor_document(const std::vector<connectors::salesforce::Check>& checks, const base::IpRanges& egress) {
  base::JsonWriter json;
  json.begin_object();
  json.key("checks");
  json.begin_array();
  for (const connectors::salesforce::Check& check : checks) {
    json.begin_object();
    json.field("check", check.check);
    json.field("verdict", connectors::salesforce::to_string(check.verdict));
    json.field("message", check.message);
    json.field("fix", check.fix);
    json.field("setup_path", check.setup_path);
    json.end_object();
  }
  json.end_array();
  json.key("egress");
  json.begin_array();
  for (const base::IpRange& range : egress) json.string(base::to_string(range));
  json.end_array();
  json.end_object();
  return {json.take()};
}

}  // namespace app
