// SPDX-License-Identifier: BSD-3-Clause
#include "core/config.hpp"

#include "core/error.hpp"
#include "core/toml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace starling {
namespace {

std::string dotted(std::string_view section, std::string_view key) {
  return section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
}

template <class T>
const T& as(const Value& value, std::string_view key) {
  if (const T* typed = std::get_if<T>(&value)) return *typed;
  throw LogicError(fmt::format("key '{}' is asked for with another type than its schema's", key));
}

}  // namespace

bool Section::has(std::string_view key) const { return entries_.find(key) != entries_.end(); }

const Section::Entry& Section::entry(std::string_view key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    throw LogicError(fmt::format("section '{}' has no value for key '{}'", name_, key));
  return found->second;
}

bool Section::boolean(std::string_view key) const { return as<bool>(entry(key).value, key); }
std::int64_t Section::integer(std::string_view key) const {
  return as<std::int64_t>(entry(key).value, key);
}
Real Section::real(std::string_view key) const { return as<Real>(entry(key).value, key); }
const std::string& Section::text(std::string_view key) const {
  return as<std::string>(entry(key).value, key);
}
const std::vector<std::int64_t>& Section::integers(std::string_view key) const {
  return as<std::vector<std::int64_t>>(entry(key).value, key);
}
const std::vector<Real>& Section::reals(std::string_view key) const {
  return as<std::vector<Real>>(entry(key).value, key);
}
const std::vector<std::string>& Section::texts(std::string_view key) const {
  return as<std::vector<std::string>>(entry(key).value, key);
}
const Table& Section::table(std::string_view key) const { return as<Table>(entry(key).value, key); }

void Section::fail(std::string_view key, std::string_view what, std::string_view allowed) const {
  if (!has(key))
    throw InputError(
        fmt::format("{}: {}: {}; allowed: {}", where_, dotted(name_, key), what, allowed));
  const Entry& at = entry(key);
  throw InputError(fmt::format("{}: {} = {}: {}; allowed: {}", at.where, dotted(name_, key),
                               to_toml(at.value), what, allowed));
}

Config Config::read(const std::string& path, const std::vector<std::string>& overrides) {
  std::ifstream file(path);
  require(file.good(), "{}: cannot be opened; allowed: an input file that exists", path);
  std::ostringstream text;
  text << file.rdbuf();
  require(!file.bad() && !text.str().empty(), "{}:1:1: the input file is empty or is no file",
          path);
  return parse(text.str(), path, overrides);
}

Config Config::parse(std::string_view text, std::string name,
                     const std::vector<std::string>& overrides) {
  Config config;
  config.file_ = std::move(name);
  const auto store = [&config](const toml::Leaf& leaf, Origin origin) {
    Group& group = config.groups_[leaf.section];
    if (group.where.empty()) group.where = leaf.section_where;
    if (leaf.value) group.items[leaf.key] = {*leaf.value, leaf.where, origin};
  };
  for (const toml::Leaf& leaf : toml::leaves(text, config.file_)) store(leaf, Origin::file);
  for (const std::string& setting : overrides) store(toml::override_leaf(setting), Origin::setting);
  return config;
}

bool Config::has(std::string_view section) const { return groups_.find(section) != groups_.end(); }

std::vector<std::string> Config::sections_below(std::string_view parent) const {
  const std::string prefix = std::string(parent) + ".";
  std::vector<std::string> names;
  for (auto at = groups_.lower_bound(prefix); at != groups_.end(); ++at) {
    const auto& [name, group] = *at;
    if (!name.starts_with(prefix)) break;
    const bool holds_sections =
        std::any_of(groups_.begin(), groups_.end(),
                    [&n = name](auto& each) { return each.first.starts_with(n + "."); });
    if (!group.items.empty() || !holds_sections) names.push_back(name.substr(prefix.size()));
  }
  return names;
}

std::string Config::choice(std::string_view section, std::string_view key,
                           const std::vector<std::string>& choices) {
  const auto group = groups_.find(section);
  const std::string allowed = fmt::format("one of {}", fmt::join(choices, ", "));
  if (group == groups_.end() || group->second.items.find(key) == group->second.items.end())
    throw InputError(fmt::format("{}: {}: is missing; allowed: {}",
                                 group == groups_.end() ? file_ : group->second.where,
                                 dotted(section, key), allowed));
  const Item& item = group->second.items.find(key)->second;
  const auto* text = std::get_if<std::string>(&item.value);
  if (text == nullptr || std::find(choices.begin(), choices.end(), *text) == choices.end())
    throw InputError(fmt::format("{}: {} = {}: unknown; allowed: {}", item.where,
                                 dotted(section, key), to_toml(item.value), allowed));
  group->second.choice = item.origin;
  return *text;
}

