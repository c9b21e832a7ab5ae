// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/field.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace starling;
using datasets::Field;
using datasets::group_fields;

std::vector<Component> named(const std::vector<std::string>& names) {
  std::vector<Component> components;
  for (const std::string& name : names) components.push_back({name, name + " along x", "1", 0});
  return components;
}

TEST(GroupFields, JoinsVelocitiesFluxesAndStresses) {
  const auto fields = group_fields(named({"q1", "u1", "v1", "q1_flux_x", "q1_flux_y", "stress1_xx",
                                          "stress1_xy", "stress1_yy", "u_forcing", "v_forcing"}),
                                   2);
  ASSERT_EQ(fields.size(), 5u);
  EXPECT_EQ(fields[0].name, "q1");
  EXPECT_EQ(fields[1].name, "velocity1");
  EXPECT_EQ(fields[1].order, 1);
  EXPECT_EQ(fields[1].arrays, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(fields[2].name, "q1_flux");
  EXPECT_EQ(fields[3].name, "stress1");
  EXPECT_EQ(fields[3].order, 2);
  // The tensor is symmetric: xy stands for yx, too.
  EXPECT_EQ(fields[3].arrays, (std::vector<std::size_t>{5, 6, 6, 7}));
  EXPECT_EQ(fields[4].name, "velocity_forcing");
  EXPECT_EQ(fields[4].long_name, "u_forcing");
}

TEST(GroupFields, LeavesScalarsAlone) {
  // No v, one dimension, and a name that only begins with u.
  EXPECT_EQ(group_fields(named({"u"}), 2)[0].order, 0);
  EXPECT_EQ(group_fields(named({"u", "u_flux"}), 1).size(), 2u);
  EXPECT_EQ(group_fields(named({"uncertainty", "vncertainty"}), 2).size(), 2u);
}

TEST(ElementName, IsTheNameOfTheArrayThatWasGrouped) {
  for (const int dimensions : {2, 3}) {
    std::vector<std::string> names = {"q"};
    const std::string axes = std::string("xyz").substr(0, static_cast<std::size_t>(dimensions));
    for (const char i : axes) names.push_back(std::string("flux_") + i);
    std::vector<std::string> expected = names;
    for (const char i : axes)
      for (const char j : axes) {
        if (i <= j) names.push_back(std::string("stress_") + i + j);
        expected.push_back(std::string("stress_") + i + j);
      }
    std::vector<std::string> found;
    for (const Field& field : group_fields(named(names), dimensions))
      for (Index e = 0; e < field.elements(); ++e)
        found.push_back(datasets::element_name(field.name, e, field.elements()));
    EXPECT_EQ(found, expected);
  }
}

TEST(PlaceElement, PutsXFirst) {
  const Domain grid({{3, 0, 1, true}, {2, 0, 1, true}}, {{}});
  const std::vector<Real> values = {0, 10, 20, 1, 11, 21};  // value = 10 x + y, [y][x]
  std::vector<float> out(12, -1);
  datasets::place_element(out.data(), values.data(), grid, 1, 2, 0.5);
  for (Index x = 0; x < 3; ++x)
    for (Index y = 0; y < 2; ++y) {
      const auto at = static_cast<std::size_t>((x * 2 + y) * 2);
      EXPECT_EQ(out[at], -1.0F);
      EXPECT_EQ(out[at + 1], static_cast<float>(2 * (10 * x + y)));
    }
}

}  // namespace
