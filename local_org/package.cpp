#include "local_org/package.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/metadata_file.hpp"
#include "local_org/packaged_field.hpp"
#include "local_org/packaged_object.hpp"
#include "local_org/packaged_permission_set.hpp"

namespace local_org {
namespace {

namespace fs = std::filesystem;

using ObjectTree = nlohmann::ordered_json;

// Its values depend on a field that may come later.
struct Dependency {
  std::string object;
  std::string field;
  std::vector<base::XmlElement> settings;
  MetadataFile file;
};

struct Lookup {
  std::string child;
  std::string field;
  PackagedLookup to;
  std::string file;
};

class PackageReader {
 public:
  explicit PackageReader(const Schema& schema) : schema_(schema) {}

  PackageReading read(const std::string& folder) {
    std::vector<std::string> files = files_below(folder);
    if (files.empty()) fault(folder, "there is no file *-meta.xml below it", "name the folder of `sluice org package`");
    each(files, ".globalValueSet-meta.xml", [&](const std::string& path) { read_value_set(path); });
    each(files, ".object-meta.xml", [&](const std::string& path) { read_object(path); });
    each(files, ".field-meta.xml", [&](const std::string& path) { read_field(path); });
    each(files, ".recordType-meta.xml", [&](const std::string& path) { read_record_type(path); });
    for (Dependency& one : dependencies_) resolve(one);
    for (const Lookup& one : lookups_) tell_parent(one);
    const Schema whole = take_objects();
    each(files, ".permissionset-meta.xml", [&](const std::string& path) {
      if (std::optional<std::string> json = read_packaged_permission_set(path, whole, reading_.findings))
        reading_.package.permission_sets.push_back({path, *std::move(json)});
    });
    for (const std::string& path : files) note_left_out(path);
    return std::move(reading_);
  }

