#include "toolkit/url.hpp"

#include <doctest/doctest.h>

#include "../support/thrown.hpp"

using namespace toolkit;

namespace {

/// Every part, as one text.
std::string parts(const std::string& text) {
  const DatabaseUrl url = parse_url(text);
  std::string all = url.scheme + " user=" + url.user + (url.has_password ? " password=" + url.password : "") +
                    " host=" + url.host + " port=" + std::to_string(url.port) + " database=" + url.database;
  for (const auto& [key, value] : url.options) {
    all += " " + key + "=" + value;
  }
  return all;
}

std::string refusal(const std::string& text) {
  const ErrorDetails details = test::thrown_by([&text] { parse_url(text); });
  CHECK(details.kind == ErrorKind::configuration);
  CHECK(details.advice == "a URL looks like postgresql://user@host:5432/database or sqlite:path");
  return details.message;
}

}  // namespace

TEST_CASE("a URL is taken apart") {
  CHECK(parts("postgresql://anna:secret@db.example:5433/app?sslmode=require&connect_timeout=5") ==
        "postgresql user=anna password=secret host=db.example port=5433 database=app connect_timeout=5 "
        "sslmode=require");
  CHECK(parts("MySQL://root@localhost/app") == "mysql user=root host=localhost port=0 database=app");
  CHECK(parts("mariadb://host") == "mariadb user= host=host port=0 database=");
  CHECK(parts("postgresql:///app") == "postgresql user= host= port=0 database=app");
  CHECK(parts("postgresql://") == "postgresql user= host= port=0 database=");
  CHECK(parts("postgresql://u:@h/d") == "postgresql user=u password= host=h port=0 database=d");
  CHECK(parts("postgresql://u@h:65535/d/e") == "postgresql user=u host=h port=65535 database=d/e");
}

TEST_CASE("percent escapes are decoded in every part, once") {
  CHECK(parts("postgresql://a%40b:p%40s%3As%2F%25@h%2ex/d%20b?k%3d=v%26%2541") ==
        "postgresql user=a@b password=p@s:s/% host=h.x port=0 database=d b k==v&%41");
  CHECK(parts("mysql://u:p%C3%BC@h/d") == "mysql user=u password=p\xC3\xBC host=h port=0 database=d");
  // An unescaped @ in a password: what stands before the last one is the user.
  CHECK(parts("mysql://u:p@ss@h/d") == "mysql user=u password=p@ss host=h port=0 database=d");
}

TEST_CASE("IPv6 addresses and unix sockets") {
  CHECK(parts("postgresql://u@[::1]:5433/d") == "postgresql user=u host=::1 port=5433 database=d");
  CHECK(parts("postgresql://[fe80::1]/d") == "postgresql user= host=fe80::1 port=0 database=d");
  CHECK(parts("postgresql://u@%2Fvar%2Frun%2Fpostgresql/d") ==
        "postgresql user=u host=/var/run/postgresql port=0 database=d");
  CHECK(parts("mysql://u@localhost/d?socket=/run/mysqld/mysqld.sock") ==
        "mysql user=u host=localhost port=0 database=d socket=/run/mysqld/mysqld.sock");
}

TEST_CASE("everything after sqlite: is the path") {
  CHECK(parts("sqlite:app.db") == "sqlite user= host= port=0 database=app.db");
  CHECK(parts("sqlite::memory:") == "sqlite user= host= port=0 database=:memory:");
  CHECK(parts("sqlite:///var/lib/app.db") == "sqlite user= host= port=0 database=/var/lib/app.db");
  CHECK(parts("sqlite:/var/lib/app.db") == "sqlite user= host= port=0 database=/var/lib/app.db");
  CHECK(parts("sqlite://app.db") == "sqlite user= host= port=0 database=app.db");
  CHECK(parts("sqlite:dir/a%20b%3F.db?foreign_keys=off") ==
        "sqlite user= host= port=0 database=dir/a b?.db foreign_keys=off");
  CHECK(parts("sqlite3:a@b:c.db") == "sqlite3 user= host= port=0 database=a@b:c.db");
}

