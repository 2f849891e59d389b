// The REST API below /services/data.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/server.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/call_log.hpp"
#include "local_org/chatter.hpp"
#include "local_org/org.hpp"
#include "local_org/permissions.hpp"
#include "local_org/session_door.hpp"
#include "local_org/sessions.hpp"
#include "local_org/setup_tables.hpp"
#include "local_org/soql/query.hpp"

namespace local_org {

// What every resource knows of the request it answers.
struct RestRequest {
  const base::http::ServerRequest& http;
  Call& call;  // its entry in the call log
  const Session& session;
  const Access& access;  // of the session's user
  std::string root;      // "/services/data/v66.0"
  int version = 0;
  std::vector<std::string> params{};  // of the route's pattern, decoded
};

// Members of a Tooling API record that are no columns.
struct MadeFields {
  bool metadata = false;
  bool full_name = false;
};

class Rest {
 public:
  Rest(Org& org, const Sessions& sessions, Permissions& permissions, SessionDoor& door, SetupTables& setup,
       const AppPolicies& policies)
      : org_(org),
        sessions_(sessions),
        permissions_(permissions),
        door_(door),
        setup_(setup),
        policies_(policies),
        chatter_(org) {}

  // Notes in `call` who asked and about which object.
  base::http::Response answer(const base::http::ServerRequest& request, Call& call);

 private:
  struct Route {
    std::string_view method;
    std::string_view pattern;  // below the root; {…} takes one segment
    base::http::Response (Rest::*answer)(RestRequest&);
  };
  static const std::vector<Route>& routes();

  struct Cursor {
    std::string id;
    std::vector<std::string> records;
    std::size_t batch = 0;
  };

  base::http::Response versions() const;
  base::http::Response routed(const base::http::ServerRequest& request, Call& call);
  base::http::Response dispatch(std::string_view method, const std::vector<std::string>& segments,
                                RestRequest& request);

  base::http::Response resources(RestRequest& request);
  base::http::Response limits(RestRequest& request);
  base::http::Response record_count(RestRequest& request);
  base::http::Response describe_global(RestRequest& request);
  base::http::Response object_info(RestRequest& request);
  base::http::Response describe(RestRequest& request);
  base::http::Response create(RestRequest& request);
  base::http::Response get_by_id(RestRequest& request);
  base::http::Response update(RestRequest& request);
  base::http::Response remove(RestRequest& request);
  base::http::Response get_by_key(RestRequest& request);
  base::http::Response upsert(RestRequest& request);
  base::http::Response remove_by_key(RestRequest& request);
  base::http::Response query(RestRequest& request);
  base::http::Response query_all(RestRequest& request);
  base::http::Response query_more(RestRequest& request);
  base::http::Response tooling_query(RestRequest& request);
  base::http::Response post_feed_element(RestRequest& request);
  base::http::Response get_feed_element(RestRequest& request);

  // Refuses a record that was just saved and that the org's rules take for a duplicate.
  void judge_duplicates(const RestRequest& request, const Object& object, const std::string& id);
  // Lets the org's assignment rules give away a record that was just made.
  void assign_owner(const RestRequest& request, const Object& object, const std::string& id);
  const Object& object_of(RestRequest& request) const;  // NOT_FOUND, too, when the user may not read it
  // The same, when its records are about to be read or written.
  const Object& stored_object_of(RestRequest& request);
  static soql::Query parsed_query(const RestRequest& request);
  QueryAnswer run_query(const RestRequest& request, const soql::Query& query, bool deleted_too);
  base::http::Response first_page(const RestRequest& request, QueryAnswer answer);
  void add_made_fields(const RestRequest& request, soql::Query query, const MadeFields& made, QueryAnswer& answer);
  base::http::Response query_page(const RestRequest& request, const Cursor& cursor, std::size_t from) const;
  base::http::Response record_answer(const RestRequest& request, const Object& object, const Record& record) const;
  base::http::Response many_matches(const RestRequest& request, const Object& object,
                                    const std::vector<std::string>& ids) const;

  Org& org_;
  const Sessions& sessions_;
  Permissions& permissions_;
  SessionDoor& door_;
  SetupTables& setup_;
  const AppPolicies& policies_;
  Chatter chatter_;
  std::int64_t calls_counted_ = 0;
  std::int64_t cursors_made_ = 0;
  std::deque<Cursor> cursors_;  // oldest first
};

}  // namespace local_org
