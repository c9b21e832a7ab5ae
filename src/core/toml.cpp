// SPDX-License-Identifier: BSD-3-Clause
#include "core/toml.hpp"

#include "core/error.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <utility>

namespace starling::toml {
namespace {

std::string place(const std::string& file, const ::toml::source_position& at) {
  return fmt::format("{}:{}:{}", file, at.line, at.column);
}

template <class T>
std::vector<T> list_of(const ::toml::array& array) {
  std::vector<T> list;
  for (const auto& node : array) list.push_back(*node.value<T>());
  return list;
}

std::optional<Value> value_of(const ::toml::node& node) {
  if (const auto* text = node.as_string()) return Value(text->get());
  if (const auto* number = node.as_integer()) return Value(std::int64_t{number->get()});
  if (const auto* number = node.as_floating_point()) return Value(Real{number->get()});
  if (const auto* flag = node.as_boolean()) return Value(flag->get());
  if (const auto* array = node.as_array()) {
    const auto all = [array](auto is) {
      for (const auto& each : *array)
        if (!is(each)) return false;
      return true;
    };
    if (all([](const ::toml::node& n) { return n.is_integer(); }))
      return Value(list_of<std::int64_t>(*array));
    if (all([](const ::toml::node& n) { return n.is_number(); }))
      return Value(list_of<Real>(*array));
    if (all([](const ::toml::node& n) { return n.is_string(); }))
      return Value(list_of<std::string>(*array));
  }
  return std::nullopt;
}

void collect(std::vector<Leaf>& out, const ::toml::table& table, const std::string& path,
             const std::string& file) {
  const std::string where = place(file, table.source().begin);
  out.push_back({path, where, "", std::nullopt, where});
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string at = place(file, key.source().begin);
    if (const auto* sub = node.as_table()) {
      collect(out, *sub, path.empty() ? name : path + "." + name, file);
      continue;
    }
    std::optional<Value> value = value_of(node);
    require(value.has_value(),
            "{}: {}: no key has a value of this kind; allowed: true/false, numbers, strings, lists "
            "of one of these, tables",
            at, name);
    out.push_back({path, where, name, std::move(value), at});
  }
}

::toml::table parse(std::string_view text, const std::string& file) {
  try {
    return ::toml::parse(text, file);
  } catch (const ::toml::parse_error& error) {
    throw InputError(fmt::format("{}: {}; allowed: valid TOML", place(file, error.source().begin),
                                 error.description()));
  }
}

}  // namespace

std::vector<Leaf> leaves(std::string_view text, const std::string& file) {
  std::vector<Leaf> out;
  collect(out, parse(text, file), "", file);
  return out;
}

Leaf override_leaf(const std::string& setting) {
  const std::string where = fmt::format("--set {}", setting);
  const auto equals = setting.find('=');
  require(equals != std::string::npos && equals > 0,
          "{}: is no setting; allowed: section.key=value", where);
  const std::string path = setting.substr(0, equals), text = setting.substr(equals + 1);
  const auto dot = path.rfind('.');
  require(dot != std::string::npos && dot > 0 && dot + 1 < path.size(),
          "{}: names no key of a section; allowed: section.key=value", where);

  std::optional<Value> value = Value(text);
  if (!text.empty()) {
    try {
      value = value_of(*::toml::parse("value = " + text).get("value"));
    } catch (const ::toml::parse_error&) {
      // No TOML: a string that needs no quotes.
    }
  }
  require(value.has_value(), "{}: no key has a value of this kind", where);
  return {path.substr(0, dot), where, path.substr(dot + 1), std::move(value), where};
}

}  // namespace starling::toml