TEST_CASE("a malformed URL is refused without repeating it") {
  CHECK(refusal("") == "malformed database URL: it is empty");
  const std::string no_scheme = "malformed database URL: it does not begin with a scheme and a colon";
  for (const char* text :
       {"app.db", "localhost/app", ":memory:", "/var/app.db", "user@host:5432/app", "my sql://h"}) {
    CAPTURE(text);
    CHECK(refusal(text) == no_scheme);
  }
  CHECK(refusal("postgresql:app") == "malformed database URL: two slashes are missing after 'postgresql:'");
  CHECK(refusal("mysql:/h/app") == "malformed database URL: two slashes are missing after 'mysql:'");
  for (const char* port : {"0", "65536", "99999999999", "x", "", "-1", "5432x"}) {
    CAPTURE(port);
    CHECK(refusal("mysql://h:" + std::string(port) + "/d") ==
          "malformed database URL: the port is not a number from 1 to 65535");
  }
  CHECK(refusal("mysql://u:s3%zz@h/d") ==
        "malformed database URL: a % without two hexadecimal digits in the password");
  CHECK(refusal("mysql://u%4@h/d") ==
        "malformed database URL: a % without two hexadecimal digits in the user");
  CHECK(refusal("mysql://%@h/d") == "malformed database URL: a % without two hexadecimal digits in the user");
  CHECK(refusal("mysql://h/d%") ==
        "malformed database URL: a % without two hexadecimal digits in the database name");
  CHECK(refusal("sqlite:a%00b") == "malformed database URL: a NUL byte in the path");
  CHECK(refusal("mysql://h/d\n") == "malformed database URL: it holds a control character");
  CHECK(refusal(std::string("mysql://h/d\0x", 13)) == "malformed database URL: it holds a control character");
  CHECK(refusal("postgresql://[::1/d") == "malformed database URL: an address in [ ] is not closed");
  CHECK(refusal("postgresql://[::1]x/d") == "malformed database URL: an address in [ ] is not closed");
  CHECK(refusal("mysql://h/d?x") == "malformed database URL: an option is not of the form key=value");
  CHECK(refusal("mysql://h/d?=x") == "malformed database URL: an option is not of the form key=value");
  CHECK(refusal("mysql://h/d?a=1&a=2") == "malformed database URL: the option 'a' is given twice");
}

TEST_CASE("a password that is cut by its own / or ? is refused, so that its rest is shown nowhere") {
  for (const char* text : {"mysql://u:s3/cret@h/d", "mysql://u:12/cret@h/d", "mysql://u:12?a=cret@h/d",
                           "mysql://u:s3?cret@h/d", "mysql://u:12/@h"}) {
    CAPTURE(text);
    const ErrorDetails details = test::thrown_by([&] { parse_url(text); });
    CHECK(details.kind == ErrorKind::configuration);
    CHECK(details.message == "malformed database URL: an @ stands behind the first / or ?");
    CHECK(details.advice ==
          "in user and password write / as %2F, ? as %3F, @ as %40 and % as %25; in the name of a database @ "
          "as "
          "%40");
  }
  CHECK(parse_url("mysql://h:1/d?name=a@b").options.at("name") == "a@b");
  CHECK(parse_url("mysql://u:p@h:1/d@e").database == "d@e");
}

TEST_CASE("a URL for people never shows a password") {
  const auto display = [](const std::string& text) { return parse_url(text).display(); };
  CHECK(display("postgresql://anna:secret@db:5433/app?sslmode=require") ==
        "postgresql://anna:***@db:5433/app?sslmode=require");
  CHECK(display("mysql://anna@db/app") == "mysql://anna@db/app");
  CHECK(display("mysql://db") == "mysql://db/");
  CHECK(display("postgresql://u:p%40ss%2F@[::1]:1/d") == "postgresql://u:***@[::1]:1/d");
  CHECK(display("postgresql://h/d?password=secret&sslpassword=secret&user=u") ==
        "postgresql://h/d?password=***&sslpassword=***&user=u");
  CHECK(display("mysql://h/d?passwd=secret&pwd=secret") == "mysql://h/d?passwd=***&pwd=***");
  CHECK(display("sqlite:a/b.db") == "sqlite:a/b.db");
  CHECK(display("postgresql://a%40b:x@h/d") == "postgresql://a%40b:***@h/d");
}

TEST_CASE("every spelling of a password is taken out of a text") {
  const DatabaseUrl url = parse_url("postgresql://u:p%40s's%5C%22%2F@h/d?sslpassword=t0p");
  REQUIRE(url.password == "p@s's\\\"/");
  const auto redacted = [&url](const std::string& text) { return redact(text, url); };
  CHECK(redacted("plain p@s's\\\"/ end") == "plain *** end");
  CHECK(redacted("encoded p%40s%27s%5C%22%2F end") == "encoded *** end");
  CHECK(redacted("password='p@s\\'s\\\\\\\"/'") == "password='***'");
  CHECK(redacted("PASSWORD 'p@s''s\\\"/'") == "PASSWORD '***'");
  CHECK(redacted("twice p@s's\\\"/p@s's\\\"/") == "twice ******");
  CHECK(redacted("key t0p") == "key ***");
  CHECK(redacted("nothing here") == "nothing here");
  CHECK(redact("a text", parse_url("mysql://u@h/d")) == "a text");
  CHECK(redact("a text", parse_url("mysql://u:@h/d")) == "a text");
}

TEST_CASE("what looks like user information in a URL is taken out") {
  CHECK(redact_urls("see postgresql://u:secret@h/d and mysql://v:other@h.") ==
        "see postgresql://u:***@h/d and mysql://v:***@h.");
  CHECK(redact_urls("'mysql://u:se@cr/et@h/d'") == "'mysql://u:***@h/d'");
  CHECK(redact_urls("http://host:80/path") == "http://host:80/path");
  CHECK(redact_urls("http://host/a@b") == "http://host/a@b");
  CHECK(redact_urls("x://") == "x://");
  CHECK(redact_urls("x://u@h") == "x://u@h");
  CHECK(redact_urls("") == "");
}
