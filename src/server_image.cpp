#include "server_image.hpp"

#include <algorithm>

namespace toolkit {

// A check over TCP: the first start of an image answers on its socket before it is ready.
const std::vector<ServerImage>& server_images() {
  static const std::vector<ServerImage> images = {
      {"postgresql", "postgres", "POSTGRES_TAG", "12", "18", "POSTGRES_PASSWORD", "postgres", "5432",
       "postgresql", "postgres", "/var/lib/postgresql", "pg_isready -h 127.0.0.1 -U postgres"},
      {"mysql", "mysql", "MYSQL_TAG", "8.0", "9", "MYSQL_ROOT_PASSWORD", "root", "3306", "mysql", "mysql",
       "/var/lib/mysql", "mysqladmin ping -h 127.0.0.1 -uroot -ptoolkit --silent"},
      {"mariadb", "mariadb", "MARIADB_TAG", "10.6", "11.8", "MARIADB_ROOT_PASSWORD", "root", "3306",
       "mariadb", "mysql", "/var/lib/mysql", "healthcheck.sh --connect --innodb_initialized"}};
  return images;
}

const ServerImage* image_for(std::string_view flavour) {
  const auto& images = server_images();
  const auto found = std::find_if(images.begin(), images.end(),
                                  [&](const ServerImage& image) { return image.flavour == flavour; });
  return found == images.end() ? nullptr : &*found;
}

}  // namespace toolkit
