// SPDX-License-Identifier: BSD-3-Clause
#include "core/config.hpp"
#include "core/error.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace {

using namespace starling;

const Schema schema = {
    Key::integer("points", "").at_least(4).even(),
    Key::real("length", "").above(0),
    Key::text("dealiasing", "").one_of({"truncation", "padding"}).otherwise("truncation"),
    Key::boolean("rotation", "").otherwise(Value(false)),
    Key::reals("list", "").optional(),
    Key::table("terms", "").optional(),
};

std::string message(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "no error";
}

std::string reading(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return message([&] {
    Config config = Config::parse(text, "in.toml", overrides);
    config.section("model", schema);
    config.require_all_read();
  });
}

TEST(Config, ReadsWhatTheSchemaAllows) {
  Config config = Config::parse(
      "[model]\npoints = 128\nlength = 22\nlist = [1, 2.5]\nterms = { u_xx = 1, uu_x = 0.5 }\n",
      "in.toml");
  const Section section = config.section("model", schema);
  EXPECT_EQ(section.integer("points"), 128);
  EXPECT_EQ(section.real("length"), 22.0);  // an integer is a real
  EXPECT_EQ(section.text("dealiasing"), "truncation");
  EXPECT_FALSE(section.boolean("rotation"));
  EXPECT_EQ(section.reals("list"), (std::vector<Real>{1, 2.5}));
  EXPECT_EQ(section.table("terms"), (Table{{"u_xx", 1.0}, {"uu_x", 0.5}}));
  EXPECT_THROW(section.real("points"), LogicError);
}

TEST(Config, NamesPlaceKeyValueAndWhatIsAllowed) {
  EXPECT_EQ(
      reading("[model]\npoints = 128\nlength = 22.0\nlenght = 1\n"),
      "in.toml:4:1: model.lenght: unknown key; allowed: points, length, dealiasing, rotation, "
      "list, terms");
  EXPECT_EQ(
      reading("[model]\npoints = 127\nlength = 22.0\n"),
      "in.toml:2:1: model.points = 127: is of the wrong type or out of range; allowed: an even "
      "integer >= 4");
  EXPECT_EQ(
      reading("[model]\npoints = 128\nlength = -1.0\n"),
      "in.toml:3:1: model.length = -1.0: is of the wrong type or out of range; allowed: a real "
      "number > 0");
  EXPECT_EQ(
      reading("[model]\npoints = 128.0\nlength = 1.0\n"),
      "in.toml:2:1: model.points = 128.0: is of the wrong type or out of range; allowed: an even "
      "integer >= 4");
  EXPECT_EQ(reading("[model]\npoints = 128\n"),
            "in.toml:1:1: model.length: is missing; allowed: a real number > 0");
  EXPECT_EQ(
      reading("[model]\npoints = 128\nlength = 1.0\ndealiasing = \"2/3\"\n"),
      "in.toml:4:1: model.dealiasing = \"2/3\": is of the wrong type or out of range; allowed: "
      "one of truncation, padding");
  EXPECT_EQ(reading("[model]\npoints = 128\nlength = 1.0\n[modle]\nx = 1\n"),
            "in.toml:5:1: modle.x: unknown section or key; allowed sections: model");
  EXPECT_EQ(
      reading("[model]\npoints = 128\nlength = nan\n"),
      "in.toml:3:1: model.length = nan: is of the wrong type or out of range; allowed: a real "
      "number > 0");
}

TEST(Config, DuplicatesAndBrokenTomlAreErrorsWithAPlace) {
  EXPECT_NE(reading("[model]\npoints = 128\npoints = 64\n").find("in.toml:3:"), std::string::npos);
  EXPECT_NE(reading("[model]\npoints = \n").find("in.toml:2:"), std::string::npos);
  EXPECT_NE(reading("[model]\npoints = 2020-01-01\n").find("in.toml:2:1: points"),
            std::string::npos);
}

TEST(Config, MissingAndEmptyFilesAreErrors) {
  EXPECT_EQ(message([] { Config::read("no/such/file.toml"); }),
            "no/such/file.toml: cannot be opened; allowed: an input file that exists");
  EXPECT_NE(message([] { Config::read("/dev/null"); }).find("is empty"), std::string::npos);
}

TEST(Config, OverridesReplaceAndAdd) {
  const std::string text = "[model]\npoints = 128\nlength = 22.0\nterms = { u_xx = 1.0 }\n";
  Config config = Config::parse(text, "in.toml",
                                {"model.length=11", "model.dealiasing=padding",
                                 "model.terms.uu_x=2.0", "model.rotation=true"});
  const Section section = config.section("model", schema);
  EXPECT_EQ(section.real("length"), 11.0);
  EXPECT_EQ(section.text("dealiasing"), "padding");
  EXPECT_TRUE(section.boolean("rotation"));
  EXPECT_EQ(section.table("terms"), (Table{{"u_xx", 1.0}, {"uu_x", 2.0}}));
}

