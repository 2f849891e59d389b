// Published vectors: FIPS 180-4, RFC 4231, RFC 4648, and the survey platform's own.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"

using namespace std::string_literals;

TEST_CASE("SHA-256 agrees with FIPS 180-4") {
  CHECK(base::to_hex(base::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(base::to_hex(base::sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("HMAC agrees with RFC 4231") {
  struct Vector {
    std::string key, data, sha256, sha512;
  };
  auto vector = GENERATE(
      Vector{std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
             "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914ee"
             "b61f"
             "1702e696c203a126854"},
      Vector{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
             "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34"
             "d4a6"
             "b4b636e070a38bce737"},
      Vector{std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
             "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f"
             "63f0"
             "aec8b915a985d786598"});

  CHECK(base::to_hex(base::hmac_sha256(vector.key, vector.data)) == vector.sha256);
  CHECK(base::to_hex(base::hmac_sha512(vector.key, vector.data)) == vector.sha512);
}

// The pair published with kyma-incubator/connector-tools, qualtrics-event-gw.
TEST_CASE("the survey platform signs MSG by HMAC-SHA-512 in hex") {
  std::string msg = R"({"Status":"Complete","SurveyID":"SV_1AmkKSDmoZ4XlQx","ResponseID":"R_0B7IcnXszjEUHLP",)"
                    R"("CompletedDate":"2019-06-25 07:58:25","BrandID":"sapdevelopment"})";

  CHECK(base::to_hex(base::hmac_sha512("kyma4ever", msg)) ==
        "c2c585a404c239aa3063b462cc33551d3ed3ed2de0899f58d456fc0ef7ebef6f3c3af44957989bd0592603e41edde9528f7d9ed09ee128"
        "bf719"
        "aa12f46e5c598");
}

TEST_CASE("base64 and base32 agree with RFC 4648") {
  struct Vector {
    std::string bytes, base64, base32;
  };
  auto vector = GENERATE(Vector{"", "", ""}, Vector{"f", "Zg==", "my"}, Vector{"fo", "Zm8=", "mzxq"},
                         Vector{"foo", "Zm9v", "mzxw6"}, Vector{"foob", "Zm9vYg==", "mzxw6yq"},
                         Vector{"fooba", "Zm9vYmE=", "mzxw6ytb"}, Vector{"foobar", "Zm9vYmFy", "mzxw6ytboi"},
                         Vector{"\xff\xfe\xfd", "//79", "777p2"});

  CHECK(base::to_base64(vector.bytes) == vector.base64);
  CHECK(base::to_base32(vector.bytes) == vector.base32);
}

TEST_CASE("hex shows every byte in two lower-case digits") { CHECK(base::to_hex("\x00\x0f\xf0\xff"s) == "000ff0ff"); }

TEST_CASE("texts compare equal only when they are") {
  CHECK(base::equal_in_constant_time("", ""));
  CHECK(base::equal_in_constant_time("a\0b"s, "a\0b"s));
  CHECK_FALSE(base::equal_in_constant_time("a\0b"s, "a\0c"s));
  CHECK_FALSE(base::equal_in_constant_time("abc", "abcd"));
}
