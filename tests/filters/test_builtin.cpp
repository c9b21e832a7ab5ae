// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "filters/entry.hpp"
#include "filters/problem.hpp"

#include <gtest/gtest.h>

#include <string>

namespace starling::filters {
namespace {

const FilterEntry& entry(const std::string& name) {
  for (const auto& one : builtin())
    if (one.name == name) return one;
  throw LogicError("no filter " + name);
}

MakeFilter from_input(const std::string& text) {
  return [text](const FilterContext& context) {
    Config config = Config::parse(text, "test.toml");
    std::vector<std::string> names;
    for (const auto& one : builtin()) names.push_back(one.name);
    const FilterEntry& chosen = entry(config.choice("filter", "name", names));
    return std::get<FilterMaker>(chosen.make)(
        config.section("filter", Schema{Key::text("name", "filter")} + chosen.schema), context);
  };
}

TEST(BuiltinFilters, AreMadeFromTheInput) {
  const Problem problem = random_problem(8, 5, 3, 1);
  const auto plain = analyse(problem, from_input("[filter]\nname = 'etkf'\n"));
  const auto inflated =
      analyse(problem, from_input("[filter]\nname = 'etkf'\ninflation = 2\nrotation = true\n"));
  const auto stochastic =
      analyse(problem, from_input("[filter]\nname = 'enkf'\ninflation = 1.5\n"));
  const auto free = analyse(problem, from_input("[filter]\nname = 'none'\n"));
  for (Index j = 0; j < 5; ++j) {
    EXPECT_NEAR(covariance(inflated)(j, j), 4 * covariance(plain)(j, j), 1e-12);
    EXPECT_NEAR(mean(stochastic)[static_cast<std::size_t>(j)],
                mean(plain)[static_cast<std::size_t>(j)], 1e-12);
    for (Index m = 0; m < 8; ++m) EXPECT_EQ(free(m, j), problem.ensemble(m, j));
  }
}

TEST(BuiltinFilters, RefuseImpossibleValues) {
  const Problem problem = random_problem(8, 5, 3, 1);
  for (const char* text :
       {"[filter]\nname = 'etkf'\ninflation = 0\n", "[filter]\nname = 'enkf'\ninflation = -1.0\n",
        "[filter]\nname = 'enkf'\nrotation = true\n", "[filter]\nname = 'kalman'\n",
        "[filter]\nname = 'none'\nrotation = true\n"})
    EXPECT_THROW(analyse(problem, from_input(text)), InputError) << text;
}

TEST(BuiltinFilters, NeedTwoMembersToSeeACovariance) {
  for (const auto& one : builtin()) {
    if (!std::holds_alternative<FilterMaker>(one.make)) continue;
    std::string text = "[filter]\nname = '" + one.name + "'\n";
    for (const Key& key : one.schema)
      if (key.required()) text += key.name() + " = 1\n";
    const auto make = from_input(text);
    if (one.name == "none") {
      EXPECT_NO_THROW(make({MPI_COMM_SELF, 1, 3, 1}));
      continue;
    }
    try {
      make({MPI_COMM_SELF, 1, 3, 1});
      ADD_FAILURE() << one.name << " was made for one member";
    } catch (const InputError& error) {
      // Others have a covariance of their own, and say what they need for it.
      const std::string what = error.what();
      EXPECT_TRUE(what.find("at least 2") != what.npos || what.find("climatology") != what.npos ||
                  what.find("2 members for each") != what.npos)
          << what;
    }
  }
}

TEST(BuiltinFilters, SayWhatTheyAre) {
  for (const auto& one : builtin()) {
    EXPECT_FALSE(one.name.empty());
    EXPECT_FALSE(one.summary.empty()) << one.name;
  }
}

}  // namespace
}  // namespace starling::filters