TEST(Config, OverridesAreCheckedLikeTheFile) {
  const std::string text = "[model]\npoints = 128\nlength = 22.0\n";
  EXPECT_EQ(
      reading(text, {"model.points=0"}),
      "--set model.points=0: model.points = 0: is of the wrong type or out of range; allowed: "
      "an even integer >= 4");
  EXPECT_EQ(reading(text, {"model.nonsense=1"}).substr(0, 46),
            "--set model.nonsense=1: model.nonsense: unknow");
  EXPECT_EQ(reading(text, {"points=1"}),
            "--set points=1: names no key of a section; allowed: section.key=value");
  EXPECT_EQ(reading(text, {"model.points"}),
            "--set model.points: is no setting; allowed: section.key=value");
}

TEST(Config, AnotherComponentLeavesKeysOfTheFirstOut) {
  const std::string text = "[filter]\nname = \"etkf\"\ninflation = 1.02\n";
  const Schema none{Key::text("name", "the filter")};
  const auto read = [&](const std::vector<std::string>& overrides, const Schema& keys) {
    Config config = Config::parse(text, "in.toml", overrides);
    config.choice("filter", "name", {"etkf", "none"});
    config.section("filter", keys);
    return config.left_out();
  };
  EXPECT_EQ(read({"filter.name=none"}, none),
            std::vector<std::string>{"in.toml:3:1: filter.inflation"});
  const Schema both = none + Schema{Key::real("inflation", "of the background")};
  EXPECT_TRUE(read({"filter.name=etkf"}, both).empty());
  // What is asked for by hand, or with no new choice, is an error still.
  const auto refused = [&](const std::vector<std::string>& overrides) {
    return message([&] { read(overrides, none); });
  };
  EXPECT_EQ(refused({}), "in.toml:3:1: filter.inflation: unknown key; allowed: name");
  EXPECT_EQ(refused({"filter.name=none", "filter.inflation=2"}),
            "--set filter.inflation=2: filter.inflation: unknown key; allowed: name");
}

TEST(Config, AHeirOfAnotherComponentDoesNotInheritItsKeys) {
  Config config = Config::parse(
      "[stepper]\nscheme = \"leapfrog\"\ndt = 0.1\nrobert = 0.01\n"
      "[truth.stepper]\nscheme = \"rk4\"\n",
      "in.toml");
  config.inherit("truth.stepper", "stepper");
  EXPECT_EQ(config.choice("truth.stepper", "scheme", {"leapfrog", "rk4"}), "rk4");
  const Schema rk4{Key::text("scheme", "of time"), Key::real("dt", "a step")};
  EXPECT_EQ(config.section("truth.stepper", rk4).real("dt"), 0.1);
  EXPECT_TRUE(config.left_out().empty());
}

TEST(Config, ResolvedReadsBackToTheSame) {
  Config config = Config::parse(
      "[model]\nterms = { u_xx = 0.1 }\nlist = [0.1, 1e-300]\npoints = 4\nlength = 0.3\n",
      "in.toml");
  config.section("model", schema);
  const std::string resolved = config.resolved();
  Config again = Config::parse(resolved, "again.toml");
  const Section section = again.section("model", schema);
  EXPECT_EQ(again.resolved(), resolved);
  EXPECT_EQ(section.real("length"), 0.3);
  EXPECT_EQ(section.reals("list")[1], 1e-300);
  EXPECT_EQ(section.text("dealiasing"), "truncation");
}

TEST(Config, InheritedSectionsNameWhatDiffersOnly) {
  Config config = Config::parse(
      "[model]\npoints = 64\nlength = 22.0\nterms = { u_xx = 1.0, uu_x = 1.0 }\n"
      "[truth.model.terms]\nu_xx = 1.1\n",
      "in.toml");
  config.inherit("truth.model", "model");
  const Section truth = config.section("truth.model", schema);
  EXPECT_EQ(truth.integer("points"), 64);
  EXPECT_EQ(truth.table("terms"), (Table{{"u_xx", 1.1}, {"uu_x", 1.0}}));
  EXPECT_EQ(config.section("model", schema).table("terms"), (Table{{"u_xx", 1.0}, {"uu_x", 1.0}}));
  EXPECT_NO_THROW(config.require_all_read());
}

TEST(Config, ChoiceNamesWhatThereIs) {
  Config config = Config::parse("[filter]\nname = \"enks\"\n", "in.toml");
  EXPECT_EQ(message([&] {
              config.choice("filter", "name", {"enkf", "etkf"});
            }),
            "in.toml:2:1: filter.name = \"enks\": unknown; allowed: one of enkf, etkf");
  EXPECT_EQ(message([&] { config.choice("model", "name", {"a"}); }),
            "in.toml: model.name: is missing; allowed: one of a");
}

}  // namespace