std::string Config::choice(std::string_view section, std::string_view key,
                           const std::vector<std::string>& choices, const std::string& fallback) {
  const auto group = groups_.find(section);
  if (group == groups_.end() || group->second.items.find(key) == group->second.items.end())
    return fallback;
  return choice(section, key, choices);
}

Section Config::section(std::string_view name, const Schema& schema) {
  Section section;
  section.name_ = name;
  Group& group = groups_[std::string(name)];
  group.read = true;
  section.where_ = group.where.empty() ? file_ : group.where;

  // A sub-table that the schema knows as a key of type table is folded into one value.
  for (const Key& key : schema) {
    if (key.type() != Key::Type::table) continue;
    const auto sub = groups_.find(dotted(name, key.name()));
    if (sub == groups_.end()) continue;
    Table table;
    for (const auto& [entry, item] : sub->second.items) {
      const auto number = Key::real(entry, "").accept(item.value);
      require(number.has_value(), "{}: {} = {}: is of the wrong type; allowed: a real number",
              item.where, dotted(sub->first, entry), to_toml(item.value));
      table[entry] = std::get<Real>(*number);
    }
    group.items[key.name()] = {table, sub->second.where, Origin::file};
    sub->second.read = true;
  }

  std::erase_if(group.items, [&](const auto& each) {
    const auto& [key, item] = each;
    if (std::any_of(schema.begin(), schema.end(),
                    [&k = key](const Key& known) { return known.name() == k; }))
      return false;
    if (item.origin >= group.choice) {
      std::vector<std::string> names;
      for (const Key& known : schema) names.push_back(known.name());
      throw InputError(
          fmt::format("{}: {}: unknown key; allowed: {}", item.where, dotted(name, key),
                      names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
    }
    if (item.origin == Origin::file)
      left_out_.push_back(fmt::format("{}: {}", item.where, dotted(name, key)));
    return true;
  });

  std::string text = name.empty() ? "" : fmt::format("[{}]\n", name);
  for (const Key& key : schema) {
    const auto found = group.items.find(key.name());
    if (found == group.items.end()) {
      require(!key.required(), "{}: {}: is missing; allowed: {}", section.where_,
              dotted(name, key.name()), key.allowed());
      if (!key.fallback()) continue;
      section.entries_[key.name()] = {*key.fallback(), section.where_};
    } else {
      const auto value = key.accept(found->second.value);
      require(value.has_value(), "{}: {} = {}: is of the wrong type or out of range; allowed: {}",
              found->second.where, dotted(name, key.name()), to_toml(found->second.value),
              key.allowed());
      section.entries_[key.name()] = {*value, found->second.where};
    }
    text += fmt::format("{} = {}\n", key.name(), to_toml(section.entries_[key.name()].value));
  }
  const auto same = std::find_if(resolved_.begin(), resolved_.end(),
                                 [&](const auto& entry) { return entry.first == name; });
  if (same == resolved_.end()) {
    resolved_.emplace_back(name, text);
  } else {
    same->second = text;
  }
  return section;
}

void Config::inherit(const std::string& section, const std::string& parent) {
  const auto groups = groups_;
  for (const auto& [name, group] : groups) {
    if (name != parent && !name.starts_with(parent + ".")) continue;
    Group& heir = groups_[section + name.substr(parent.size())];
    if (heir.where.empty()) heir.where = group.where;
    for (const auto& [key, item] : group.items)
      heir.items.insert({key, {item.value, item.where, Origin::inherited}});
  }
}

void Config::require_all_read() const {
  for (const auto& [name, group] : groups_) {
    if (group.read || (name.empty() && group.items.empty())) continue;
    // What another component has tables for, and an heir of another kind does not.
    if (!group.items.empty() &&
        std::all_of(group.items.begin(), group.items.end(),
                    [](const auto& item) { return item.second.origin == Origin::inherited; }))
      continue;
    // A table that only holds tables that were read, such as [truth] around [truth.model].
    if (group.items.empty() &&
        std::any_of(groups_.begin(), groups_.end(), [&n = name](const auto& other) {
          return other.second.read && other.first.starts_with(n + ".");
        }))
      continue;
    std::vector<std::string> known;
    for (const auto& [section, text] : resolved_)
      if (!section.empty()) known.push_back(section);
    const std::string first = group.items.empty() ? "" : group.items.begin()->first;
    const std::string where = group.items.empty() ? group.where : group.items.begin()->second.where;
    throw InputError(fmt::format("{}: {}: unknown section or key; allowed sections: {}", where,
                                 dotted(name, first), fmt::join(known, ", ")));
  }
}

std::string Config::resolved() const {
  std::string text;
  for (const auto& [name, section] : resolved_) text += section + "\n";
  return text;
}

}  // namespace starling
