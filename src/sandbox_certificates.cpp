#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "toolkit/error.hpp"
#include "toolkit/sandbox_server.hpp"

namespace toolkit {

namespace {

template <auto function>
struct Free {
  template <typename Object>
  void operator()(Object* object) const {
    function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

constexpr long valid_seconds = 7L * 24 * 3600;
constexpr long clock_skew_seconds = 3600;

void require(bool worked) {
  if (!worked) {
    throw Error(ErrorKind::server, "libcrypto could not make a certificate for a sandbox");
  }
}

void add_extension(X509& certificate, X509& issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  require(extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

Certificate make_certificate(const char* name, EVP_PKEY& key, long serial) {
  Certificate certificate(X509_new());
  require(certificate != nullptr);
  X509* made = certificate.get();
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), serial);
  X509_gmtime_adj(X509_getm_notBefore(made), -clock_skew_seconds);
  X509_gmtime_adj(X509_getm_notAfter(made), valid_seconds);
  X509_set_pubkey(made, &key);
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1);
  return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
  X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer));
  require(X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0);
}

template <typename Writer>
std::string pem(Writer&& writer) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr && writer(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509& certificate) {
  return pem([&](BIO* target) { return PEM_write_bio_X509(target, &certificate); });
}

}  // namespace

SandboxCertificates make_certificates(const SandboxFolder& folder) {
  const Key authority_key(EVP_EC_gen("P-256"));
  const Key server_key(EVP_EC_gen("P-256"));
  require(authority_key != nullptr && server_key != nullptr);

  const Certificate authority = make_certificate("toolkit sandbox authority", *authority_key, 1);
  add_extension(*authority, *authority, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(*authority, *authority, NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(*authority, *authority, *authority_key);

  const Certificate server = make_certificate("localhost", *server_key, 2);
  add_extension(*server, *authority, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*server, *authority, NID_ext_key_usage, "serverAuth");
  add_extension(*server, *authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  sign(*server, *authority, *authority_key);

  SandboxCertificates files;
  files.authority = folder.write("ca.pem", pem_of(*authority));
  files.certificate = folder.write("server.pem", pem_of(*server));
  files.key = folder.write("server.key", pem([&](BIO* target) {
                             return PEM_write_bio_PrivateKey(target, server_key.get(), nullptr, nullptr, 0,
                                                             nullptr, nullptr);
                           }));
  return files;
}

}  // namespace toolkit
