// Published vectors: FIPS 180-4, RFC 4231, RFC 4648, and the survey platform's own.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "tests/support/fixture.hpp"

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

TEST_CASE("base64url is base64 for addresses, and both are read back") {
  CHECK(base::to_base64url("\xff\xfe\xfd\xfc") == "__79_A");
  for (const char* text : {"__79_A", "//79/A==", "//79/A"}) CHECK(base::from_base64(text) == "\xff\xfe\xfd\xfc");
  CHECK(base::from_base64("") == "");
  for (const char* text : {"A", "AAAAA", "Zg=", "Zg===", "Z g=", "Zh==", "Zg==Zg==", "====", "Zm9v\n"}) {
    INFO(text);
    CHECK_FALSE(base::from_base64(text));
  }
}

// Test case 16 of the GCM specification (McGrew, Viega), also in NIST's validation suite.
TEST_CASE("AES-256-GCM agrees with the specification's vector, and opens nothing that was touched") {
  auto hex = [](std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    }
    return bytes;
  };
  base::Secret key(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  std::string nonce = hex("cafebabefacedbaddecaf888");
  std::string bound = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  std::string plain = hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");

  std::string sealed = base::aes_gcm_seal(key, nonce, bound, plain);

  CHECK(
      base::to_hex(sealed) ==
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  REQUIRE(base::aes_gcm_open(key, nonce, bound, sealed));
  CHECK(base::aes_gcm_open(key, nonce, bound, sealed)->reveal() == plain);
  CHECK_FALSE(base::aes_gcm_open(key, nonce, bound + "x", sealed));
  CHECK_FALSE(base::aes_gcm_open(base::Secret(std::string(32, 'k')), nonce, bound, sealed));
  CHECK_FALSE(base::aes_gcm_open(key, std::string(12, 'n'), bound, sealed));
  CHECK_FALSE(base::aes_gcm_open(key, nonce, bound, std::string_view(sealed).substr(0, 15)));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string touched = sealed;
    touched[i] = static_cast<char>(touched[i] ^ 1);
    CHECK_FALSE(base::aes_gcm_open(key, nonce, bound, touched));
  }
}

// The signature was made by `openssl dgst -sha256 -sign`; PKCS #1 v1.5 gives the same one every time.
TEST_CASE("RS256 signs as openssl does, and takes nothing but an RSA key") {
  base::Secret key(support::fixture("keys/rs256.pem"));

  base::Result<std::string> signature = base::sign_rs256(key, "header.claims");

  REQUIRE(signature);
  CHECK(base::to_base64url(*signature) ==
        "EYaprOrQtjsEkGVkwPriNuQPwVzqDTBKFZ79Cn_MSrPdRVLa22yWkNjW95sznuDjjSCxB5Md82S9M1xbLwfAhmiXEZB_ucroqfqa"
        "MMfO7YRVY7d0GJxelOv57ZNFS5tNrtADqlW248Ippyr-Ce9nKNztM3uqeQ5SGMzVh3hZYXQn2UWtzM5sqFUlaI7m7PgPEd8evoeB"
        "ej-ayJhzTVT1m5DcDPBeZBy82gXuH0dHp8BCJffxO8RCvdWjHuWdpt8n1N9N33ZOdS4a4pylDDFvdmE1piRAMHw6Iw3mnKS7WKEj"
        "E8V3AKh-zJlhLST-ogrxptupviShzV0_6xX_Fqd1mg");
  for (const char* text : {"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    base::Result<std::string> none = base::sign_rs256(base::Secret(text), "header.claims");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == base::private_key_unreadable);
  }
}

TEST_CASE("RS256 recognises a signature by the certificate or the public key, and nothing else") {
  const std::string pem =
      support::fixture(GENERATE(as<std::string>{}, "keys/rs256.certificate.pem", "keys/rs256.public.pem"));
  const std::string signature = *base::sign_rs256(base::Secret(support::fixture("keys/rs256.pem")), "header.claims");

  CHECK(base::verify_rs256(pem, "header.claims", signature));
  CHECK_FALSE(base::verify_rs256(pem, "header.other", signature));
  CHECK_FALSE(base::verify_rs256(pem, "header.claims", signature.substr(1)));
  CHECK_FALSE(base::verify_rs256("", "header.claims", signature));
}
