#include "toolkit/generate.hpp"

#include <algorithm>

#include "generate_parts.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string known_dialects() {
  std::string list;
  for (const DialectName& known : known_dialect_names()) {
    list += (list.empty() ? "" : ", ") + known.name;
  }
  return list;
}

/// The request's dialects, else those of the folder; for a first pair in folders per dialect, theirs.
std::vector<std::string> wanted_dialects(const MigrationFolder& folder, const GenerateRequest& request) {
  const std::vector<std::string>& configured = folder.options.dialects;
  std::vector<std::string> wanted;
  for (const std::string& word : request.dialects) {
    const auto name = dialect_name_of(word);
    if (!name) {
      throw Error(ErrorKind::usage, "unknown dialect '" + word + "'", "known are: " + known_dialects());
    }
    if (!configured.empty() && !contains(configured, *name)) {
      throw Error(ErrorKind::usage, "this set of migrations is not written for " + *name,
                  "add it to [migrations] dialects in toolkit.toml first");
    }
    wanted.push_back(*name);
  }
  if (wanted.empty() && folder.files.empty() && configured.empty()) {
    for (const auto& [dialect, path] : folder.options.folders) {
      wanted.push_back(dialect);
    }
  }
  if (wanted.empty()) {
    wanted = folder.dialects;
  }
  std::vector<std::string> ordered;
  for (const DialectName& known : known_dialect_names()) {
    const bool by_fallback =
        contains(wanted, known.fallback) && folder.options.folders.count(known.name) == 0;
    if (contains(wanted, known.name) && !by_fallback) {
      ordered.push_back(known.name);
    }
  }
  return ordered;
}

std::string stem_of(const FileName& name) { return name.digits + "_" + name.name; }

// A shared file without a statement is refused by `up`: nothing passes for done before a person has written
// it.
std::string text_to_replace(const FileName& file) {
  const std::string stem = stem_of(file);
  const std::string way_back = stem + ".down.sql";
  if (file.direction == Direction::up) {
    return "-- Replace these lines by the one SQL statement of this change; until then `toolkit up` refuses "
           "the file.\n"
           "-- Several statements: one file each, " +
           stem + ".up.1.sql, " + stem +
           ".up.2.sql and so on.\n"
           "-- A dialect that needs other SQL: a file of its own, as " +
           stem +
           ".mysql.up.sql, wins over this one.\n"
           "-- What takes the change back belongs into " +
           way_back + ".\n";
  }
  return "-- Replace these lines by the one SQL statement that takes " + stem +
         ".up.sql back; until then\n"
         "-- `toolkit up` refuses the file. Where there is no way back, let the file hold this line only,\n"
         "-- without the first dashes:\n"
         "-- -- toolkit: irreversible REASON\n";
}

std::vector<std::string> texts_of(const Change& change, const GenerateRequest& request, const FileName& file,
                                  const SqlFamily& family) {
  if (file.direction == Direction::down && request.irreversible) {
    return {"-- toolkit: irreversible " + *request.irreversible + "\n"};
  }
  if (change.kind == ChangeKind::by_hand) {
    return {text_to_replace(file)};
  }
  std::vector<std::string> texts = statements(change, file.direction, family);
  for (std::string& text : texts) {
    text += ";\n";
  }
  return texts;
}

bool same_for_all(const Change& change, const GenerateRequest& request, const FileName& file) {
  const std::vector<SqlFamily>& families = sql_families();
  const std::vector<std::string> first = texts_of(change, request, file, families.front());
  return std::all_of(families.begin(), families.end(), [&](const SqlFamily& family) {
    return texts_of(change, request, file, family) == first;
  });
}

struct NewFile {
  MigrationFile file;
  std::string text;
};

/// The files of one dialect (shared where `file.dialect` is empty) in one folder.
void add_files(const std::string& folder, const FileName& file, bool own_folder,
               const std::vector<std::string>& texts, std::vector<NewFile>& into) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    FileName written = file;
    written.step = texts.size() > 1 ? static_cast<int>(i) + 1 : 0;
    MigrationFile known{written, {}};
    if (own_folder) {
      written.dialect.clear();  // the folder says it
    }
    known.path = folder + (folder.ends_with('/') ? "" : "/") + to_string(written);
    into.push_back({std::move(known), texts[i]});
  }
}

void add_direction(const MigrationFolder& folder, const GenerateRequest& request, const Change& change,
                   const std::vector<std::string>& dialects, FileName file, std::vector<NewFile>& into) {
  const bool shared = same_for_all(change, request, file);
  bool shared_is_there = false;
  for (const std::string& dialect : dialects) {
    const auto own = folder.options.folders.find(dialect);
    const bool own_folder = own != folder.options.folders.end();
    if (shared && !own_folder && shared_is_there) {
      continue;
    }
    shared_is_there = shared_is_there || (shared && !own_folder);
    file.dialect = shared && !own_folder ? std::string() : dialect;
    add_files(own_folder ? own->second : folder.options.path, file, own_folder,
              texts_of(change, request, file, sql_family(dialect)), into);
  }
}

