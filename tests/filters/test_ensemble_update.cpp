// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "filters/ensemble_update.hpp"
#include "filters/problem.hpp"

#include <gtest/gtest.h>

namespace starling::filters {
namespace {

constexpr Index members = 7, dofs = 19;

FilterContext context() {
  return {.comm = MPI_COMM_SELF,
          .members = members,
          .observations = 0,
          .seed = 1,
          .columns = {0, dofs},
          .dofs = dofs};
}

Analysis analysis_of(Rows ensemble) {
  return {.ensemble = ensemble,
          .observed = {},
          .value = nullptr,
          .variance = nullptr,
          .first_observation = 0,
          .observations = 0,
          .cycle = 0};
}

Array<Real**> random_ensemble() {
  Array<Real**> ensemble("ensemble", members, dofs);
  Stream(2, Purpose::initial_perturbation, 0, 0).normals(ensemble.data(), members * dofs);
  return ensemble;
}

// x_m + sum over k of D_mk (x_k - mean), then mean + factor (.. - mean), straight from the formula.
TEST(EnsembleUpdate, IsItsFormula) {
  for (const Real factor : {1.0, 1.2, 0.5}) {
    EnsembleUpdate update(context(), {.posterior = factor});
    linalg::Matrix d(members, members), expected(members, dofs);
    for (Index m = 0; m < members; ++m) {
      Stream(3, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0)
          .normals(d.row(m), members);
      std::copy_n(d.row(m), members, update.deviation().row(m));
    }
    const auto ensemble = random_ensemble(), before = random_ensemble();
    update.apply(analysis_of(ensemble));
    for (Index j = 0; j < dofs; ++j) {
      Real centre = 0, moved = 0;
      for (Index m = 0; m < members; ++m) centre += before(m, j) / members;
      for (Index m = 0; m < members; ++m) {
        expected(m, j) = before(m, j);
        for (Index k = 0; k < members; ++k) expected(m, j) += d(m, k) * (before(k, j) - centre);
        moved += expected(m, j) / members;
      }
      for (Index m = 0; m < members; ++m)
        EXPECT_NEAR(ensemble(m, j), moved + factor * (expected(m, j) - moved), 1e-13);
    }
  }
}

TEST(EnsembleUpdate, ChangesNoBitForNoDeviation) {
  EnsembleUpdate update(context(), {});
  const auto ensemble = random_ensemble(), before = random_ensemble();
  update.apply(analysis_of(ensemble));
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < dofs; ++j) EXPECT_EQ(ensemble(m, j), before(m, j));
}

}  // namespace
}  // namespace starling::filters
