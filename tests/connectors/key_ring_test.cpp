// Keys: where they come from, what is taken, and what is refused.
#include "connectors/accounts/key_ring.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "connectors/errors.hpp"
#include "tests/support/temporary_directory.hpp"

using connectors::KeyRing;
using connectors::LoadedKeys;

namespace {

namespace fs = std::filesystem;

// 32 times the same letter.
std::string key_of(char letter) { return base::to_base64(std::string(32, letter)); }

struct KeySources {
  test::TemporaryDirectory directory;
  base::SeededRandom random{3};
  std::map<std::string, std::string> environment;

  std::string write(const std::string& name, const std::string& text, int mode = 0400) {
    const std::string path = directory.file(name);
    std::ofstream(path) << text;
    fs::permissions(path, static_cast<fs::perms>(mode));
    return path;
  }
  base::Result<LoadedKeys> load(const std::string& key_file = "") {
    return connectors::load_keys({.key_file = key_file, .data_directory = directory.path()}, random,
                                 [this](const std::string& name) -> std::optional<std::string> {
                                   auto at = environment.find(name);
                                   return at == environment.end() ? std::nullopt : std::optional(at->second);
                                 });
  }
};

bool has_key(const base::Result<LoadedKeys>& keys, char letter) {
  return keys && keys->ring.active().bytes.reveal() == std::string(32, letter);
}

}  // namespace

TEST_CASE("keys come from the first source that is there") {
  KeySources sources;
  sources.write("sluice.key", key_of('d'));

  base::Result<LoadedKeys> own = sources.load();
  REQUIRE(own);
  CHECK(own->source.is_ours);
  CHECK(own->source.is_new);
  CHECK((fs::status(own->source.path).permissions() & fs::perms::mask) == fs::perms::owner_read);
  CHECK_FALSE(sources.load()->source.is_new);

  sources.environment["CREDENTIALS_DIRECTORY"] = sources.directory.path();
  CHECK(has_key(sources.load(), 'd'));
  sources.environment["SLUICE_KEY_FILE"] = sources.write("keys.of.variable", key_of('c') + "\n");
  CHECK(has_key(sources.load(), 'c'));
  sources.environment["SLUICE_KEY"] = key_of('b');
  CHECK(has_key(sources.load(), 'b'));
  CHECK(has_key(sources.load(sources.write("keys.of.flag", key_of('a'))), 'a'));
}

TEST_CASE("a key file may hold several keys, one of them active") {
  KeySources sources;
  const std::string path = sources.write(
      "keys.json", R"({"active":"2027","keys":{"2026":")" + key_of('a') + R"(","2027":")" + key_of('b') + R"("}})");

  base::Result<LoadedKeys> keys = sources.load(path);

  REQUIRE(keys);
  CHECK(keys->ring.active().id == "2027");
  CHECK(keys->ring.find("2026")->bytes.reveal() == std::string(32, 'a'));
  CHECK_FALSE(keys->ring.find("2028"));
  CHECK(keys->ring.keeping({}).keys().size() == 1);
  CHECK(keys->ring.keeping({"2026"}).keys().size() == 2);
}

TEST_CASE("what is no key is refused, and the message says where and what would be one") {
  KeySources sources;
  for (const std::string& text :
       {std::string(), std::string("secret"), base::to_base64(std::string(31, 'a')), std::string(R"({"keys":{}})"),
        R"({"active":"b","keys":{"a":")" + key_of('a') + R"("}})", R"({"keys":{"a":")" + key_of('a') + R"("}})",
        R"({"active":"a b","keys":{"a b":")" + key_of('a') + R"("}})",
        std::string(R"({"active":"a","keys":{"a":"short"}})"), std::string("{")}) {
    INFO(text);
    fs::remove(sources.directory.file("keys"));
    base::Result<LoadedKeys> keys = sources.load(sources.write("keys", text));
    REQUIRE_FALSE(keys);
    CHECK(keys.error().code == connectors::key_unusable);
    CHECK_THAT(keys.error().message, Catch::Contains(sources.directory.file("keys")));
    CHECK_THAT(keys.error().message, !Catch::Contains(key_of('a')));
  }
}

TEST_CASE("a key file that others may read is refused, one of a group is told of") {
  struct Case {
    int mode;
    bool is_taken;
    bool is_told;
  };
  for (const Case& c : {Case{0400, true, false}, Case{0600, true, false}, Case{0440, true, true},
                        Case{0640, true, true}, Case{0444, false, false}, Case{0644, false, false},
                        Case{0604, false, false}, Case{0660, false, false}, Case{0601, false, false}}) {
    INFO(std::oct << c.mode);
    KeySources sources;
    base::Result<LoadedKeys> keys = sources.load(sources.write("keys", key_of('a'), c.mode));
    CHECK(static_cast<bool>(keys) == c.is_taken);
    if (keys) CHECK(keys->source.group_may_read == c.is_told);
    if (!keys) CHECK_THAT(keys.error().message, Catch::Contains("chmod 400"));
  }
}

TEST_CASE("the program's own key file is replaced as a whole, and reads back the same") {
  KeySources sources;
  const KeyRing first = sources.load()->ring;
  const std::string path = sources.directory.file("key");

  REQUIRE(connectors::write_own_keys(path, first.with_new_key(sources.random)));

  base::Result<LoadedKeys> keys = sources.load();
  REQUIRE(keys);
  CHECK(keys->ring.keys().size() == 2);
  CHECK(keys->ring.active().id != first.active().id);
  CHECK(keys->ring.find(first.active().id)->bytes.reveal() == first.active().bytes.reveal());
  CHECK((fs::status(path).permissions() & fs::perms::mask) == fs::perms::owner_read);
  CHECK_FALSE(fs::exists(path + ".new"));
}