// In a folder of one dialect a file without a statement means "nothing to do here" and would pass for done.
void refuse_empty_in_own_folders(const MigrationFolder& folder, const Change& change,
                                 const std::vector<std::string>& dialects, const std::string& stem) {
  const bool own_folder = std::any_of(dialects.begin(), dialects.end(), [&](const std::string& dialect) {
    return folder.options.folders.count(dialect) != 0;
  });
  if (change.kind == ChangeKind::by_hand && own_folder) {
    throw Error(ErrorKind::usage, "a pair without statements would count as done in a folder of one dialect",
                "write " + stem + ".up.sql and " + stem + ".down.sql into each of them yourself");
  }
}

void check_with_new_files(MigrationFolder folder, const std::vector<NewFile>& files) {
  for (const NewFile& each : files) {
    folder.files.push_back(each.file);
  }
  check_folder(folder);
}

std::string column_list(const Change& change, bool (*chosen)(const ColumnSpec&)) {
  std::string list;
  for (const ColumnSpec& column : change.columns) {
    if (chosen(column)) {
      list += (list.empty() ? "" : ", ") + column.name;
    }
  }
  return list;
}

void add_reserved_note(const Change& change, std::vector<std::string>& notes) {
  std::vector<std::string> names = {change.table};
  for (const ColumnSpec& column : change.columns) {
    names.push_back(column.name);
  }
  for (const std::string& name : names) {
    const bool quoted =
        std::any_of(sql_families().begin(), sql_families().end(),
                    [&](const SqlFamily& family) { return identifier(name, family) != name; });
    if (quoted) {
      notes.push_back(
          name +
          " is a reserved word, so it is quoted where a dialect asks for it; every query must do so too");
    }
  }
}

std::vector<std::string> notes_for(const MigrationFolder& folder, const GenerateRequest& request,
                                   const Change& change, const std::vector<std::string>& dialects) {
  std::vector<std::string> notes;
  const bool reversible = !request.irreversible;
  const bool removes = change.kind == ChangeKind::remove_columns;
  const bool adds = change.kind == ChangeKind::add_columns || (removes && reversible);
  const auto is_id = [](const ColumnSpec& column) {
    return column.type != nullptr && column.type->word == "id";
  };
  const auto is_not_null = [](const ColumnSpec& column) { return column.not_null; };
  if (change.kind == ChangeKind::by_hand) {
    notes.emplace_back(
        "there is no statement in it yet: 'toolkit up' refuses the pair until a person has written it");
  }
  if (change.kind == ChangeKind::create_table && column_list(change, is_id).empty()) {
    notes.push_back(change.table + " has no column of type id, so no primary key");
  }
  if (const std::string columns = column_list(change, is_not_null); adds && !columns.empty()) {
    notes.push_back(
        columns + " NOT NULL: rows that exist get the default, and it stays, because SQLite cannot drop it");
  }
  if (contains(dialects, "sqlite") && (removes || (adds && reversible))) {
    notes.emplace_back("DROP COLUMN needs SQLite 3.35 or newer");
  }
  if (reversible && removes) {
    notes.emplace_back("the down brings back the column, not its values, indexes and constraints");
  }
  if (reversible && change.kind == ChangeKind::drop_table) {
    notes.emplace_back(
        "the down brings back the table as given here, without rows, indexes and foreign keys");
  }
  add_reserved_note(change, notes);
  for (const MigrationFile& file : folder.files) {
    if (file.name.name == request.name) {
      notes.push_back(stem_of(file.name) + " has the same name");
      break;
    }
  }
  return notes;
}

}  // namespace

Generated generate(const MigrationFolder& folder, const GenerateRequest& request,
                   std::chrono::system_clock::time_point now) {
  const Change change = read_change(request);
  const std::vector<std::string> dialects = wanted_dialects(folder, request);
  Generated generated;
  generated.digits = next_digits(folder, now);
  generated.version = *parse_version(generated.digits);
  generated.name = request.name;
  FileName file;
  file.version = generated.version;
  file.digits = generated.digits;
  file.name = request.name;
  refuse_empty_in_own_folders(folder, change, dialects, stem_of(file));
  std::vector<NewFile> files;
  for (const Direction direction : {Direction::up, Direction::down}) {
    file.direction = direction;
    add_direction(folder, request, change, dialects, file, files);
  }
  check_with_new_files(folder, files);
  for (NewFile& each : files) {
    generated.files.push_back({std::move(each.file.path), std::move(each.text)});
  }
  generated.notes = notes_for(folder, request, change, dialects);
  return generated;
}

}  // namespace toolkit
