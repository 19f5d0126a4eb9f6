#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "mutant_file.hpp"

// The folder of one mutant on one engine.

namespace toolkit::test {

namespace {

/// The names that files of a dialect have here, the nearest first.
std::vector<std::string> dialects_for(const std::string& engine) {
  std::vector<std::string> names = {engine};
  if (engine == "mariadb") {
    names.emplace_back("mysql");
  }
  names.emplace_back();
  return names;
}

std::string part_of(const SetFile& file) { return file.version + " " + file.part; }

/// The files of each part that an engine takes: those of the nearest dialect that has any.
std::map<std::string, std::vector<const SetFile*>> chosen(const std::vector<SetFile>& files,
                                                          const std::string& engine) {
  // Counted first: a long set, asked for each of its mutants, is what the exam waits for otherwise.
  std::map<std::string, std::set<std::string>> dialects;
  for (const SetFile& file : files) {
    dialects[part_of(file)].insert(file.dialect);
  }
  std::map<std::string, std::string> nearest;
  for (const auto& [part, of_part] : dialects) {
    for (const std::string& dialect : dialects_for(engine)) {
      if (of_part.contains(dialect)) {
        nearest[part] = dialect;
        break;
      }
    }
  }
  std::map<std::string, std::vector<const SetFile*>> parts;
  for (const SetFile& file : files) {
    const std::string part = part_of(file);
    if (const auto found = nearest.find(part); found != nearest.end() && found->second == file.dialect) {
      parts[part].push_back(&file);
    }
  }
  return parts;
}

std::string name_of(const SetFile& file, const std::string& engine) {
  if (file.version.empty()) {
    return file.part + "." + engine + ".sql";
  }
  const std::string zeros(4 - std::min<std::size_t>(file.version.size(), 4), '0');
  return zeros + file.version + "_v." + engine + "." + file.part +
         (file.step.empty() ? "" : "." + file.step) + ".sql";
}

std::string text_of(const SetFile& file, const std::string& newest) {
  const bool needs_version = file.part == "schema" && !file.text.starts_with("-- toolkit");
  return (needs_version ? "-- toolkit: schema-version " + newest + "\n" : "") + file.text + "\n";
}

using Parts = std::map<std::string, std::vector<const SetFile*>>;

void leave_only_touched(Parts& parts, const Mutant& mutant) {
  std::erase_if(parts, [&](const auto& part) {
    const std::string version = part.first.substr(0, part.first.find(' '));
    return version != "1" && std::none_of(mutant.files.begin(), mutant.files.end(),
                                          [&](const SetFile& file) { return file.version == version; });
  });
}

/// Behind each version but the first one that undoes it, so that the next finds what the first has made.
void add_ways_back(FileTree& tree, const Parts& parts, const std::string& engine) {
  tree.clear();
  for (const auto& [part, files] : parts) {
    for (const SetFile* file : files) {
      const int version = std::atoi(file->version.c_str());
      SetFile one = *file;
      one.version = std::to_string(2 * version);
      tree[name_of(one, engine)] = text_of(one, "");
      if (version > 1) {
        one.version = std::to_string(2 * version + 1);
        one.part = file->part == "up" ? "down" : "up";
        tree[name_of(one, engine)] = text_of(one, "");
      }
    }
  }
}

FileTree tree_of(const MutationSet& set, const Mutant* mutant, const std::string& engine) {
  auto parts = chosen(set.files, engine);
  if (mutant != nullptr) {
    for (const auto& [part, files] : chosen(mutant->files, engine)) {
      parts[part] = files;
    }
  }
  const bool has_files = mutant != nullptr && !mutant->files.empty();
  if (set.is_independent && has_files) {
    leave_only_touched(parts, *mutant);
  }
  int newest = 0;
  for (const auto& [part, files] : parts) {
    newest = std::max(newest, std::atoi(part.c_str()));
  }
  FileTree tree;
  for (const auto& [part, files] : parts) {
    for (const SetFile* file : files) {
      if (!file->is_removed) {
        tree[name_of(*file, engine)] = text_of(*file, std::to_string(newest));
      }
    }
  }
  if (set.is_independent && !has_files) {
    add_ways_back(tree, parts, engine);
  }
  return tree;
}

std::string with_engine(std::string name, const std::string& engine) {
  const std::string place = "{engine}";
  const std::size_t at = name.find(place);
  return at == std::string::npos ? name : name.replace(at, place.size(), engine);
}

/// Those of a file's nearest dialect.
std::vector<Replacement> replacements_for(const Mutant& mutant, const std::string& engine) {
  std::vector<Replacement> chosen;
  for (const Replacement& each : mutant.replacements) {
    for (const std::string& dialect : dialects_for(engine)) {
      const auto is_of = [&](const Replacement& other) {
        return other.file == each.file && other.dialect == dialect;
      };
      if (std::any_of(mutant.replacements.begin(), mutant.replacements.end(), is_of)) {
        if (each.dialect == dialect) {
          chosen.push_back(each);
          chosen.back().file = with_engine(each.file, engine);
        }
        break;
      }
    }
  }
  return chosen;
}

void replace_once(FileTree& tree, const Mutant& mutant, const Replacement& replacement) {
  if (replacement.search.empty()) {
    tree[replacement.file] = replacement.by;
    return;
  }
  const auto file = tree.find(replacement.file);
  const std::size_t at = file == tree.end() ? std::string::npos : file->second.find(replacement.search);
  if (at == std::string::npos || file->second.find(replacement.search, at + 1) != std::string::npos) {
    throw std::runtime_error(mutant.place + ": '" + replacement.search + "' does not occur once in " +
                             replacement.file);
  }
  file->second.replace(at, replacement.search.size(), replacement.by);
}

}  // namespace

bool is_for(const MutationSet& set, const Mutant* mutant, const std::string& engine) {
  const auto names = [&](const std::vector<std::string>& engines) {
    return engines.empty() || std::find(engines.begin(), engines.end(), engine) != engines.end();
  };
  return names(set.engines) && (mutant == nullptr || names(mutant->engines));
}

bool changes(const MutationSet& set, const Mutant& mutant, const std::string& engine) {
  return !set.folder.empty() || !chosen(mutant.files, engine).empty() ||
         !replacements_for(mutant, engine).empty();
}

FileTree files_of(const MutationSet& set, const Mutant* mutant, const std::string& engine) {
  FileTree tree = set.folder.empty() ? tree_of(set, mutant, engine)
                                     : read_files(std::filesystem::path(TOOLKIT_SOURCE_DIR) / set.folder);
  if (mutant == nullptr) {
    return tree;
  }
  for (const Replacement& replacement : replacements_for(*mutant, engine)) {
    replace_once(tree, *mutant, replacement);
  }
  if (tree == files_of(set, nullptr, engine)) {
    throw std::runtime_error(mutant->place + ": the mutant changes nothing on " + engine);
  }
  return tree;
}

}  // namespace toolkit::test
