// SPDX-License-Identifier: BSD-3-Clause
// A deterministic analysis that other codes were run on: 256 x 256 points, 40 members, every fourth
// point observed in both directions, global ETKF. The digits are PDAF's (nerger2013), whose ETKF
// and ESTKF agree on them.
#include "core/process_grid.hpp"
#include "filters/etkf.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace starling::filters {
namespace {

using std::numbers::pi;
using test_support::world;

constexpr Index side = 256, points = side * side, members = 40, every = 4;

Real fraction(Real x) { return x - std::floor(x); }

// f_k(i, j) = sum over m = 1..96 of a_m cos(2 pi p_m j / side + 2 pi q_m i / side + phi_km) with
// p_m = 1 + (m - 1) mod 12, q_m = floor((m - 1) / 12) - 3, a_m = 1 / (1 + |(p_m, q_m)|), at points
// i + side j of `range`. Field 0 is the truth.
void field(Real* out, Index k, Range range) {
  constexpr Index modes = 96;
  std::vector<Real> cosine(modes * side), sine(modes * side);
  std::array<Real, modes> amplitude{}, phase{};
  const auto angle = [](Index turns) {
    return 2 * pi * static_cast<Real>(((turns % side) + side) % side) / side;
  };
  for (Index m = 1; m <= modes; ++m) {
    const Index p = 1 + (m - 1) % 12, q = (m - 1) / 12 - 3;
    const auto number = static_cast<std::size_t>(m - 1);
    amplitude[number] = 1 / (1 + std::hypot(static_cast<Real>(p), static_cast<Real>(q)));
    phase[number] = 2 * pi *
                    fraction(0.6180339887498949 * static_cast<Real>(k) +
                             0.7548776662466927 * static_cast<Real>(m) +
                             0.5698402909980532 * static_cast<Real>(k * m));
    for (Index i = 0; i < side; ++i) {
      cosine[(m - 1) * side + i] = std::cos(angle(q * i));
      sine[(m - 1) * side + i] = std::sin(angle(q * i));
    }
  }
  for (Index j = range.begin / side; j * side < range.end; ++j) {
    const Index begin = std::max(range.begin, j * side), end = std::min(range.end, (j + 1) * side);
    std::fill(out + begin - range.begin, out + end - range.begin, 0.0);
    for (Index m = 0; m < modes; ++m) {
      const auto number = static_cast<std::size_t>(m);
      const Real along = angle((1 + m % 12) * j) + phase[number];
      const Real c = amplitude[number] * std::cos(along), s = amplitude[number] * std::sin(along);
      for (Index n = begin; n < end; ++n)
        out[n - range.begin] +=
            c * cosine[m * side + n - j * side] - s * sine[m * side + n - j * side];
    }
  }
}

// y = f_0 + 0.5 e_n at point number n = 1, 2, ..., R = 0.25.
Real observation_error(Index point) {
  const Real n = static_cast<Real>(point + 1);
  const Real u1 = fraction(0.5 + 0.7548776662466927 * n);
  const Real u2 = fraction(0.5 + 0.5698402909980532 * n);
  return 0.5 * std::sqrt(-2 * std::log(u1)) * std::cos(2 * pi * u2);
}

struct Scores {
  Real rmse, spread, first;
};

Scores score(const Array<Real**>& ensemble, const std::vector<Real>& truth) {
  std::array<Real, 3> sums{};
  for (Index j = 0; j < static_cast<Index>(truth.size()); ++j) {
    Real mean = 0, squares = 0;
    for (Index m = 0; m < members; ++m) mean += ensemble(m, j) / members;
    for (Index m = 0; m < members; ++m) squares += std::pow(ensemble(m, j) - mean, 2);
    sums[0] += std::pow(mean - truth[static_cast<std::size_t>(j)], 2);
    sums[1] += squares / (members - 1);
    sums[2] += std::pow(ensemble(0, j), 2);
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 3, MPI_DOUBLE, MPI_SUM, world());
  return {std::sqrt(sums[0] / points), std::sqrt(sums[1] / points), std::sqrt(sums[2] / points)};
}

TEST(CanonicalProblem, HasTheDigitsOfOtherCodes) {
  constexpr Index observed_side = side / every, observations = observed_side * observed_side;
  const int ranks = test_support::world_size(), rank = test_support::world_rank();
  const Range dofs = deal(points, ranks, rank, dof_block);
  const Range mine = deal(observations, ranks, rank, observation_block);
  std::vector<Index> where;  // observations run along i first, as points do
  for (Index o = mine.begin; o < mine.end; ++o)
    where.push_back(o / observed_side * every * side + o % observed_side * every);

  std::vector<Real> truth(static_cast<std::size_t>(dofs.size())), whole(points),
      value(where.size());
  const std::vector<Real> variance(where.size(), 0.25);
  Array<Real**> ensemble("ensemble", members, truth.size());
  Array<Real**> observed("observed", members, where.size());
  for (Index k = 0; k <= members; ++k) {
    field(whole.data(), k, {0, points});
    Real* to = k == 0 ? truth.data() : &ensemble(k - 1, 0);
    std::copy(whole.begin() + dofs.begin, whole.begin() + dofs.end, to);
    for (std::size_t o = 0; o < where.size(); ++o) {
      const Real at = whole[static_cast<std::size_t>(where[o])];
      if (k == 0)
        value[o] = at + observation_error(where[o]);
      else
        observed(k - 1, o) = at;
    }
  }

  const Scores prior = score(ensemble, truth);
  EXPECT_NEAR(prior.rmse, 1.21576228982, 1e-10);
  EXPECT_NEAR(prior.spread, 1.20884468388, 1e-10);

  Etkf filter({world(), members, mine.size(), 1}, {});
  filter.analyse({ensemble, observed, value.data(), variance.data(), mine.begin, observations, 0});
  const Scores analysis = score(ensemble, truth);
  EXPECT_NEAR(analysis.rmse / 1.06034889794, 1, 1e-10);
  EXPECT_NEAR(analysis.spread / 0.0487434203870, 1, 1e-10);
  EXPECT_NEAR(analysis.first / 0.617491373295, 1, 1e-10);
}

}  // namespace
}  // namespace starling::filters
