// What is to be added to an org, in Salesforce's source format: objects, fields and record types that it lacks, and a
// permission set. A plain value, and the files that `sf project deploy start` takes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace connectors::salesforce {

// The version that the files are written for.
inline constexpr std::string_view package_api_version = "60.0";

struct NewField {
  std::string name;  // API name
  std::string label{};
  std::string type = "Text";          // in metadata's words: Text, LongTextArea, Number, Picklist, Lookup…
  int length = 0;                     // of texts
  int precision = 0;                  // of numbers: all digits
  int scale = 0;                      // … those behind the point
  bool is_key = false;                // unique, an external id, and told apart by capitals
  std::vector<std::string> values{};  // of a picklist; it takes others too
  std::string refers_to{};            // of a lookup
  std::string relationship{};         // … the name of its list at the parent
  std::string description{};
};

struct NewRecordType {
  std::string name;  // developer name
  std::string label{};
};

// An object that is new, or one that gets fields.
struct NewObject {
  std::string name;
  bool is_new = false;
  std::string label{};
  bool takes_name = false;  // its Name is a text that is written; else it is numbered
  std::vector<NewField> fields{};
  std::vector<NewRecordType> record_types{};
};

// Of one permission set. What stands in none of the lists is not granted.
struct ObjectGrant {
  std::string object;
  bool create = false;
  bool edit = false;
  bool remove = false;
};
struct FieldGrant {
  std::string field;  // Contact.Email
  bool edit = false;
};
struct PackagedPermissionSet {
  std::string name;  // API name
  std::string label{};
  std::string description{};
  std::vector<ObjectGrant> objects{};
  std::vector<FieldGrant> fields{};
  std::vector<std::string> record_types{};  // Account.Business
};

struct OrgPackage {
  std::vector<NewObject> objects{};
  PackagedPermissionSet permission_set{};
};

// Path below the package's folder -> the file's text. The same package gives the same bytes.
std::map<std::string, std::string> files_of(const OrgPackage& package);
// What makes of the folder `source_folder` beside it a project that `sf` deploys.
std::string project_file(std::string_view source_folder);

}  // namespace connectors::salesforce
