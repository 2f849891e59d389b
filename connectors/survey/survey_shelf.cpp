#include "connectors/survey/survey_shelf.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "connectors/survey/survey_document.hpp"

namespace connectors::survey {

void SurveyShelf::put(Survey survey) {
  std::erase_if(surveys_, [&](const auto& one) { return one->id == survey.id; });
  surveys_.push_back(std::make_shared<const Survey>(std::move(survey)));
}

base::Findings SurveyShelf::put_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.empty() ? "." : folder, unreadable)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".qsf" || path.filename() == "survey.json") files.push_back(path.string());
  }
  std::sort(files.begin(), files.end());
  base::Findings findings;
  for (const std::string& file : files) {
    SurveyReading reading = read_survey_file(file);
    if (reading.survey) {
      put(*std::move(reading.survey));
    } else {
      std::move(reading.findings.begin(), reading.findings.end(), std::back_inserter(findings));
    }
  }
  return findings;
}

std::shared_ptr<const Survey> SurveyShelf::find(std::string_view id) const {
  if (id.empty()) return surveys_.size() == 1 ? surveys_.front() : nullptr;
  auto at = std::find_if(surveys_.begin(), surveys_.end(), [id](const auto& one) { return one->id == id; });
  return at == surveys_.end() ? nullptr : *at;
}

}  // namespace connectors::survey
