// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "datasets/normal_equations.hpp"
#include "linalg/dense.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using namespace starling;
using datasets::NormalEquations;

constexpr Index samples = 1300, features = 7, targets = 2;  // more than a batch

struct Samples {
  std::vector<Real> x, y;
};

Samples noise() {
  const Stream random(5, Purpose::initial_condition, 0, 0);
  Samples out;
  std::uint64_t next = 0;
  for (Index s = 0; s < samples; ++s) {
    out.x.push_back(1);
    for (Index f = 1; f < features; ++f)
      out.x.push_back(random.normal(next++) * static_cast<Real>(f) + 0.5);
    for (Index t = 0; t < targets; ++t) out.y.push_back(random.normal(next++) + out.x.back());
  }
  return out;
}

std::vector<Real> fit(const Samples& all, Index from, Index to, MPI_Comm comm, Real lambda) {
  NormalEquations equations(features, targets);
  for (Index s = from; s < to; ++s)
    equations.add(all.x.data() + s * features, all.y.data() + s * targets, 1);
  equations.finish(comm);
  return equations.solve(lambda);
}

// hoerl1970: with X = U S V^T, the ridge estimate is V S / (S^2 + k) U^T y: X^T X is never made.
TEST(NormalEquations, AgreeWithTheSingularValueDecomposition) {
  const Samples all = noise();
  linalg::Matrix a(samples, features), left(samples, features), right(features, features);
  Real diagonal = 0;
  for (Index s = 0; s < samples; ++s)
    for (Index f = 0; f < features; ++f) {
      a(s, f) = all.x[static_cast<std::size_t>(s * features + f)];
      diagonal += a(s, f) * a(s, f) / static_cast<Real>(features);
    }
  std::vector<Real> values(features);
  linalg::singular_values(values.data(), left, right, a);
  for (const Real lambda : {0.0, 1e-8, 1e-3, 0.1}) {
    const auto weights = fit(all, 0, samples, MPI_COMM_SELF, lambda);
    for (Index t = 0; t < targets; ++t)
      for (Index f = 0; f < features; ++f) {
        Real direct = 0;
        for (Index k = 0; k < features; ++k) {
          Real product = 0;
          for (Index s = 0; s < samples; ++s)
            product += left(s, k) * all.y[static_cast<std::size_t>(s * targets + t)];
          const Real value = values[static_cast<std::size_t>(k)];
          direct += right(k, f) * value / (value * value + lambda * diagonal) * product;
        }
        EXPECT_NEAR(weights[static_cast<std::size_t>(t * features + f)], direct, 1e-11) << lambda;
      }
  }
}

TEST(NormalEquations, AreTheSameOnAnyNumberOfRanks) {
  const Samples all = noise();
  const Index rank = test_support::world_rank(), size = test_support::world_size();
  const auto here =
      fit(all, samples * rank / size, samples * (rank + 1) / size, test_support::world(), 1e-6);
  const auto alone = fit(all, 0, samples, MPI_COMM_SELF, 1e-6);
  for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_NEAR(here[i], alone[i], 1e-12);
}

}  // namespace
