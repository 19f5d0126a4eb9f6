#pragma once

#include <string>

#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

namespace toolkit::mysql {

/// What SOCI is given to open a session, and what must hold afterwards.
struct SessionOptions {
  std::string connect_string;  ///< SOCI's form; holds the password: never printed
  bool needs_tls = false;      ///< the session must be encrypted, whatever the library agreed to
};

/// Pure. Maps a URL (after `with_option_file`) to the client library this build has.
///
///     mysql://user:password@host:3306/database?socket=/run/mysqld/mysqld.sock&ssl-mode=required&…
///
/// No host, or `localhost` without a port, means the unix socket (`socket=`, else the library's own);
/// `localhost` with a port means TCP, unlike the classic client programs, where the port is ignored.
/// `ssl-mode` is `disabled` on a socket and on loopback, else `preferred`, unless given:
///   disabled, preferred (encrypted when the server can), required (encrypted, the certificate is not
///   checked), verify-ca (and signed by `ssl-ca`), verify-identity (and made out to the host).
/// Further options: ssl-ca, ssl-capath, ssl-cert, ssl-key, ssl-cipher, ssl-crl, tls-version.
/// To another machine, logins that send the password itself (PAM, LDAP) need verify-identity.
/// LOCAL INFILE is switched off, the character set is utf8mb4, a session never reconnects by itself.
/// Throws Error(configuration) for unknown options and for those this build cannot honour, with the list.
SessionOptions session_options(const DatabaseUrl& url, const OpenOptions& options, bool with_database);

}  // namespace toolkit::mysql
