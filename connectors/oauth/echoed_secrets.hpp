// Refusals that repeat what they were sent: some proxies and orgs put the request into their error's text, and that
// text goes into histories, notices and logs.
#pragma once

#include "base/http/client.hpp"
#include "base/secret.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// Where the answer is no success, `secret` is taken out of its body, as it stands, percent-encoded or with JSON's
// escaped slashes; "[secret]" stands in its place.
void hide_echo(base::http::Response& answer, const base::Secret& secret);
// The same for all that `login` may have shown.
void hide_echoes(base::http::Response& answer, const Login& login);
// The signed assertion that a JWT login is about to send; empty for any other.
base::Secret assertion_in(const base::http::Request& request);

}  // namespace connectors
