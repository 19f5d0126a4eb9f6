#pragma once

#include <optional>

#include "statement_class.hpp"

/// The parts of `statement_form`, by the verb that has been read already. All pure.
namespace toolkit::mysql {

StatementForm plain_form(StatementClass statement_class);
StatementForm form_of_object(StatementClass statement_class, ObjectKind kind, WrittenName name,
                             bool keeps_tag = false);
/// Self-detecting although nothing that can be read before tells of it: the server's answer decides.
StatementForm form_by_answer(std::vector<unsigned> done_codes);
/// The kind of a word behind CREATE or DROP.
std::optional<ObjectKind> object_kind_of(std::string_view word);
/// DEFINER, ALGORITHM, UNIQUE and the like, which stand between CREATE or ALTER and the kind.
void skip_attributes(StatementReader& reader);
/// An event that ends by itself is gone when it has done its work: that it does not stand proves nothing.
bool ends_by_itself(StatementReader reader);

StatementForm create_form(StatementReader& reader);
StatementForm drop_form(StatementReader& reader);
StatementForm rename_form(StatementReader& reader);
StatementForm alter_form(StatementReader& reader);

}  // namespace toolkit::mysql
