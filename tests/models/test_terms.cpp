// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "models/terms.hpp"

#include <gtest/gtest.h>

namespace {

using namespace starling;
using models::parse_term;

TEST(Terms, AreReadAsTheyAreWritten) {
  for (const char* name : {"u", "uu", "u_x", "u_xx", "u_xxxx", "uu_x", "uuu_x", "uu_xxx"})
    EXPECT_EQ(parse_term(name, 1.5).name(), name);
  EXPECT_EQ(parse_term("uuu_xx", 2).power, 2);
  EXPECT_EQ(parse_term("uuu_xx", 2).derivative, 2);
  EXPECT_EQ(parse_term("uuu_xx", 2).coefficient, 2);
}

TEST(Terms, NamesThatAreNoneAreRefused) {
  for (const char* name : {"", "x", "u_", "u_y", "u_xy", "ux", "_x", "u u_x", "v_x", "uuuuuuuuuu"})
    EXPECT_THROW(parse_term(name, 1), InputError) << name;
}

TEST(Terms, DegreeIsThatOfTheHighestProduct) {
  EXPECT_EQ(models::product_degree({{0, 2, 1.0}}), 1);
  EXPECT_EQ(models::product_degree({{0, 2, 1.0}, {1, 1, 1.0}}), 2);
  EXPECT_EQ(models::product_degree({{1, 1, 1.0}, {2, 1, 1.0}}), 3);
}

}  // namespace
