#ifdef TOOLKIT_WITH_MYSQL

#include "../../dialects/mysql/option_file.hpp"

#include <doctest/doctest.h>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "toolkit/error.hpp"

using namespace toolkit;
using Values = std::map<std::string, std::string>;

TEST_CASE("an option file is read as the client programs read it") {
  const std::string text =
      "# a comment\n; another\n!include /etc/other.cnf\nuser=ignored\n"
      "[client]\r\nuser = me  \npassword=\"p#1 ' x\"   # why\nskip_ssl\n host=db\n"
      "[mysqld]\nport=1\n[client-work]\nssl_ca=/a\\sb.pem\nport=3307\n";
  CHECK(mysql::parse_option_file(text, {"client"}) ==
        Values{{"user", "me"}, {"password", "p#1 ' x"}, {"skip-ssl", ""}, {"host", "db"}});
  CHECK(mysql::parse_option_file(text, {"client", "client-work"}).at("ssl-ca") == "/a b.pem");
  CHECK(mysql::parse_option_file(text, {"client", "client-work"}).at("port") == "3307");
  CHECK(mysql::parse_option_file("[client]\npassword='a\\tb\\\\c'", {"client"}).at("password") == "a\tb\\c");
  CHECK(mysql::parse_option_file("[client", {"client"}).empty());
  CHECK(mysql::parse_option_file("", {"client"}).empty());
}

TEST_CASE("the URL wins over the file") {
  const test::TempFolder folder;
  const std::string path = (folder.path() / "my.cnf").string();
  test::write_file(
      path, "[client]\nuser=filed\npassword=secret\nhost=elsewhere\nport=3310\nsocket=/s\n[x]\nuser=other\n");
  const DatabaseUrl bare = mysql::with_option_file(parse_url("mysql:///db?defaults-file=" + path));
  CHECK(bare.user == "filed");
  CHECK(bare.password == "secret");
  CHECK(bare.host == "elsewhere");
  CHECK(bare.port == 3310);
  CHECK(bare.options == Values{{"socket", "/s"}});
  const DatabaseUrl full =
      mysql::with_option_file(parse_url("mysql://me:mine@here/db?defaults-file=" + path));
  CHECK(full.user == "me");
  CHECK(full.password == "mine");
  CHECK(full.host == "here");
  CHECK(full.port == 0);
  CHECK(full.options.empty());
  CHECK(mysql::with_option_file(parse_url("mysql:///db?defaults-group=x&defaults-file=" + path)).user ==
        "other");
}

TEST_CASE("a named file that cannot be read is an error without its contents") {
  try {
    mysql::with_option_file(parse_url("mysql:///db?defaults-file=/no/such/file"));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::configuration);
    CHECK(error.details().message == "the option file '/no/such/file' cannot be read");
  }
}

#endif
