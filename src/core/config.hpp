// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schema.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace starling {

/// The checked values of one section of the input: every key of its schema is there, of the right
/// type and within its limits. Asking for a key that the schema lacks is a LogicError.
class Section {
 public:
  bool has(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  Real real(std::string_view key) const;
  const std::string& text(std::string_view key) const;
  const std::vector<std::int64_t>& integers(std::string_view key) const;
  const std::vector<Real>& reals(std::string_view key) const;
  const std::vector<std::string>& texts(std::string_view key) const;
  const Table& table(std::string_view key) const;

  /// Throws InputError "file:line:column: section.key = value: what; allowed: ..." for what only
  /// the component itself can see (say, a time step that does not divide an interval).
  [[noreturn]] void fail(std::string_view key, std::string_view what,
                         std::string_view allowed) const;

 private:
  friend class Config;
  struct Entry {
    Value value;
    std::string where;
  };
  const Entry& entry(std::string_view key) const;

  std::string name_, where_;
  std::map<std::string, Entry, std::less<>> entries_;
};

/// An input file: TOML sections, each read with the schema of the component it belongs to.
///
///     Config config = Config::read("inputs/ks/demo.toml", {"filter.inflation=1.02"});
///     Section stepper = config.section("stepper", stepper_schema);
///     config.require_all_read();   // an unread section is an error
///
/// Everything throws InputError "file:line:column: key: what is wrong; allowed: ...".
class Config {
 public:
  /// Parses a file and applies overrides "a.b.c=value" (a value that is no TOML is a string).
  static Config read(const std::string& path, const std::vector<std::string>& overrides = {});
  /// The same from text; `name` stands for the file in messages.
  static Config parse(std::string_view text, std::string name,
                      const std::vector<std::string>& overrides = {});

  bool has(std::string_view section) const;
  /// The names of the sections below `parent`, without "parent.", that hold keys or nothing at all.
  std::vector<std::string> sections_below(std::string_view parent) const;

  /// The text of `section.key`, which must be one of `choices`: which component to build. Where an
  /// override makes the choice, or a section that inherits, keys of `section` that were meant for
  /// another component are left out instead of unknown.
  std::string choice(std::string_view section, std::string_view key,
                     const std::vector<std::string>& choices);
  /// The same, or `fallback` where there is no such key.
  std::string choice(std::string_view section, std::string_view key,
                     const std::vector<std::string>& choices, const std::string& fallback);

  /// The checked section; an absent one is read as empty. A sub-table that is no key of the schema
  /// is a section of its own ("truth.model").
  Section section(std::string_view name, const Schema& schema);

  /// Gives `section` (and its tables) every key of `parent` that it does not set itself: a truth
  /// that differs from the model in one coefficient names that coefficient only.
  void inherit(const std::string& section, const std::string& parent);

  /// Throws if the file has a section that nobody read.
  void require_all_read() const;

  /// What the file has for components that overrides replaced, "file:line:column: section.key".
  const std::vector<std::string>& left_out() const { return left_out_; }

  /// The sections read so far with defaults filled in, as TOML that reads back to the same.
  std::string resolved() const;

  const std::string& file() const { return file_; }

 private:
  // What has the last word comes last.
  enum class Origin { inherited, file, setting };
  struct Item {
    Value value;
    std::string where;
    Origin origin;
  };
  struct Group {
    std::string where;
    std::map<std::string, Item, std::less<>> items;
    bool read = false;
    Origin choice = Origin::inherited;  // of the component that the section is of
  };

  std::string file_;
  std::map<std::string, Group, std::less<>> groups_;  // by dotted name; "" holds top-level keys
  std::vector<std::pair<std::string, std::string>> resolved_;
  std::vector<std::string> left_out_;

  friend struct ConfigParser;
};

}  // namespace starling
