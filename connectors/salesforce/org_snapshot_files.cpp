// The files of a snapshot.
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/org_snapshot.hpp"

namespace connectors::salesforce {

namespace fs = std::filesystem;

namespace {

// Objects of a real org describe themselves in megabytes.
constexpr base::JsonLimits description_limits{.depth = 64, .bytes = 32u << 20, .string_bytes = 1u << 20};

void write_snapshot_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(fmt::format("cannot write {}", path.string()));
}

std::string member_text(const nlohmann::json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void note(base::Findings& findings, const fs::path& file, std::string message, std::string hint,
          base::Severity severity) {
  findings.push_back({.code = std::string(org_snapshot_unreadable.name),
                      .pointer = "",
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .severity = severity,
                      .file = file.string()});
}

// The object's name and what is kept of it; faults are noted.
void read_object_file(const fs::path& path, OrgSnapshotReading& reading) {
  const base::JsonDocument document = base::JsonDocument::read_file(path.string(), description_limits);
  if (!document.readable()) {
    reading.findings.insert(reading.findings.end(), document.findings().begin(), document.findings().end());
    return;
  }
  base::Result<std::string> kept = kept_description(document.root().dump());
  if (!kept)
    return note(reading.findings, path, kept.error().message, "take the snapshot again: sluice org snapshot",
                base::Severity::error);
  reading.snapshot->objects[member_text(document.root(), "name")] = *std::move(kept);
}

}  // namespace

void write_org_snapshot(const OrgSnapshot& snapshot, const std::string& folder) {
  const fs::path objects = fs::path(folder) / "objects";
  fs::create_directories(objects);
  for (const fs::directory_entry& old : fs::directory_iterator(objects))
    if (old.path().extension() == ".json") fs::remove(old.path());
  for (const auto& [name, description] : snapshot.objects) write_snapshot_file(objects / (name + ".json"), description);
  const nlohmann::ordered_json head{{"format", 1},
                                    {"org_id", snapshot.org_id},
                                    {"environment", snapshot.environment},
                                    {"api_version", snapshot.api_version},
                                    {"taken_at", snapshot.taken_at},
                                    {"fingerprint", snapshot.fingerprint()}};
  write_snapshot_file(fs::path(folder) / "org.json", head.dump(2) + "\n");
}

OrgSnapshotReading read_org_snapshot(const std::string& folder) {
  OrgSnapshotReading reading;
  const fs::path head_file = fs::path(folder) / "org.json";
  const base::JsonDocument head = base::JsonDocument::read_file(head_file.string());
  if (!head.readable()) {
    reading.findings = head.findings();
    for (base::Finding& finding : reading.findings)
      if (finding.hint.empty()) finding.hint = "write it with: sluice org snapshot --account ALIAS=FILE -o " + folder;
    return reading;
  }
  reading.snapshot.emplace();
  reading.snapshot->org_id = member_text(head.root(), "org_id");
  reading.snapshot->environment = member_text(head.root(), "environment");
  reading.snapshot->api_version = member_text(head.root(), "api_version");
  reading.snapshot->taken_at = member_text(head.root(), "taken_at");
  std::error_code absent;
  for (const fs::directory_entry& file : fs::directory_iterator(fs::path(folder) / "objects", absent))
    if (file.path().extension() == ".json") read_object_file(file.path(), reading);
  if (reading.snapshot->objects.empty() && !base::has_errors(reading.findings))
    note(reading.findings, fs::path(folder) / "objects", "it describes no object",
         "take the snapshot again: sluice org snapshot", base::Severity::error);
  if (base::has_errors(reading.findings)) {
    reading.snapshot.reset();
  } else if (member_text(head.root(), "fingerprint") != reading.snapshot->fingerprint()) {
    note(reading.findings, head_file, "the files are not as the org gave them: somebody has changed them since", "",
         base::Severity::note);
  }
  return reading;
}

}  // namespace connectors::salesforce