 private:
  std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code absent;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, absent))
      if (entry.is_regular_file() && entry.path().string().ends_with("-meta.xml"))
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
  }

  template <class Read>
  static void each(std::vector<std::string>& files, std::string_view ending, Read read) {
    for (const std::string& path : files)
      if (path.ends_with(ending)) read(path);
    std::erase_if(files, [&](const std::string& path) { return path.ends_with(ending); });
  }

  void read_value_set(const std::string& path) {
    std::optional<MetadataFile> file = read_metadata_file(path, "GlobalValueSet", reading_.findings);
    if (!file) return;
    std::vector<base::XmlElement>& values = value_sets_[stem_of(path)];
    for (const base::XmlElement* value : file->all("customValue")) values.push_back(*value);
    file->ignore({"masterLabel", "description", "sorted"});
    file->tell_the_rest();
  }

  void read_object(const std::string& path) {
    std::optional<MetadataFile> file = read_metadata_file(path, "CustomObject", reading_.findings);
    if (!file) return;
    const std::string name = stem_of(path);
    const bool is_custom = name.ends_with("__c");
    if (!is_custom && !schema_.find(name))
      return file->error(fmt::format("'{}' is neither an object of this org nor the name of a custom one", name));
    if (std::optional<ObjectTree> object = read_packaged_object(*file, name, schema_, objects_))
      objects_[name] = *std::move(object);
  }

  void read_field(const std::string& path) {
    std::optional<MetadataFile> file = read_metadata_file(path, "CustomField", reading_.findings);
    if (!file) return;
    ObjectTree* object = object_of(path, *file);
    if (!object) return;
    const std::string object_name = object->at("name");
    PackagedField field = read_packaged_field(*file, value_sets_);
    if (field.describes.empty()) return;
    const std::string name = field.describes.front().at("name");
    for (ObjectTree& describe : field.describes) put_named(object->at("fields"), std::move(describe), "name");
    for (PackagedLookup& lookup : field.lookups) lookups_.push_back({object_name, name, std::move(lookup), path});
    if (!object->at("fields").empty() && !field.value_settings.empty())
      dependencies_.push_back({object_name, name, std::move(field.value_settings), *std::move(file)});
  }

  void read_record_type(const std::string& path) {
    std::optional<MetadataFile> file = read_metadata_file(path, "RecordType", reading_.findings);
    if (!file) return;
    if (ObjectTree* object = object_of(path, *file)) add_packaged_record_type(*file, *object, schema_);
  }

  // …/objects/NAME/fields/FIELD.field-meta.xml
  ObjectTree* object_of(const std::string& path, MetadataFile& file) {
    const std::string name = fs::path(path).parent_path().parent_path().filename().string();
    if (const auto known = objects_.find(name); known != objects_.end()) return &known->second;
    const Object* object = schema_.find(name);
    if (!object) {
      file.error(fmt::format("there is no object '{}', neither in the org nor in the package", name),
                 "the folder above the file's own is the object's");
      return nullptr;
    }
    return &objects_.emplace(object->name, ObjectTree::parse(object->describe)).first->second;
  }

  void resolve(Dependency& one) {
    ObjectTree& fields = objects_.at(one.object).at("fields");
    ObjectTree* field = named(fields, one.field, "name");
    ObjectTree* controller = named(fields, field->at("controllerName").get<std::string>(), "name");
    if (!controller)
      return one.file.error(fmt::format("<controllingField> names '{}', which {} does not have",
                                        field->at("controllerName").get<std::string>(), one.object));
    set_valid_for(*field, *controller, one.settings, one.file);
  }

  void tell_parent(const Lookup& lookup) {
    if (!objects_.contains(lookup.to.parent)) {
      const Object* parent = schema_.find(lookup.to.parent);
      if (!parent)
        return fault(lookup.file, fmt::format("<referenceTo> names '{}', which is no object", lookup.to.parent), "");
      objects_.emplace(parent->name, ObjectTree::parse(parent->describe));
    }
    const auto parent = std::find_if(objects_.begin(), objects_.end(),
                                     [&](const auto& one) { return same_name(one.first, lookup.to.parent); });
    ObjectTree& children = parent->second.at("childRelationships");
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (children[i].at("childSObject") != lookup.child || children[i].at("field") != lookup.field) continue;
      children.erase(i--);
    }
    children.push_back(
        {{"cascadeDelete", lookup.to.cascades},
         {"childSObject", lookup.child},
         {"deprecatedAndHidden", false},
         {"field", lookup.field},
         {"junctionIdListNames", ObjectTree::array()},
         {"junctionReferenceTo", ObjectTree::array()},
         {"relationshipName", lookup.to.relationship.empty() ? ObjectTree() : ObjectTree(lookup.to.relationship)},
         {"restrictedDelete", lookup.to.restricts}});
  }

  static ObjectTree* named(ObjectTree& list, const std::string& name, const char* member) {
    for (ObjectTree& one : list)
      if (same_name(one.at(member).get<std::string>(), name)) return &one;
    return nullptr;
  }

  static void put_named(ObjectTree& list, ObjectTree one, const char* member) {
    if (ObjectTree* known = named(list, one.at(member).get<std::string>(), member))
      *known = std::move(one);
    else
      list.push_back(std::move(one));
  }

  Schema take_objects() {
    Schema whole = schema_;
    for (const auto& [name, object] : objects_) {
      const std::string text = object.dump();
      try {
        whole.add(text);
        reading_.package.describes.push_back(text);
      } catch (const std::invalid_argument& unfit) {
        fault(name, unfit.what(), "");
      }
    }
    return whole;
  }

  void note_left_out(const std::string& path) {
    reading_.findings.push_back({.code = std::string(package_unsupported),
                                 .pointer = "",
                                 .message = "metadata of this kind is not taken in, and makes no difference here",
                                 .severity = base::Severity::warning,
                                 .file = path});
  }

  void fault(const std::string& file, std::string message, std::string hint) {
    reading_.findings.push_back({.code = std::string(package_unreadable),
                                 .pointer = "",
                                 .message = std::move(message),
                                 .hint = std::move(hint),
                                 .file = file});
  }

  // Score of …/Score.field-meta.xml
  static std::string stem_of(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    return name.substr(0, name.find('.'));
  }

  const Schema& schema_;
  PackageReading reading_;
  GlobalValueSets value_sets_;
  std::map<std::string, ObjectTree> objects_;
  std::vector<Dependency> dependencies_;
  std::vector<Lookup> lookups_;
};

}  // namespace

PackageReading read_package(const std::string& folder, const Schema& schema) {
  return PackageReader(schema).read(folder);
}

}  // namespace local_org
