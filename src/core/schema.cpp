// SPDX-License-Identifier: BSD-3-Clause
#include "core/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace starling {
namespace {

// Shortest text that reads back as the same double, and as a real rather than an integer.
std::string real_text(Real x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", x);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

template <class List, class Element>
std::string list_text(const List& list, Element element) {
  std::vector<std::string> parts;
  for (const auto& item : list) parts.push_back(element(item));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

struct TomlText {
  std::string operator()(bool x) const { return x ? "true" : "false"; }
  std::string operator()(std::int64_t x) const { return fmt::format("{}", x); }
  std::string operator()(Real x) const { return real_text(x); }
  std::string operator()(const std::string& x) const { return quoted(x); }
  std::string operator()(const std::vector<std::int64_t>& x) const { return list_text(x, *this); }
  std::string operator()(const std::vector<Real>& x) const { return list_text(x, real_text); }
  std::string operator()(const std::vector<std::string>& x) const { return list_text(x, quoted); }
  std::string operator()(const Table& x) const {
    std::vector<std::string> parts;
    for (const auto& [name, number] : x)
      parts.push_back(fmt::format("{} = {}", name, real_text(number)));
    return fmt::format("{{ {} }}", fmt::join(parts, ", "));
  }
};

constexpr const char* type_name(Key::Type type) {
  switch (type) {
    case Key::Type::boolean: return "true or false";
    case Key::Type::integer: return "an integer";
    case Key::Type::real: return "a real number";
    case Key::Type::text: return "a string";
    case Key::Type::integers: return "a list of integers";
    case Key::Type::reals: return "a list of real numbers";
    case Key::Type::texts: return "a list of strings";
    case Key::Type::table: return "a table of real numbers";
  }
  return "";
}

std::optional<Value> converted(const Value& value, Key::Type type) {
  using List = std::vector<std::int64_t>;
  if (type == Key::Type::real && std::holds_alternative<std::int64_t>(value))
    return static_cast<Real>(std::get<std::int64_t>(value));
  if (std::holds_alternative<List>(value)) {
    const auto& list = std::get<List>(value);
    if (type == Key::Type::reals) return std::vector<Real>(list.begin(), list.end());
    // An empty list in TOML has no type of its own.
    if (type == Key::Type::texts && list.empty()) return std::vector<std::string>{};
  }
  if (value.index() == static_cast<std::size_t>(type)) return value;
  return std::nullopt;
}

}  // namespace

std::string to_toml(const Value& value) { return std::visit(TomlText{}, value); }

Key Key::boolean(std::string n, std::string h) {
  return {Type::boolean, std::move(n), std::move(h)};
}
Key Key::integer(std::string n, std::string h) {
  return {Type::integer, std::move(n), std::move(h)};
}
Key Key::real(std::string n, std::string h) { return {Type::real, std::move(n), std::move(h)}; }
Key Key::text(std::string n, std::string h) { return {Type::text, std::move(n), std::move(h)}; }
Key Key::integers(std::string n, std::string h) {
  return {Type::integers, std::move(n), std::move(h)};
}
Key Key::reals(std::string n, std::string h) { return {Type::reals, std::move(n), std::move(h)}; }
Key Key::texts(std::string n, std::string h) { return {Type::texts, std::move(n), std::move(h)}; }
Key Key::table(std::string n, std::string h) { return {Type::table, std::move(n), std::move(h)}; }

Key&& Key::above(Real bound) && { return above_ = bound, std::move(*this); }
Key&& Key::below(Real bound) && { return below_ = bound, std::move(*this); }
Key&& Key::at_least(Real bound) && { return at_least_ = bound, std::move(*this); }
Key&& Key::at_most(Real bound) && { return at_most_ = bound, std::move(*this); }
Key&& Key::even() && { return even_ = true, std::move(*this); }
Key&& Key::one_of(std::vector<std::string> c) && {
  return choices_ = std::move(c), std::move(*this);
}
Key&& Key::otherwise(Value value) && { return fallback_ = std::move(value), std::move(*this); }
Key&& Key::optional() && { return optional_ = true, std::move(*this); }

std::string Key::allowed() const {
  if (!choices_.empty()) {
    const bool list = type_ == Type::texts;
    return fmt::format("{} {}", list ? "a list of" : "one of", fmt::join(choices_, ", "));
  }
  std::string text = even_ ? "an even integer" : type_name(type_);
  const char* glue = " ";
  const auto add = [&](const char* relation, const std::optional<Real>& bound) {
    if (!bound) return;
    text += fmt::format("{}{} {}", glue, relation, *bound);
    glue = " and ";
  };
  add(">", above_);
  add(">=", at_least_);
  add("<", below_);
  add("<=", at_most_);
  return text;
}

std::optional<Value> Key::accept(const Value& value) const {
  std::optional<Value> result = converted(value, type_);
  if (!result || !within_limits(*result)) return std::nullopt;
  return result;
}

bool Key::within_limits(const Value& value) const {
  const auto number = [&](Real x) {
    return std::isfinite(x) && (!above_ || x > *above_) && (!below_ || x < *below_) &&
           (!at_least_ || x >= *at_least_) && (!at_most_ || x <= *at_most_) &&
           (!even_ || std::fmod(x, 2) == 0);
  };
  const auto text = [&](const std::string& x) {
    return choices_.empty() || std::find(choices_.begin(), choices_.end(), x) != choices_.end();
  };
  switch (type_) {
    case Type::boolean: return true;
    case Type::integer: return number(static_cast<Real>(std::get<std::int64_t>(value)));
    case Type::real: return number(std::get<Real>(value));
    case Type::text: return text(std::get<std::string>(value));
    case Type::integers: {
      const auto& list = std::get<std::vector<std::int64_t>>(value);
      return std::all_of(list.begin(), list.end(),
                         [&](std::int64_t x) { return number(static_cast<Real>(x)); });
    }
    case Type::reals: {
      const auto& list = std::get<std::vector<Real>>(value);
      return std::all_of(list.begin(), list.end(), number);
    }
    case Type::texts: {
      const auto& list = std::get<std::vector<std::string>>(value);
      return std::all_of(list.begin(), list.end(), text);
    }
    case Type::table: {
      const auto& entries = std::get<Table>(value);
      return std::all_of(entries.begin(), entries.end(),
                         [&](const auto& entry) { return number(entry.second); });
    }
  }
  return false;
}

Schema operator+(Schema first, const Schema& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace starling
