#include "toolkit/registry.hpp"

#include <algorithm>
#include <utility>

#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string list_of(const std::vector<std::unique_ptr<Dialect>>& dialects) {
  std::string list;
  for (const auto& dialect : dialects) {
    list += (list.empty() ? "" : ", ") + dialect->traits().example_url;
  }
  return list;
}

}  // namespace

Registry::Registry(std::vector<std::unique_ptr<Dialect>> dialects) : dialects_(std::move(dialects)) {}

const Dialect& Registry::for_url(const DatabaseUrl& url) const {
  for (const auto& dialect : dialects_) {
    if (contains(dialect->traits().url_schemes, url.scheme)) {
      return *dialect;
    }
  }
  throw Error(ErrorKind::configuration, "no dialect of this build serves '" + url.scheme + "' URLs",
              "URLs look like: " + list_of(dialects_));
}

const Dialect& Registry::for_flavour(std::string_view flavour) const {
  const std::string name = dialect_name_of(flavour).value_or(std::string(flavour));
  for (const auto& dialect : dialects_) {
    if (contains(dialect->traits().flavours, name)) {
      return *dialect;
    }
  }
  std::string known;
  for (const auto& dialect : dialects_) {
    for (const std::string& each : dialect->traits().flavours) {
      known += (known.empty() ? "" : ", ") + each;
    }
  }
  throw Error(ErrorKind::configuration, "no dialect '" + std::string(flavour) + "' in this build",
              "known are: " + known);
}

}  // namespace toolkit
