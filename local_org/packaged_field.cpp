#include "local_org/packaged_field.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"

namespace local_org {
namespace {

using FieldTree = nlohmann::ordered_json;

struct TypeRow {
  std::string_view metadata;
  std::string_view describe;
  std::string_view soap;
  int length = 0;         // fixed by Salesforce; 0: said by the file, or none
  bool is_sized = false;  // the file says <length>
  bool is_number = false;
};

// Lengths and SOAP types as recorded describes have them.
constexpr TypeRow type_rows[] = {
    {"Text", "string", "xsd:string", 0, true},
    {"TextArea", "textarea", "xsd:string", 255},
    {"LongTextArea", "textarea", "xsd:string", 0, true},
    {"Html", "textarea", "xsd:string", 0, true},
    {"EncryptedText", "encryptedstring", "xsd:string", 0, true},
    {"Email", "email", "xsd:string", 80},
    {"Phone", "phone", "xsd:string", 40},
    {"Url", "url", "xsd:string", 255},
    {"AutoNumber", "string", "xsd:string", 30},
    {"Picklist", "picklist", "xsd:string", 255},
    {"MultiselectPicklist", "multipicklist", "xsd:string", 4099},
    {"Checkbox", "boolean", "xsd:boolean"},
    {"Date", "date", "xsd:date"},
    {"DateTime", "datetime", "xsd:dateTime"},
    {"Time", "time", "xsd:time"},
    {"Number", "double", "xsd:double", 0, false, true},
    {"Currency", "currency", "xsd:double", 0, false, true},
    {"Percent", "percent", "xsd:double", 0, false, true},
    {"Lookup", "reference", "tns:ID", 18},
    {"MasterDetail", "reference", "tns:ID", 18},
    {"Location", "location", "urn:location"},
};

constexpr int number_digits_max = 18;
constexpr int utf8_bytes_max = 3;  // as describe counts them

bool is_api_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class FieldReader {
 public:
  FieldReader(MetadataFile& file, const GlobalValueSets& value_sets) : file_(file), value_sets_(value_sets) {}

  PackagedField read() {
    name_ = file_.text("fullName");
    const std::string type = file_.text("type");
    file_.ignore({"description", "trackFeedHistory", "trackHistory", "trackTrending", "businessOwnerUser",
                  "businessOwnerGroup", "businessStatus", "securityClassification", "complianceGroup", "visibleLines",
                  "relationshipLabel", "mask", "maskChar", "maskType", "isFilteringDisabled", "isNameField"});
    const TypeRow* row = std::find_if(std::begin(type_rows), std::end(type_rows),
                                      [&](const TypeRow& known) { return known.metadata == type; });
    if (!check_name()) return {};
    if (row == std::end(type_rows)) {
      std::vector<std::string> names;
      for (const TypeRow& known : type_rows) names.emplace_back(known.metadata);
      file_.error(fmt::format("fields of the type '{}' are not supported", type),
                  fmt::format("supported are {}", fmt::join(names, ", ")));
      return {};
    }
    field_ = plain_field_describe();
    read_common(*row);
    read_special(*row);
    read_formula();
    file_.tell_the_rest();
    made_.describes.insert(made_.describes.begin(), std::move(field_));
    return std::move(made_);
  }

 private:
  bool check_name() {
    const bool is_one = name_.ends_with("__c") && std::all_of(name_.begin(), name_.end(), is_api_letter);
    if (!is_one)
      file_.error(fmt::format("<fullName> is '{}', and a field of one's own ends in __c", name_),
                  "standard fields are as they are here");
    return is_one;
  }

  void read_common(const TypeRow& row) {
    const std::string label = file_.text("label");
    const int length = row.is_sized ? file_.number("length", row.metadata == "Text" ? 255 : 0) : row.length;
    if (row.is_sized && length == 0) file_.error("<length> is missing");
    field_["name"] = name_;
    field_["label"] = label.empty() ? name_ : label;
    field_["type"] = row.describe;
    field_["soapType"] = row.soap;
    field_["length"] = length;
    field_["byteLength"] = row.describe == "reference" ? length : length * utf8_bytes_max;
    const std::string help = file_.text("inlineHelpText");
    if (!help.empty()) field_["inlineHelpText"] = help;
    const bool is_external_id = file_.flag("externalId");
    field_["externalId"] = is_external_id;
    field_["idLookup"] = is_external_id;
    field_["unique"] = file_.flag("unique");
    field_["caseSensitive"] = file_.flag("caseSensitive");
    if (file_.flag("required")) require();
    if (row.is_number) read_digits();
  }

  // Every record has to have it, so nobody can be kept from it either.
  void require() {
    field_["nillable"] = false;
    field_["permissionable"] = false;
  }

  void read_digits() {
    const int precision = file_.number("precision", number_digits_max);
    const int scale = file_.number("scale");
    if (precision > number_digits_max || scale > precision)
      file_.error(fmt::format("<precision> {} and <scale> {}: at most {} digits, of which some are behind the point",
                              precision, scale, number_digits_max));
    field_["precision"] = precision;
    field_["scale"] = scale;
  }

  void read_special(const TypeRow& row) {
    if (row.metadata == "LongTextArea" || row.metadata == "Html") {
      field_["filterable"] = field_["sortable"] = field_["groupable"] = field_["aggregatable"] = false;
      field_["extraTypeInfo"] = row.metadata == "Html" ? "richtextarea" : "plaintextarea";
      field_["htmlFormatted"] = row.metadata == "Html";
    } else if (row.metadata == "EncryptedText") {
      field_["filterable"] = field_["sortable"] = field_["groupable"] = false;
      field_["encrypted"] = true;
    } else if (row.metadata == "Checkbox") {
      field_["defaultValue"] = file_.flag("defaultValue");
      field_["nillable"] = false;
      field_["defaultedOnCreate"] = true;
    } else if (row.metadata == "AutoNumber") {
      file_.ignore({"displayFormat", "startingNumber"});
      field_["autoNumber"] = field_["defaultedOnCreate"] = true;
      field_["nillable"] = field_["createable"] = field_["updateable"] = false;
    } else if (row.describe == "picklist" || row.describe == "multipicklist") {
      read_values();
    } else if (row.describe == "reference") {
      read_lookup(row.metadata == "MasterDetail");
    } else if (row.metadata == "Location") {
      read_parts();
    }
    if (row.describe == "multipicklist") field_["sortable"] = field_["groupable"] = false;
    if (row.metadata != "Checkbox" && !file_.text("defaultValue").empty())
      file_.warning("<defaultValue> is a formula, and formulas are not evaluated: new records have no value here");
  }

  void read_values() {
    const std::vector<const base::XmlElement*> sets = file_.all("valueSet");
    if (sets.size() != 1) return file_.error("a picklist has one <valueSet>");
    const base::XmlElement& set = *sets.front();
    const std::string shared = child_text(set, "valueSetName");
    field_["restrictedPicklist"] = child_text(set, "restricted") == "true" || !shared.empty();
    const std::string controller = child_text(set, "controllingField");
    if (!controller.empty()) {
      field_["dependentPicklist"] = true;
      field_["controllerName"] = controller;
    }
    for (const base::XmlElement& child : set.children) {
      if (child.name == "valueSettings") made_.value_settings.push_back(child);
      if (child.name == "valueSetDefinition")
        for (const base::XmlElement& value : child.children) add_value(value);
    }
    if (shared.empty()) return;
    const auto known = value_sets_.find(shared);
    if (known == value_sets_.end()) return file_.error(fmt::format("the package has no global value set '{}'", shared));
    for (const base::XmlElement& value : known->second) add_value(value);
  }

  void add_value(const base::XmlElement& value) {
    if (value.name != "value" && value.name != "customValue") return;
    const std::string name = child_text(value, "fullName");
    const std::string label = child_text(value, "label");
    if (child_text(value, "default") == "true") field_["defaultedOnCreate"] = true;
    field_["picklistValues"].push_back({{"active", child_text(value, "isActive") != "false"},
                                        {"defaultValue", child_text(value, "default") == "true"},
                                        {"label", label.empty() ? name : label},
                                        {"validFor", nullptr},
                                        {"value", name}});
  }

  void read_lookup(bool is_master) {
    const std::string parent = file_.text("referenceTo");
    const std::string relationship = file_.text("relationshipName");
    const std::string on_delete = file_.text("deleteConstraint");
    const bool can_move = file_.flag("reparentableMasterDetail");
    const bool reads = file_.flag("writeRequiresMasterRead");
    file_.ignore({"relationshipOrder"});
    if (parent.empty()) file_.error("<referenceTo> is missing: to which object it leads");
    field_["referenceTo"] = {parent};
    field_["relationshipName"] = name_.substr(0, name_.size() - 3) + "__r";
    if (is_master) {
      require();
      field_["cascadeDelete"] = true;
      field_["updateable"] = can_move;
      field_["writeRequiresMasterRead"] = reads;
    }
    made_.lookups.push_back({parent, relationship.empty() ? "" : relationship + "__r",
                             is_master || on_delete == "Cascade", on_delete == "Restrict"});
  }

  // A geolocation is written by its parts, and read as one.
  void read_parts() {
    const int scale = file_.number("scale");
    field_["displayLocationInDecimal"] = file_.flag("displayLocationInDecimal");
    field_["createable"] = field_["updateable"] = false;
    field_["filterable"] = field_["groupable"] = field_["aggregatable"] = false;
    const std::string stem = name_.substr(0, name_.size() - 3);
    for (const char* part : {"Latitude", "Longitude"}) {
      FieldTree tree = plain_field_describe();
      tree["name"] = fmt::format("{}__{}__s", stem, part);
      tree["label"] = fmt::format("{} ({})", field_["label"].get<std::string>(), part);
      tree["type"] = "double";
      tree["soapType"] = "xsd:double";
      tree["precision"] = number_digits_max;
      tree["scale"] = scale;
      tree["nillable"] = field_["nillable"];
      tree["permissionable"] = field_["permissionable"];
      tree["compoundFieldName"] = name_;
      made_.describes.push_back(std::move(tree));
    }
  }

  void read_formula() {
    const std::string formula = file_.text("formula");
    file_.ignore({"formulaTreatBlanksAs"});
    if (formula.empty()) return;
    file_.warning("<formula> is not evaluated: the field is there, read only, and always blank");
    field_["calculated"] = true;
    field_["calculatedFormula"] = formula;
    field_["createable"] = field_["updateable"] = field_["defaultedOnCreate"] = false;
    field_["nillable"] = true;
  }

  MetadataFile& file_;
  const GlobalValueSets& value_sets_;
  std::string name_;
  FieldTree field_;
  PackagedField made_;
};

// The controller's values, numbered as `validFor` counts them.
std::vector<std::string> values_of(const FieldTree& controller) {
  if (controller.at("type") == "boolean") return {"false", "true"};
  std::vector<std::string> values;
  for (const FieldTree& value : controller.at("picklistValues")) values.push_back(value.at("value"));
  return values;
}

}  // namespace

PackagedField read_packaged_field(MetadataFile& file, const GlobalValueSets& value_sets) {
  return FieldReader(file, value_sets).read();
}

void set_valid_for(FieldTree& field, const FieldTree& controller, const std::vector<base::XmlElement>& settings,
                   MetadataFile& file) {
  const std::vector<std::string> controlling = values_of(controller);
  std::map<std::string, std::string> bits;
  for (const FieldTree& value : field.at("picklistValues"))
    bits[value.at("value").get<std::string>()] = std::string((controlling.size() + 7) / 8, '\0');
  for (const base::XmlElement& setting : settings) {
    const std::string value = child_text(setting, "valueName");
    const auto row = bits.find(value);
    if (row == bits.end()) file.error(fmt::format("<valueSettings> names the value '{}', which is none", value));
    for (const base::XmlElement& child : setting.children) {
      if (child.name != "controllingFieldValue") continue;
      const std::string by = child_text(base::XmlElement{.name = "", .children = {child}}, child.name);
      const auto place = std::find(controlling.begin(), controlling.end(), by);
      if (place == controlling.end()) {
        file.error(fmt::format("<valueSettings> names '{}', which is no value of {}", by,
                               controller.at("name").get<std::string>()));
      } else if (row != bits.end()) {
        const auto number = static_cast<std::size_t>(place - controlling.begin());
        char& byte = row->second[number / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | (0x80u >> (number % 8)));
      }
    }
  }
  for (FieldTree& value : field["picklistValues"])
    value["validFor"] = base::to_base64(bits.at(value.at("value").get<std::string>()));
}

FieldTree plain_field_describe() {
  static const FieldTree plain = FieldTree::parse(R"({"aggregatable":true,"aiPredictionField":false,
    "autoNumber":false,"byteLength":0,"calculated":false,"calculatedFormula":null,"cascadeDelete":false,
    "caseSensitive":false,"compoundFieldName":null,"controllerName":null,"createable":true,"custom":true,
    "defaultValue":null,"defaultValueFormula":null,"defaultedOnCreate":false,"dependentPicklist":false,
    "deprecatedAndHidden":false,"digits":0,"displayLocationInDecimal":false,"encrypted":false,"externalId":false,
    "extraTypeInfo":null,"filterable":true,"filteredLookupInfo":null,"formulaTreatNullNumberAsZero":false,
    "groupable":true,"highScaleNumber":false,"htmlFormatted":false,"idLookup":false,"inlineHelpText":null,"label":"",
    "length":0,"mask":null,"maskType":null,"name":"","nameField":false,"namePointing":false,"nillable":true,
    "permissionable":true,"picklistValues":[],"polymorphicForeignKey":false,"precision":0,"queryByDistance":false,
    "referenceTargetField":null,"referenceTo":[],"relationshipName":null,"relationshipOrder":null,
    "restrictedDelete":false,"restrictedPicklist":false,"scale":0,"searchPrefilterable":false,"soapType":"",
    "sortable":true,"type":"","unique":false,"updateable":true,"writeRequiresMasterRead":false})");
  return plain;
}

}  // namespace local_org
