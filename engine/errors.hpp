// The engine's error codes. Each has a page in docs/errors/.
#pragma once

#include "base/error.hpp"

namespace engine {

// The gate's answers (who may run what, on which account); the same words in JSON, history, CLI and docs.
inline constexpr base::ErrorCode extension_not_licensed{"extension_not_licensed", base::Kind::blocked};
inline constexpr base::ErrorCode account_not_linked{"account_not_linked", base::Kind::blocked};
inline constexpr base::ErrorCode account_removed{"account_removed", base::Kind::blocked};
inline constexpr base::ErrorCode wrong_org{"wrong_org", base::Kind::blocked};
inline constexpr base::ErrorCode account_share_revoked{"account_share_revoked", base::Kind::blocked};
inline constexpr base::ErrorCode account_not_the_owners{"account_not_the_owners", base::Kind::blocked};
inline constexpr base::ErrorCode awaits_reauthentication{"awaits_reauthentication", base::Kind::blocked};
inline constexpr base::ErrorCode account_token_expired{"account_token_expired", base::Kind::blocked};
inline constexpr base::ErrorCode account_blocked_by_org{"account_blocked_by_org", base::Kind::blocked};

// Refusals of authoring.
inline constexpr base::ErrorCode edit_would_invalidate{"edit_would_invalidate", base::Kind::permanent};
inline constexpr base::ErrorCode version_moved{"version_moved", base::Kind::permanent};
inline constexpr base::ErrorCode enable_refused{"enable_refused", base::Kind::permanent};
inline constexpr base::ErrorCode creator_only{"creator_only", base::Kind::permanent};
inline constexpr base::ErrorCode proposal_unbound{"proposal_unbound", base::Kind::permanent};
inline constexpr base::ErrorCode proposal_decided{"proposal_decided", base::Kind::permanent};

// What a run's history says of its own course.
inline constexpr base::ErrorCode outcome_unclear{"outcome_unclear", base::Kind::blocked};
inline constexpr base::ErrorCode run_cancelled{"run_cancelled", base::Kind::throttled};
inline constexpr base::ErrorCode run_over{"run_over", base::Kind::permanent};
inline constexpr base::ErrorCode run_not_replayable{"run_not_replayable", base::Kind::permanent};
inline constexpr base::ErrorCode workflow_removed{"workflow_removed", base::Kind::permanent};
inline constexpr base::ErrorCode internal_error{"internal_error", base::Kind::uncertain};
inline constexpr base::ErrorCode step_not_available{"step_not_available", base::Kind::permanent};
inline constexpr base::ErrorCode items_failed{"items_failed", base::Kind::permanent};
inline constexpr base::ErrorCode too_many_items{"too_many_items", base::Kind::permanent};
inline constexpr base::ErrorCode gate_changed{"gate_changed", base::Kind::throttled};

// Why an accepted event started no run.
inline constexpr base::ErrorCode trigger_condition_false{"trigger_condition_false", base::Kind::permanent};
inline constexpr base::ErrorCode trigger_condition_unreadable{"trigger_condition_unreadable", base::Kind::permanent};
inline constexpr base::ErrorCode survey_differs{"survey_differs", base::Kind::permanent};
inline constexpr base::ErrorCode workflow_disabled{"workflow_disabled", base::Kind::permanent};
inline constexpr base::ErrorCode hook_without_workflow{"hook_without_workflow", base::Kind::permanent};

// Refusals of intake.
inline constexpr base::ErrorCode key_reused_with_other_body{"key_reused_with_other_body", base::Kind::permanent};

}  // namespace engine
