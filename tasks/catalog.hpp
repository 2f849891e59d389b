// The list of what this program can do: one line a task type, one line a trigger type.
#pragma once

#include <memory>

#include "base/time.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/survey/platform_client.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/catalog.hpp"

namespace tasks {

class OrgKnowledge;
class PlannedWrites;

// What the types work with; null pointers are allowed where only checks are wanted (`validate`): perform() is never
// called then.
struct Collaborators {
  connectors::salesforce::Client* salesforce = nullptr;
  connectors::survey::PlatformClient* survey_platform = nullptr;
  // Definitions of surveys: by them pipes are judged, and wordings found that a response lacks.
  const connectors::survey::SurveyShelf* surveys = nullptr;
  // By which what orgs have said grows old; without it they are not asked for their schemas.
  base::Clock* clock = nullptr;
  // What orgs have said of themselves, shared with others who ask; where there is none, the types have one of their
  // own.
  std::shared_ptr<OrgKnowledge> knowledge{};
  // Where there is one, writes are noted in it and not sent; an org and a clock have to be there then.
  PlannedWrites* plan = nullptr;
};

engine::Catalog make_catalog(Collaborators collaborators);

}  // namespace tasks
