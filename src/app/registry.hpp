// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/error.hpp"
#include "filters/entry.hpp"
#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace starling::app {

/// THE list of what an input file can name. A program of your own adds to it and hands it to
/// drivers::main:
///
///     app::Registry registry = app::builtin_registry();
///     registry.models.push_back(MyModel::entry());
///     return drivers::main(argc, argv, registry);
struct Registry {
  std::vector<models::ModelEntry> models;
  std::vector<steppers::Scheme> schemes;
  std::vector<filters::FilterEntry> filters;
};

Registry builtin_registry();

template <class Entry>
std::vector<std::string> names(const std::vector<Entry>& entries) {
  std::vector<std::string> list;
  for (const Entry& entry : entries) list.push_back(entry.name);
  return list;
}

/// The entry of that name. Throws InputError naming all there are.
template <class Entry>
const Entry& find(const std::vector<Entry>& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  require(found != entries.end(), "'{}' is unknown; allowed: {}", name,
          fmt::join(names(entries), ", "));
  return *found;
}

}  // namespace starling::app
