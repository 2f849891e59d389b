// To which hosts secrets may go: a table of addresses, and one of what a name may lead to.
#include "connectors/accounts/host_policy.hpp"

#include <catch2/catch.hpp>

using connectors::HostPolicy;
using connectors::is_public_address;

namespace {

const char* const good_urls[] = {
    "https://login.salesforce.com",
    "https://test.salesforce.com",
    "https://login.salesforce.com/",
    "https://login.salesforce.com/services/oauth2/token",
    "https://test.salesforce.com/services/oauth2/token",
    "https://login.salesforce.com:443",
    "https://login.salesforce.com:443/services/oauth2/token",
    "HTTPS://LOGIN.SALESFORCE.COM/services/oauth2/token",
    "https://Login.Salesforce.Com",
    "https://acme.my.salesforce.com",
    "https://acme.my.salesforce.com/services/oauth2/token",
    "https://a.my.salesforce.com",
    "https://acme-2.my.salesforce.com",
    "https://1acme.my.salesforce.com",
    "https://acme--dev.sandbox.my.salesforce.com",
    "https://acme--dev.sandbox.my.salesforce.com/services/oauth2/token",
    "https://acme-dev-ed.develop.my.salesforce.com",
    "https://orgfarm-0a1b2c-dev-ed.develop.my.salesforce.com",
    "https://brave-bear-1234-dev-ed.trailblaze.my.salesforce.com",
    "https://page-app-5678.scratch.my.salesforce.com",
    "https://acme.demo.my.salesforce.com",
    "https://acme--dev.my.salesforce.com",
    "https://acme.my.salesforce.mil",
    "https://acme--dev.sandbox.my.salesforce.mil/services/oauth2/token",
    "https://acme.my.sfcrmproducts.cn",
    "https://acme--uat.sandbox.my.sfcrmproducts.cn/services/oauth2/token",
};

const char* const bad_urls[] = {
    // no addresses
    "",
    " ",
    "acme.my.salesforce.com",
    "//acme.my.salesforce.com",
    "https:",
    "https:/",
    "https://",
    "https:///",
    "https:///login.salesforce.com",
    "https:login.salesforce.com",
    "https:/login.salesforce.com",
    "https://:443",
    "https://.",
    "https://..",
    // other schemes
    "http://login.salesforce.com",
    "http://acme.my.salesforce.com/services/oauth2/token",
    "http://login.salesforce.com:443/",
    "ftp://login.salesforce.com",
    "file:///etc/passwd",
    "gopher://login.salesforce.com",
    "javascript://login.salesforce.com/%0aalert(1)",
    "data:text/plain,login.salesforce.com",
    "ldap://login.salesforce.com",
    "wss://login.salesforce.com",
    "https+unix://login.salesforce.com",
    // other ports
    "https://login.salesforce.com:80",
    "https://login.salesforce.com:8443/services/oauth2/token",
    "https://login.salesforce.com:22",
    "https://login.salesforce.com:0",
    "https://login.salesforce.com:",
    "https://login.salesforce.com:443:443",
    "https://login.salesforce.com:+443",
    "https://login.salesforce.com:-1",
    "https://login.salesforce.com:65979",
    "https://login.salesforce.com:443x",
    "https://login.salesforce.com: 443",
    // in front of the host
    "https://user@login.salesforce.com",
    "https://user:word@login.salesforce.com",
    "https://login.salesforce.com@evil.example",
    "https://login.salesforce.com:443@evil.example/",
    "https://login.salesforce.com%40evil.example",
    "https://@login.salesforce.com",
    "https://evil.example@login.salesforce.com:443/",
    // characters that programs read differently
    "https://evil.example#.my.salesforce.com",
    "https://evil.example#@login.salesforce.com",
    "https://evil.example?.my.salesforce.com",
    "https://evil.example/.my.salesforce.com",
    "https://evil.example\\.my.salesforce.com",
    "https://evil.example\\@login.salesforce.com",
    "https:\\\\login.salesforce.com",
    "https://login.salesforce.com\\@evil.example",
    "https://login.salesforce.com\\.evil.example",
    "https://evil.example;.my.salesforce.com",
    "https://evil.example,.my.salesforce.com",
    "https://evil.example%00.my.salesforce.com",
    "https://evil.example%2f.my.salesforce.com",
    "https://evil.example%23.my.salesforce.com",
    "https://evil.example&.my.salesforce.com",
    "https://evil.example\t.my.salesforce.com",
    "https://evil.example\r\nHost: login.salesforce.com",
    "https://login.salesforce.com/\r\nX: y",
    " https://login.salesforce.com",
    "https://login.salesforce.com ",
    "https://login .salesforce.com",
    "https://*.my.salesforce.com",
    "https://ac_me.my.salesforce.com",
    "https://<acme>.my.salesforce.com",
    "https://login.salesforce.com/services/oauth2/token?next=https://evil.example",
    "https://login.salesforce.com/#https://evil.example",
    "https://login.salesforce.com?",
    // labels
    "https://salesforce.com",
    "https://www.salesforce.com",
    "https://my.salesforce.com",
    "https://.my.salesforce.com",
    "https://acme..my.salesforce.com",
    "https://-acme.my.salesforce.com",
    "https://acme-.my.salesforce.com",
    "https://evilmy.salesforce.com",
    "https://evil-my.salesforce.com",
    "https://acme.my-salesforce.com",
    "https://evil.salesforce.com",
    "https://login.salesforce.com.evil.example",
    "https://acme.my.salesforce.com.evil.example",
    "https://my.salesforce.com.evil.example",
    "https://evillogin.salesforce.com",
    "https://login.salesforce.com.",
    "https://acme.my.salesforce.com./",
    "https://login.salesforce.co",
    "https://login.salesforce.org",
    "https://login-salesforce.com",
    "https://loginsalesforce.com",
    "https://xlogin.salesforce.com",
    "https://login.evil.salesforce.com",
    "https://acme.salesforce.mil",
    "https://acme.sfcrmproducts.cn",
    // pages
    "https://acme.lightning.force.com",
    "https://acme--dev.sandbox.lightning.force.com/lightning/page/home",
    "https://acme.my.salesforce-setup.com",
    "https://acme.lightning.crmforce.mil",
    "https://acme.my.site.com",
    "https://acme--c.vf.force.com",
    "https://acme.file.force.com",
    // other letters
    "https://xn--lgin-4na.salesforce.com",
    "https://acme.xn--my-xyz.salesforce.com",
    "https://xn--acme.my.salesforce.com",
    "https://acme.my.xn--salesforce-abc.com",
    "https://l\xc3\xb6gin.salesforce.com",
    "https://login.s\xd0\xb0lesforce.com",
    "https://login.salesforce\xe3\x80\x82"
    "com",
    "https://login\xef\xbc\x8esalesforce.com",
    // addresses in every notation
    "https://127.0.0.1",
    "https://127.0.0.1:8080/services/oauth2/token",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.0.0.1",
    "https://0177.0.0.1",
    "https://017700000001",
    "https://127.0.0.1.",
    "https://0",
    "https://0.0.0.0",
    "https://10.0.0.1",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://100.64.0.1",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166",
    "https://0xa9fea9fe",
    "https://0251.0376.0251.0376",
    "https://93.184.216.34",
    "https://255.255.255.255",
    "https://1.my.salesforce.com.127.0.0.1",
    "https://[::1]",
    "https://[::1]:443/services/oauth2/token",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[::ffff:169.254.169.254]",
    "https://[0:0:0:0:0:ffff:a9fe:a9fe]",
    "https://[64:ff9b::7f00:1]",
    "https://[fe80::1]",
    "https://[fe80::1%25eth0]",
    "https://[fd00::1]",
    "https://[2001:db8::1]",
    "https://[login.salesforce.com]",
    "https://[::1",
    "https://::1",
    // names of machines nearby
    "https://localhost",
    "https://localhost:8080",
    "https://localhost.localdomain",
    "https://ip6-localhost",
    "https://metadata",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://instance-data",
    "https://instance-data.ec2.internal",
    "https://169.254.169.254.nip.io",
    "https://127.0.0.1.sslip.io",
    "https://localtest.me",
    "https://kubernetes.default.svc",
    "https://login.salesforce.com.local",
    "https://evil.example",
    "https://evil.example:443/services/oauth2/token",
};

std::string message_of(const HostPolicy& policy, std::string_view url) {
  base::Status checked = policy.check(url);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("secrets go to Salesforce's hosts by https and to no other address") {
  HostPolicy policy;
  for (const char* url : good_urls) {
    INFO(url);
    CHECK(message_of(policy, url) == "");
  }
  for (const char* url : bad_urls) {
    INFO(url);
    base::Status checked = policy.check(url);
    CHECK_FALSE(checked);
    if (!checked) CHECK(checked.error().code == connectors::host_not_allowed);
  }
  CHECK_FALSE(policy.check("https://" + std::string(250, 'a') + ".my.salesforce.com"));
  CHECK_FALSE(policy.check("https://login.salesforce.com/" + std::string(3000, 'a')));
  CHECK_FALSE(policy.check(std::string("https://login.salesforce.com\0.evil.example", 42)));
  CHECK(std::size(good_urls) + std::size(bad_urls) >= 150);
}

TEST_CASE("who copies the address of a Lightning page is told the right host") {
  HostPolicy policy;
  CHECK(message_of(policy, "https://acme.lightning.force.com/one/one.app").find("use acme.my.salesforce.com") !=
        std::string::npos);
  CHECK(message_of(policy, "https://acme--dev.sandbox.lightning.force.com")
            .find("use acme--dev.sandbox.my.salesforce.com") != std::string::npos);
  CHECK(message_of(policy, "https://acme.my.salesforce-setup.com/x").find("use acme.my.salesforce.com") !=
        std::string::npos);
}

TEST_CASE("a message never repeats what stands in front of a host") {
  CHECK(message_of(HostPolicy{}, "https://ana:opensesame@login.salesforce.com").find("opensesame") ==
        std::string::npos);
}

TEST_CASE("the operator may allow a host, at its port only, and plain http on this machine only") {
  HostPolicy policy;
  REQUIRE(policy.allow("127.0.0.1:4001"));
  REQUIRE(policy.allow("sf-proxy.example"));
  REQUIRE(policy.allow("[::1]:4002"));
  policy.allow_host_of("http://localhost:4003/services/oauth2/token");

  for (const char* url : {"http://127.0.0.1:4001/services/oauth2/token", "https://127.0.0.1:4001", "http://[::1]:4002",
                          "http://localhost:4003", "https://sf-proxy.example/services/oauth2/token"}) {
    INFO(url);
    CHECK(message_of(policy, url) == "");
  }
  for (const char* url :
       {"http://127.0.0.1:4002", "http://127.0.0.1", "http://127.0.0.2:4001", "http://sf-proxy.example",
        "http://sf-proxy.example:443", "https://sf-proxy.example:8443", "https://sf-proxy.example.evil",
        "http://127.0.0.1:4001@evil.example", "http://localhost:4001"}) {
    INFO(url);
    CHECK(message_of(policy, url) != "");
  }
  for (const char* host : {"", "a b", "host:", "host:0", "https://host", "host/path", "a@b", "host:99999"}) {
    INFO(host);
    CHECK_FALSE(policy.allow(host));
  }
}

TEST_CASE("only addresses of the public internet are public, however they are wrapped") {
  for (const char* address :
       {"93.184.216.34", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "11.0.0.0", "223.255.255.255",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
    INFO(address);
    CHECK(is_public_address(address));
  }
  for (const char* address : {"",
                              "no address",
                              "0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.0.1",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.8",
                              "192.0.2.1",
                              "192.88.99.1",
                              "192.168.0.1",
                              "198.18.0.1",
                              "198.51.100.7",
                              "203.0.113.9",
                              "224.0.0.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::ffff:127.0.0.1",
                              "::ffff:169.254.169.254",
                              "::7f00:1",
                              "64:ff9b::7f00:1",
                              "64:ff9b::a9fe:a9fe",
                              "64:ff9b:1::1",
                              "2001::1",
                              "2001:db8::1",
                              "2002:7f00:1::1",
                              "2002:a9fe:a9fe::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "fe80::1",
                              "fe80::1%1",
                              "fec0::1",
                              "ff02::1"}) {
    INFO(address);
    CHECK_FALSE(is_public_address(address));
  }
}

TEST_CASE("a name that leads into a private network is connected to only where the operator has allowed the host") {
  HostPolicy policy;
  REQUIRE(policy.allow("crm.intranet:8443"));

  CHECK(policy.may_connect("https://acme.my.salesforce.com:443", "93.184.216.34"));
  CHECK_FALSE(policy.may_connect("https://acme.my.salesforce.com:443", "127.0.0.1"));
  CHECK_FALSE(policy.may_connect("https://acme.my.salesforce.com:443", "169.254.169.254"));
  CHECK_FALSE(policy.may_connect("https://acme.my.salesforce.com:443", ""));
  CHECK(policy.may_connect("https://CRM.intranet:8443", "10.1.2.3"));
  CHECK_FALSE(policy.may_connect("https://crm.intranet:443", "10.1.2.3"));
}
