// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace starling {

/// A value of an input file. Integers and reals are distinct; an integer is accepted where a real
/// is asked for, never the reverse.
using Table = std::map<std::string, Real>;
using Value = std::variant<bool, std::int64_t, Real, std::string, std::vector<std::int64_t>,
                           std::vector<Real>, std::vector<std::string>, Table>;

/// How a value is written in TOML.
std::string to_toml(const Value& value);

/// One key a component reads: name, type, meaning with its unit, default and what is allowed. The
/// same table checks the input, prints the resolved configuration and feeds `starling describe`.
///
///     const Schema schema = {
///         Key::real("dt", "time step [time units of the model]").above(0),
///         Key::text("dealias", "how products are dealiased").one_of({"2/3",
///         "3/2"}).otherwise("2/3"),
///     };
class Key {
 public:
  enum class Type { boolean, integer, real, text, integers, reals, texts, table };

  static Key boolean(std::string name, std::string help);
  static Key integer(std::string name, std::string help);
  static Key real(std::string name, std::string help);
  static Key text(std::string name, std::string help);
  static Key integers(std::string name, std::string help);
  static Key reals(std::string name, std::string help);
  static Key texts(std::string name, std::string help);
  /// A table of freely named reals.
  static Key table(std::string name, std::string help);

  // Limits hold for every element of a list.
  Key&& above(Real bound) &&;
  Key&& below(Real bound) &&;
  Key&& at_least(Real bound) &&;
  Key&& at_most(Real bound) &&;
  Key&& even() &&;
  Key&& one_of(std::vector<std::string> choices) &&;
  /// The value when the key is absent; a key without one must be given.
  Key&& otherwise(Value value) &&;
  Key&& otherwise(const char* text) && {
    return std::move(*this).otherwise(Value(std::string(text)));
  }
  // A template, so that no number is converted to another kind of number on the way.
  template <class T>
  requires std::is_arithmetic_v<T> Key && otherwise(T value) && {
    if constexpr (std::is_same_v<T, bool>) {
      return std::move(*this).otherwise(Value(value));
    } else if constexpr (std::is_integral_v<T>) {
      return std::move(*this).otherwise(Value(static_cast<std::int64_t>(value)));
    } else {
      return std::move(*this).otherwise(Value(static_cast<Real>(value)));
    }
  }
  /// The key may be absent and then has no value; ask Section::has.
  Key&& optional() &&;

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  Type type() const { return type_; }
  const std::optional<Value>& fallback() const { return fallback_; }
  bool required() const { return !fallback_ && !optional_; }

  /// "a real > 0", "one of 2/3, 3/2": what is allowed, for messages and describe.
  std::string allowed() const;
  /// The value converted to the key's type; nothing if type or limits do not hold.
  std::optional<Value> accept(const Value& value) const;

 private:
  Key(Type type, std::string name, std::string help)
      : type_(type), name_(std::move(name)), help_(std::move(help)) {}
  bool within_limits(const Value& value) const;

  Type type_;
  std::string name_, help_;
  std::optional<Real> above_, below_, at_least_, at_most_;
  bool even_ = false, optional_ = false;
  std::vector<std::string> choices_;
  std::optional<Value> fallback_;
};

/// The keys of one section.
using Schema = std::vector<Key>;

/// Both schemas one after the other: what every component has, then what this one adds.
Schema operator+(Schema first, const Schema& second);

}  // namespace starling
