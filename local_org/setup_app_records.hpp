// What the setup objects say of the app, its tokens and its sessions.
#pragma once

#include <vector>

#include "local_org/setup_tables.hpp"

namespace local_org {

std::vector<SetupRecord> connected_applications(const SetupFacts& facts);
std::vector<SetupRecord> external_client_applications(const SetupFacts& facts);
std::vector<SetupRecord> external_client_app_policies(const SetupFacts& facts);
std::vector<SetupRecord> oauth_tokens(const SetupFacts& facts);
std::vector<SetupRecord> auth_sessions(const SetupFacts& facts);

}  // namespace local_org
