#pragma once

#include <string_view>
#include <vector>

/// Server images as containers run them: facts for workflows and for throw-away servers.
namespace toolkit {

struct ServerImage {
  std::string_view flavour;
  std::string_view image;
  std::string_view tag_variable;  ///< of the environment; as in the project's docker-compose.yml
  std::string_view oldest;        ///< tags of the oldest and the newest version that the toolkit supports
  std::string_view newest;
  std::string_view password_variable;  ///< of the image: the administrator's password
  std::string_view user;
  std::string_view port;
  std::string_view scheme;
  std::string_view database;  ///< one that is always there
  std::string_view data;      ///< folder of the data in the container
  std::string_view health;    ///< exits with 0 once it serves over TCP
};

/// Pure. In the order of output.
const std::vector<ServerImage>& server_images();

/// Pure. Null where there is none (SQLite).
const ServerImage* image_for(std::string_view flavour);

}  // namespace toolkit
