#pragma once

#include <string_view>

namespace toolkit {

/// The words that the shape of a statement depends on. `verb` stands for all those that begin a simple
/// statement of a routine, so that its body is no compound one.
enum class KeyWord : unsigned char {
  none,
  aggregate,
  alter,
  as,
  atomic,
  begin,
  body,
  case_,
  character,
  create,
  declare,
  definer,
  do_,
  each,
  else_,
  end,
  event,
  exists,
  found,
  for_,
  function,
  handler,
  if_,
  is,
  loop,
  not_,
  of,
  on,
  or_,
  order,
  package,
  procedure,
  repeat,
  replace,
  returns,
  row,
  sqlstate,
  table,
  temporary,
  then,
  trigger,
  value,
  verb,
  view,
  while_,
};

/// Pure. In any case; `none` for every other word.
KeyWord key_word_of(std::string_view word);

}  // namespace toolkit
