// A key and a self-signed certificate for 127.0.0.1 and localhost, made for one test and gone after it.
#pragma once

#include <filesystem>
#include <string>

namespace support {

class TestCertificate {
 public:
  TestCertificate();
  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  // PEM files; the certificate is its own authority.
  std::string certificate_file() const { return (folder_ / "certificate.pem").string(); }
  std::string key_file() const { return (folder_ / "key.pem").string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace support
