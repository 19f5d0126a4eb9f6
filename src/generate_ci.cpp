#include "toolkit/generate_ci.hpp"

#include <algorithm>

#include "server_image.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::string_view packages =
    "g++ cmake ninja-build git ca-certificates libsoci-dev libpq-dev libmysqlclient-dev libsqlite3-dev "
    "libssl-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev";

bool has(const CiRequest& request, std::string_view engine) {
  return std::find(request.engines.begin(), request.engines.end(), engine) != request.engines.end();
}

std::string url_of(const ServerImage& server, const std::string& host, const std::string& port) {
  return std::string(server.scheme) + "://" + std::string(server.user) + ":toolkit@" + host + ":" + port +
         "/" + std::string(server.database);
}

std::string folder_option(const CiRequest& request) {
  return request.migrations.empty() ? "" : "--migrations '" + request.migrations + "' ";
}

/// One row of the matrix: the versions of all servers of one age.
std::string versions(const CiRequest& request, bool newest, const std::string& quote_begin,
                     const std::string& separator, const std::string& suffix) {
  std::string text;
  for (const ServerImage& server : server_images()) {
    if (has(request, server.flavour)) {
      text += (text.empty() ? "" : separator) + std::string(server.flavour) + suffix + ": " + quote_begin +
              std::string(newest ? server.newest : server.oldest) + quote_begin;
    }
  }
  return text;
}

std::string targets(const CiRequest& request, bool by_name) {
  std::string list;
  for (const ServerImage& server : server_images()) {
    if (has(request, server.flavour)) {
      const std::string port = server.flavour == "mariadb" && !by_name ? "3307" : std::string(server.port);
      list += (list.empty() ? "" : ",") +
              url_of(server, by_name ? std::string(server.flavour) : "127.0.0.1", port);
    }
  }
  return list + (has(request, "sqlite") ? std::string(list.empty() ? "" : ",") + "sqlite" : std::string());
}

std::string github_services(const CiRequest& request) {
  std::string text;
  for (const ServerImage& server : server_images()) {
    if (!has(request, server.flavour)) {
      continue;
    }
    const std::string name(server.flavour);
    const std::string port = name == "mariadb" ? "3307" : std::string(server.port);
    text += "      " + name + ":\n        image: " + std::string(server.image) + ":${{ matrix." + name +
            " }}\n        env:\n          " + std::string(server.password_variable) +
            ": toolkit\n        ports: [\"" + port + ":" + std::string(server.port) +
            "\"]\n        options: >-\n          --health-cmd \"" + std::string(server.health) +
            "\"\n          --health-interval 2s --health-timeout 3s --health-retries 60\n";
  }
  return text.empty() ? "" : "    services:\n" + text;
}

std::string github_matrix(const CiRequest& request) {
  const std::string oldest = versions(request, false, "\"", ", ", "");
  return oldest.empty()
             ? ""
             : "    strategy:\n      fail-fast: false\n      matrix:\n        include:\n          - {" +
                   oldest + "}\n          - {" + versions(request, true, "\"", ", ", "") + "}\n";
}

const std::string no_source =
    "test -n \"$TOOLKIT_SOURCE\" || { echo 'set the variable TOOLKIT_SOURCE to the Git address of the "
    "toolkit'; "
    "exit 1; }";

std::string build_steps(const std::string& indent, const std::string& sudo) {
  std::string text;
  for (const std::string& line :
       {no_source, sudo + "apt-get update",
        sudo + "apt-get install -y --no-install-recommends " + std::string(packages),
        std::string("git clone --depth 1 \"$TOOLKIT_SOURCE\" /tmp/toolkit"),
        std::string("cmake -S /tmp/toolkit -B /tmp/toolkit-build -G Ninja -DCMAKE_BUILD_TYPE=Release "
                    "-DTOOLKIT_TESTS=OFF"),
        std::string("cmake --build /tmp/toolkit-build --target toolkit")}) {
    text += indent + line + "\n";
  }
  return text;
}

