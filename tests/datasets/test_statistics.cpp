// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "datasets/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;
using datasets::Moments;
using datasets::moments_of;
using datasets::moments_of_difference;

std::vector<float> numbers(std::size_t count) {
  const Stream random(5, Purpose::initial_condition, 0, 0);
  std::vector<float> all;
  // A mean a thousand times the deviation: one-pass sums of squares would lose it.
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(static_cast<float>(1000 + random.normal(i)));
  return all;
}

TEST(Moments, AgreeWithSumsInExtendedPrecision) {
  const auto all = numbers(10000);
  long double sum = 0, squares = 0;
  for (const float x : all) sum += x;
  const long double mean = sum / 10000;
  for (const float x : all) squares += (x - mean) * (x - mean);
  const Moments m = moments_of(all.data(), 10000, 1);
  EXPECT_NEAR(m.mean, static_cast<Real>(mean), 1e-12 * 1000);
  EXPECT_NEAR(m.variance(), static_cast<Real>(squares / 10000), 1e-12);
  EXPECT_NEAR(m.rms(), std::sqrt(static_cast<Real>(squares / 10000 + mean * mean)), 1e-11);
}

TEST(Moments, OfPartsMergeToThoseOfAll) {
  const auto all = numbers(9000);
  const Moments whole = moments_of(all.data(), 9000, 1);
  Moments merged;
  for (const auto& [begin, count] : {std::pair{0, 1}, {1, 4999}, {5000, 4000}})
    merged.merge(moments_of(all.data() + begin, count, 1));
  EXPECT_NEAR(merged.mean, whole.mean, 1e-12 * 1000);
  EXPECT_NEAR(merged.variance(), whole.variance(), 1e-12);
  EXPECT_EQ(merged.least, whole.least);
  EXPECT_EQ(merged.largest, whole.largest);
  EXPECT_EQ(merged.count, 9000);
}

TEST(Moments, OfEverySecondNumberAndOfDifferences) {
  const std::vector<float> a = {1, 100, 2, 200, 3, 300}, b = {0, 100, 0, 100, 0, 100};
  const Moments first = moments_of(a.data(), 3, 2), second = moments_of(a.data() + 1, 3, 2);
  EXPECT_DOUBLE_EQ(first.mean, 2);
  EXPECT_DOUBLE_EQ(first.variance(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(second.mean, 200);
  const Moments delta = moments_of_difference(a.data() + 1, b.data() + 1, 3, 2);
  EXPECT_DOUBLE_EQ(delta.mean, 100);
  EXPECT_DOUBLE_EQ(delta.variance(), 20000.0 / 3);
}

}  // namespace
