// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The seam to toml++, whose header is included in one source file only.
namespace starling::toml {

/// One value of the tree, or (without a value) one table.
struct Leaf {
  std::string section;        ///< dotted path of the table it stands in
  std::string section_where;  ///< "file:line:column" of that table
  std::string key;
  std::optional<Value> value;
  std::string where;
};

/// Every table and value of a TOML text. Throws InputError "file:line:column: ..." on what TOML
/// does not allow (duplicate keys included) and on values that no key can have (dates, nested
/// lists).
std::vector<Leaf> leaves(std::string_view text, const std::string& file);

/// "a.b.c=value" as a leaf that stands at "--set a.b.c=value".
Leaf override_leaf(const std::string& setting);

}  // namespace starling::toml
