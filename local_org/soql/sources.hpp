// The objects that a query reads: the one it names, and the parents that its paths lead to. What who asks may not read
// is not there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "local_org/access.hpp"
#include "local_org/api_error.hpp"
#include "local_org/schema.hpp"
#include "local_org/soql/query.hpp"

namespace local_org::soql {

// One object in the statement.
struct Source {
  const Object* object;
  std::string alias;  // in SQL
  std::string path;   // relationship names in lower case with dots, "" for the object queried
};

struct ResolvedField {
  std::size_t source;  // index into the sources
  const Field* field;
};

class Sources {
 public:
  // Aliases begin with `alias_start`, so that the sources of a sub-select stay apart. Throws INVALID_TYPE.
  Sources(const Query& query, const Access& access, std::string alias_start);

  // Joins the parents on the way, each once. Throws INVALID_FIELD.
  ResolvedField resolve(const Path& path);

  const std::vector<Source>& all() const { return sources_; }
  const Object& object(std::size_t source) const { return *sources_[source].object; }
  // Where to find the parent of that path, which was resolved before.
  std::size_t source_at(std::string_view path) const;
  std::string column(std::size_t source, const Field& field) const;
  // `"Contact" AS t0 LEFT JOIN …`
  std::string from_text() const;

 private:
  std::size_t join(std::size_t child, const std::string& relationship, std::size_t offset);
  const Object* only_parent(const Field& lookup) const;
  ApiError no_such_column(const Object& object, const Path& path) const;

  const Query& query_;
  const Access& access_;
  std::string alias_start_;
  std::vector<Source> sources_;
  std::string joins_;
};

}  // namespace local_org::soql
