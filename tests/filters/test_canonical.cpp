// SPDX-License-Identifier: BSD-3-Clause
// The deterministic problem G (tests/filters/canonical.hpp): 256 x 256 points, 40 members, every
// fourth point observed in both directions, global ETKF. The digits are PDAF's (nerger2013), whose
// ETKF and ESTKF agree on them.
#include "filters/canonical.hpp"
#include "filters/etkf.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

namespace starling::filters {
namespace {

TEST(CanonicalProblem, HasTheDigitsOfOtherCodes) {
  canonical::Problem problem(test_support::world(), 256, 40, 4);
  const canonical::Scores prior = problem.score();
  EXPECT_NEAR(prior.rmse, 1.21576228982, 1e-10);
  EXPECT_NEAR(prior.spread, 1.20884468388, 1e-10);

  Etkf filter(problem.context(), {});
  filter.analyse(problem.analysis());
  const canonical::Scores analysis = problem.score();
  EXPECT_NEAR(analysis.rmse / 1.06034889794, 1, 1e-10);
  EXPECT_NEAR(analysis.spread / 0.0487434203870, 1, 1e-10);
  EXPECT_NEAR(analysis.first / 0.617491373295, 1, 1e-10);
}

}  // namespace
}  // namespace starling::filters
