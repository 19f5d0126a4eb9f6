#include <doctest/doctest.h>

#include "../../src/testing/url_text.hpp"

using toolkit::parse_url;
using toolkit::testing::url_text;

TEST_CASE("testing: a URL's text reads as the same URL") {
  for (const char* text :
       {"postgresql://toolkit@/app?host=%2Ftmp%2Fa%20b", "postgresql://u:p%40s%3Aw%25@127.0.0.1:5432/d%2Fb",
        "postgresql://u:@[::1]:5432/app", "postgresql://%2Frun%2Fpg/app",
        "mysql://root@localhost/app?socket=%2Frun%2Fm.sock", "mysql://h/app", "sqlite:/tmp/a%3Fb%25.db",
        "sqlite:relative/a b.db?foreign_keys=on"}) {
    CAPTURE(text);
    const toolkit::DatabaseUrl url = parse_url(text);
    const toolkit::DatabaseUrl again = parse_url(url_text(url));
    CHECK(again.scheme == url.scheme);
    CHECK(again.user == url.user);
    CHECK(again.has_password == url.has_password);
    CHECK(again.password == url.password);
    CHECK(again.host == url.host);
    CHECK(again.port == url.port);
    CHECK(again.database == url.database);
    CHECK(again.options == url.options);
  }
}
