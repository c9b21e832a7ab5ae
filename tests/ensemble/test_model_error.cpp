// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "ensemble/model_error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;
using ensemble::ModelError;

ModelError make(const std::string& keys) {
  Config config = Config::parse("[model_error]\n" + keys, "in.toml");
  return {config.section("model_error", ModelError::schema()),
          {6, 0, 1, true},
          1,
          Purpose::model_error};
}

TEST(ModelError, IsDueAtMultiplesOfTheInterval) {
  const ModelError error = make("std = 1.0\ninterval = 4\n");
  EXPECT_EQ(error.next(0, 100), 4);
  EXPECT_EQ(error.next(3, 100), 4);
  EXPECT_EQ(error.next(4, 100), 8);
  EXPECT_EQ(error.next(4, 6), 6);
  EXPECT_EQ(error.next(-9, 100), -8);
  EXPECT_EQ(error.next(-8, 100), -4);
  EXPECT_EQ(error.next(-1, 100), 0);
  EXPECT_TRUE(error.is_due(-4));
  EXPECT_TRUE(error.is_due(0));
  EXPECT_FALSE(error.is_due(6));
}

TEST(ModelError, HasItsVarianceAndIsIndependentInTimeAndOfMembers) {
  const ModelError error = make("std = 0.5\n");
  constexpr int count = 4000;
  Real square = 0, across_time = 0, across_members = 0;
  for (int i = 0; i < count; ++i) {
    std::vector<Real> a(6), b(6), c(6);
    error.add(a.data(), 2, i);
    error.add(b.data(), 2, i + 1);
    error.add(c.data(), 3, i);
    for (std::size_t j = 0; j < 6; ++j) {
      square += a[j] * a[j] / (6 * count);
      across_time += a[j] * b[j] / (6 * count);
      across_members += a[j] * c[j] / (6 * count);
    }
  }
  // Five standard errors of a mean of 24,000 products of normals.
  const Real bound = 5 / std::sqrt(6.0 * count);
  EXPECT_NEAR(square / 0.25, 1, bound * std::sqrt(2.0));
  EXPECT_NEAR(across_time / 0.25, 0, bound);
  EXPECT_NEAR(across_members / 0.25, 0, bound);
}

TEST(ModelError, HasNoSilentSize) {
  EXPECT_THROW(make("interval = 2\n"), InputError);
  EXPECT_THROW(make("std = -1.0\n"), InputError);
  EXPECT_THROW(make("std = 1.0\ninterval = 0\n"), InputError);
}

}  // namespace