std::string github_text(const CiRequest& request) {
  const std::string source =
      request.source.empty()
          ? "${{ vars.TOOLKIT_SOURCE }}  # Settings > Variables: where the toolkit's source is"
          : request.source;
  return "# Proves the migrations on the oldest and the newest supported server of each engine. Written by\n"
         "# `toolkit generate ci github`; yours to change.\n"
         "name: migrations\n\non:\n  push:\n    branches: [main]\n  pull_request:\n\npermissions:\n  "
         "contents: read\n\n"
         "jobs:\n  verify:\n    runs-on: ubuntu-24.04\n" +
         github_matrix(request) + github_services(request) + "    env:\n      TOOLKIT_SOURCE: " + source +
         "\n    steps:\n      - uses: actions/checkout@v4\n      - name: Build the toolkit\n        run: "
         "|\n" +
         build_steps("          ", "sudo ") +
         "      - name: Prove the migrations\n        run: >-\n          /tmp/toolkit-build/toolkit " +
         folder_option(request) + "verify\n          --on '" + targets(request, false) +
         "'\n          --disposable --junit verify.xml\n"
         "      - uses: actions/upload-artifact@v4\n        if: always()\n        with:\n"
         "          name: verify-${{ strategy.job-index }}\n          path: verify.xml\n";
}

std::string gitlab_text(const CiRequest& request) {
  std::string text =
      "# Proves the migrations on the oldest and the newest supported server of each engine. Written by\n"
      "# `toolkit generate ci gitlab`; yours to change.\n"
      "migrations:\n  image: ubuntu:24.04\n";
  const std::string oldest = versions(request, false, "\"", "\n        ", "_tag");
  if (!oldest.empty()) {
    text += "  parallel:\n    matrix:\n      - " + oldest + "\n      - " +
            versions(request, true, "\"", "\n        ", "_tag") + "\n  services:\n";
    for (const ServerImage& server : server_images()) {
      if (has(request, server.flavour)) {
        text += "    - name: " + std::string(server.image) + ":$" + std::string(server.flavour) +
                "_tag\n      alias: " + std::string(server.flavour) + "\n";
      }
    }
  }
  text += "  variables:\n    DEBIAN_FRONTEND: noninteractive\n";
  for (const ServerImage& server : server_images()) {
    text +=
        has(request, server.flavour) ? "    " + std::string(server.password_variable) + ": toolkit\n" : "";
  }
  text += request.source.empty()
              ? "    # TOOLKIT_SOURCE: Settings > CI/CD > Variables: where the toolkit's source is\n"
              : "    TOOLKIT_SOURCE: " + request.source + "\n";
  text += "  script:\n";
  const std::string steps = build_steps("\n", "");
  for (std::size_t at = 0; at < steps.size();) {
    const std::size_t begin = steps.find_first_not_of('\n', at);
    if (begin == std::string::npos) {
      break;
    }
    at = steps.find('\n', begin);
    text += "    - |\n      " + steps.substr(begin, at - begin) + "\n";
  }
  for (const ServerImage& server : server_images()) {
    if (has(request, server.flavour)) {
      text += "    - /tmp/toolkit-build/toolkit --database '" +
              url_of(server, std::string(server.flavour), std::string(server.port)) + "' wait --timeout 2m\n";
    }
  }
  return text + "    - >-\n      /tmp/toolkit-build/toolkit " + folder_option(request) +
         "verify\n      --on '" + targets(request, true) +
         "'\n      --disposable --junit verify.xml\n  artifacts:\n    when: always\n    reports:\n"
         "      junit: verify.xml\n";
}

}  // namespace

std::string ci_path(CiSystem system) {
  return system == CiSystem::github ? ".github/workflows/migrations.yml" : ".gitlab-ci.yml";
}

std::string ci_text(const CiRequest& request) {
  if (request.engines.empty()) {
    throw Error(ErrorKind::usage, "the set names no dialect", "say [verify] engines in toolkit.toml");
  }
  if ((request.migrations + request.source).find_first_of("'\"\n") != std::string::npos) {
    throw Error(ErrorKind::usage, "the folder and the address may not hold quotes or line feeds");
  }
  for (const std::string& engine : request.engines) {
    const bool known = engine == "sqlite" || image_for(engine) != nullptr;
    if (!known) {
      throw Error(ErrorKind::usage, "'" + engine + "' is no engine");
    }
  }
  return request.system == CiSystem::github ? github_text(request) : gitlab_text(request);
}

}  // namespace toolkit
