#include "toolkit/renumber.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "generate_parts.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

Error usage(std::string message, std::string advice = {}) {
  return {ErrorKind::usage, std::move(message), std::move(advice)};
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

/// The name of the version's files. Several are told apart by the person.
std::string only_name(const MigrationFolder& names, const RenumberRequest& request) {
  std::set<std::string> found;
  for (const MigrationFile& file : names.files) {
    if (file.name.version == request.version && (request.name.empty() || request.name == file.name.name)) {
      found.insert(file.name.name);
    }
  }
  if (found.size() < 2) {
    return found.empty() ? std::string() : *found.begin();
  }
  std::string list;
  for (const std::string& name : found) {
    list += (list.empty() ? "" : ", ") + std::to_string(request.version) + "_" + name;
  }
  throw usage("several migrations have the number " + std::to_string(request.version) + ": " + list,
              "say which one: toolkit renumber " + list.substr(0, list.find(',')));
}

const MigrationFile* file_of(const MigrationFolder& names, Version version) {
  const auto file =
      std::find_if(names.files.begin(), names.files.end(),
                   [version](const MigrationFile& each) { return each.name.version == version; });
  return file == names.files.end() ? nullptr : &*file;
}

/// `9` among `0007` and `0008` is written 0009.
std::string padded_like(const MigrationFolder& names, const RenumberRequest& request,
                        const std::string& digits) {
  const MigrationFile* old = file_of(names, request.version);
  const std::size_t width = old == nullptr ? 0 : old->name.digits.size();
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

/// What to say where no file has the old number: somebody may have renamed it already.
Renumbering already_moved(const MigrationFolder& names, const RenumberRequest& request) {
  const std::optional<Version> to = parse_version(request.digits);
  const MigrationFile* file = to ? file_of(names, *to) : nullptr;
  if (file == nullptr || (!request.name.empty() && request.name != file->name.name)) {
    throw usage("there is no version " + std::to_string(request.version) +
                    (request.name.empty() ? "" : " named " + request.name),
                "'toolkit list' shows those that are");
  }
  return {request.version, *to, std::to_string(request.version), file->name.digits, file->name.name, {}};
}

}  // namespace

Renumbering plan_renumber(const MigrationFolder& names, const RenumberRequest& request,
                          std::chrono::system_clock::time_point now) {
  const std::string name = only_name(names, request);
  if (name.empty()) {
    return already_moved(names, request);
  }
  Renumbering plan;
  plan.from = request.version;
  plan.name = name;
  plan.to_digits = request.digits.empty() ? next_digits(names, now) : request.digits;
  const std::optional<Version> to = parse_version(plan.to_digits);
  if (!to) {
    throw usage("'" + plan.to_digits + "' is no version", "1 to 18 digits, above 0");
  }
  plan.to = *to;
  plan.to_digits = padded_like(names, request, plan.to_digits);
  if (const MigrationFile* taken = file_of(names, plan.to)) {
    throw usage(
        "the number " + plan.to_digits + " is taken by " + taken->name.digits + "_" + taken->name.name,
        "leave --to away for the next free one");
  }
  for (const MigrationFile& file : names.files) {
    if (file.name.version == plan.from && file.name.name == name) {
      FileName renamed = file.name;
      plan.from_digits = file.name.digits;
      renamed.digits = plan.to_digits;
      renamed.version = plan.to;
      // In a folder of one dialect the files do not name it.
      const std::string own_folder_name = file.path.substr(folder_of(file.path).size());
      if (own_folder_name != to_string(file.name)) {
        renamed.dialect.clear();
      }
      plan.moves.push_back({file.path, folder_of(file.path) + to_string(renamed)});
    }
  }
  return plan;
}

void move_files(const std::vector<Renumbering::Move>& moves) {
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (::renameat2(AT_FDCWD, moves[i].from.c_str(), AT_FDCWD, moves[i].to.c_str(), RENAME_NOREPLACE) == 0) {
      continue;
    }
    const int number = errno;
    move_files_back({moves.begin(), moves.begin() + static_cast<std::ptrdiff_t>(i)});
    ErrorDetails details;
    details.kind = ErrorKind::files;
    details.position.path = moves[i].from;
    details.message = "cannot rename the file to " + moves[i].to + ": " + std::strerror(number) +
                      "; every file has its old name";
    throw Error(std::move(details));
  }
}

void move_files_back(const std::vector<Renumbering::Move>& moves) noexcept {
  for (const Renumbering::Move& move : moves) {
    ::renameat2(AT_FDCWD, move.to.c_str(), AT_FDCWD, move.from.c_str(), RENAME_NOREPLACE);
  }
}

}  // namespace toolkit
