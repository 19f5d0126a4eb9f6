#include "second_statement.hpp"

#include "toolkit/file_name.hpp"

namespace toolkit {

namespace {

std::string step_name(const FileName& name, std::size_t step) {
  return name.digits + "_" + name.name + (name.dialect.empty() ? "" : "." + name.dialect) + "." +
         std::string(to_string(name.direction)) + "." + std::to_string(step) + ".sql";
}

}  // namespace

std::string how_to_split(std::string_view path, std::size_t count) {
  const std::string_view file = path.substr(path.find_last_of('/') + 1);
  const ClassifiedName classified = classify_name(file);
  if (!classified.migration) {
    return "write one file for each statement";
  }
  const FileName& name = *classified.migration;
  if (name.step > 0) {
    return "write a step of its own for each statement, and number the later steps of " + name.digits + "_" +
           name.name + " again";
  }
  const std::string last = step_name(name, count);
  return "write one step for each statement, in their order: " + step_name(name, 1) +
         (count == 2   ? " and "
          : count == 3 ? ", " + step_name(name, 2) + " and "
                       : " to ") +
         last + " instead of " + std::string(file) + "; or give each its own version";
}

}  // namespace toolkit
