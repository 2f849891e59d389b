#include "base/xml.hpp"

#include <string>

#include <catch2/catch.hpp>

using base::parse_xml;
using base::XmlElement;

TEST_CASE("an XML document is read without prefixes, attributes and comments") {
  const std::optional<XmlElement> root =
      parse_xml(R"(<?xml version="1.0" encoding="UTF-8"?><!-- a note --><s:Envelope xmlns:s="urn:s"><s:Body kind="x">)"
                R"(<m:name>R&amp;D <![CDATA[<1>]]></m:name> <empty/></s:Body></s:Envelope>)");

  REQUIRE(root);
  CHECK(root->name == "Envelope");
  REQUIRE(root->children.size() == 1);
  CHECK(root->children[0].name == "Body");
  REQUIRE(root->find("name"));
  CHECK(root->find("name")->text == "R&D <1>");
  CHECK(root->find("empty"));
  CHECK_FALSE(root->find("Envelope"));
  CHECK_FALSE(root->find("kind"));
}

TEST_CASE("what is no XML document, or too much of one, is not read") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("<a><b></a>"), std::string("<a>"), std::string("<a/><b/>"),
        std::string("<a>&unknown</a>x"), deep, "<a>" + std::string(2u << 20, 'x') + "</a>"}) {
    CAPTURE(text.substr(0, 40));
    CHECK_FALSE(parse_xml(text));
  }
}

TEST_CASE("what is escaped is read back as it was") {
  const std::string text = "a < b & c > \"d\"";
  CHECK(parse_xml("<t>" + base::xml_escaped(text) + "</t>")->text == text);
}
