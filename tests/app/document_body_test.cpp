// A member of a body, byte for byte.
#include "app/api/document_body.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a member of a body's object comes back as it came") {
  struct Case {
    const char* body;
    const char* member;
  };
  const Case cases[] = {
      {R"({"document": {"b" : 1,  "a":[ ]} })", R"({"b" : 1,  "a":[ ]})"},
      {R"({"x":{"document":2},"document":{ }})", "{ }"},
      {R"({"document":"a } \" text" , "y":1})", R"("a } \" text")"},
      {R"({"document" : 1.50})", "1.50"},
      {"{\"document\":[1,\n2]\n,\"z\":{}}", "[1,\n2]"},
  };
  for (const Case& example : cases) {
    INFO(example.body);
    CHECK(app::api::member_as_it_came(example.body, "document") == example.member);
  }
}

TEST_CASE("there is no member in what is no object, is broken, or lacks it") {
  for (const char* body : {"", "[]", "{", R"({"x":1})", R"({"x":{"document":1}})", R"({"document":1)"}) {
    INFO(body);
    CHECK_FALSE(app::api::member_as_it_came(body, "document").has_value());
  }
}
