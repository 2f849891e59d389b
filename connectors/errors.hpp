// What can go wrong between us and a linked Salesforce org. Each code has a page in docs/errors/.
#pragma once

#include "base/error.hpp"

namespace connectors {

// Salesforce read the request and said no: a rule, a type, a right, a name. Its own words are in the error's details.
inline constexpr base::ErrorCode salesforce_refused{"salesforce_refused", base::Kind::permanent};
// Not done for sure, and likely to work later.
inline constexpr base::ErrorCode salesforce_unavailable{"salesforce_unavailable", base::Kind::transient};
// The org's request limit, or too many long requests at once.
inline constexpr base::ErrorCode salesforce_rate_limit{"salesforce_rate_limit", base::Kind::throttled};
// Somebody else is changing the record or its parent.
inline constexpr base::ErrorCode salesforce_row_locked{"salesforce_row_locked", base::Kind::transient};
// A write whose answer does not say whether it was done.
inline constexpr base::ErrorCode salesforce_unclear{"salesforce_unclear", base::Kind::uncertain};
// The external id of an upsert is not unique in the org; nothing was written.
inline constexpr base::ErrorCode salesforce_several_match{"salesforce_several_match", base::Kind::permanent};
// A unique field already holds the value in another record.
inline constexpr base::ErrorCode salesforce_duplicate_value{"salesforce_duplicate_value", base::Kind::permanent};
// The access token is not good any more; AccountSessions::renew() gives another. Seen outside only when a session that
// was just given is refused as well.
inline constexpr base::ErrorCode salesforce_session_ended{"salesforce_session_ended", base::Kind::transient};
// A query found more rows, or more bytes, than its caller can take.
inline constexpr base::ErrorCode salesforce_too_many_rows{"salesforce_too_many_rows", base::Kind::permanent};

// The org answered its describe call with something else.
inline constexpr base::ErrorCode org_describe_unreadable{"org_describe_unreadable", base::Kind::transient};

// A record or a query that cannot be sent as it stands.
inline constexpr base::ErrorCode record_change_invalid{"record_change_invalid", base::Kind::permanent};
inline constexpr base::ErrorCode soql_invalid{"soql_invalid", base::Kind::permanent};

// A login was refused for good: somebody has to log in again, or mend the app.
inline constexpr base::ErrorCode account_token_expired{"account_token_expired", base::Kind::blocked};
// A login was refused by the org's own rules: an address range, an app that nobody has approved, an API that is off.
inline constexpr base::ErrorCode account_blocked_by_org{"account_blocked_by_org", base::Kind::blocked};
inline constexpr base::ErrorCode account_removed{"account_removed", base::Kind::blocked};
// The login led to another org than the account stands for.
inline constexpr base::ErrorCode wrong_org{"wrong_org", base::Kind::blocked};

// A user has five personal accounts, or a reservation of one of the five places has run out.
inline constexpr base::ErrorCode account_limit_reached{"account_limit_reached", base::Kind::permanent};
inline constexpr base::ErrorCode account_slot_lost{"account_slot_lost", base::Kind::permanent};

// A stored secret that does not open in its place.
inline constexpr base::ErrorCode secret_unreadable{"secret_unreadable", base::Kind::blocked};
// The keys that secrets are sealed with: a source that holds none, a key that is not there, a key with other bytes, a
// change of keys without another key.
inline constexpr base::ErrorCode key_unusable{"key_unusable", base::Kind::blocked};
inline constexpr base::ErrorCode key_missing{"key_missing", base::Kind::blocked};
inline constexpr base::ErrorCode key_wrong{"key_wrong", base::Kind::blocked};
inline constexpr base::ErrorCode key_not_new{"key_not_new", base::Kind::blocked};

// A mail server did not take a mail, now or for good.
inline constexpr base::ErrorCode mail_not_taken{"mail_not_taken", base::Kind::transient};

// A saved schema, or what an org says for one, that is none.
inline constexpr base::ErrorCode org_snapshot_unreadable{"org_snapshot_unreadable", base::Kind::permanent};

}  // namespace connectors
