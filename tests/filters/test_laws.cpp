// SPDX-License-Identifier: BSD-3-Clause
// What every filter promises, for every built-in filter with all its options on.
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/denkf.hpp"
#include "filters/enkf_n.hpp"
#include "filters/estkf.hpp"
#include "filters/etkf.hpp"
#include "filters/free_run.hpp"
#include "filters/letkf.hpp"
#include "filters/problem.hpp"
#include "filters/serial_filter.hpp"
#include "filters/stochastic_enkf.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace starling::filters {
namespace {

using linalg::Matrix;
using test_support::world;
using test_support::world_rank;
using test_support::world_size;

struct Named {
  std::string name;
  MakeFilter make;
  bool plain;  // no inflation, nothing random
};

template <class F>
MakeFilter simple(typename F::Options options) {
  return [=](const FilterContext& context) { return std::make_unique<F>(context, options); };
}

std::vector<Named> all_filters() {
  const auto etkf = [](Etkf::Options options) -> MakeFilter {
    return [=](const FilterContext& context) { return std::make_unique<Etkf>(context, options); };
  };
  const auto enkf = [](StochasticEnkf::Options options) -> MakeFilter {
    return [=](const FilterContext& context) {
      return std::make_unique<StochasticEnkf>(context, options);
    };
  };
  const Localization near{Taper(Taper::Shape::gaspari_cohn, 12)};
  const InflationSettings inflated{.posterior = 1.1,
                                   .prior = 1.05,
                                   .relax_perturbations = 0.3,
                                   .relax_spread = 0.2,
                                   .adaptive = true};
  return {
      {"etkf", etkf({}), true},
      {"etkf_inflated_rotated", etkf({inflated, true}), false},
      {"estkf", simple<Estkf>({}), true},
      {"estkf_inflated_rotated", simple<Estkf>({inflated, true}), false},
      {"denkf", simple<Denkf>({}), true},
      {"denkf_inflated_rotated", simple<Denkf>({inflated, true}), false},
      {"enkf_n", simple<EnkfN>({}), true},
      {"enkf_n_primal", simple<EnkfN>({2, 1, false, {}, false}), true},
      {"enkf_n_inflated_rotated", simple<EnkfN>({2, 0, true, inflated, true}), false},
      {"ensrf", simple<SerialFilter>({}), true},
      {"ensrf_local", simple<SerialFilter>({.localization = near}), true},
      {"ensrf_inflated_rotated",
       simple<SerialFilter>({.random_order = true, .inflation = inflated, .rotation = true}),
       false},
      {"ensrf_local_inflated_rotated",
       simple<SerialFilter>(
           {.random_order = true, .localization = near, .inflation = inflated, .rotation = true}),
       false},
      {"ensrf_local_stochastic",
       simple<SerialFilter>({.rule = ScalarUpdate::Rule::stochastic, .localization = near}), false},
      {"rhf", simple<SerialFilter>({.rule = ScalarUpdate::Rule::rank_histogram}), true},
      {"rhf_local",
       simple<SerialFilter>({.rule = ScalarUpdate::Rule::rank_histogram, .localization = near}),
       true},
      {"letkf", simple<Letkf>({near}), true},
      {"letkf_inflated_rotated", simple<Letkf>({near, 4, inflated, true}), false},
      {"lestkf", simple<Lestkf>({near}), true},
      {"letkf_coarse", simple<Letkf>({near, 1, {}, false, 3}), true},
      {"letkf_coarse_inflated_rotated", simple<Letkf>({near, 1, inflated, true, 4}), false},
      {"lnetf", simple<Lnetf>({near}), true},
      {"lnetf_inflated_rotated", simple<Lnetf>({near, 1, inflated, true}), false},
      {"lnetf_coarse", simple<Lnetf>({near, 1, {}, false, 3}), true},
      {"etkf_additive", etkf({{.additive = 0.5}, false}), false},
      {"enkf", enkf({}), false},
      {"enkf_inflated", enkf({inflated}), false},
      {"none", [](const FilterContext&) { return std::make_unique<FreeRun>(); }, true}};
}

bool passive(const Named& filter) {
  return filter.name.find("inflated") == std::string::npos &&
         filter.name.find("additive") == std::string::npos;
}

class FilterLaw : public testing::TestWithParam<Named> {};

void expect_same_bits(const Matrix& a, const Matrix& b) {
  Index different = 0;
  for (Index m = 0; m < a.rows(); ++m)
    for (Index j = 0; j < a.columns(); ++j)
      if (!(a(m, j) == b(m, j))) ++different;
  EXPECT_EQ(different, 0) << "of " << a.rows() * a.columns() << " elements";
}

TEST_P(FilterLaw, SameBitsForAnyNumberOfRanks) {
  for (const Index observations : {1, 40, 256, 257, 1500}) {
    const Problem problem = random_problem(11, 83, observations, 5);
    const Matrix alone = analyse(problem, GetParam().make, 2);
    expect_same_bits(analyse(problem, GetParam().make, world(), fair_share(problem, world()), 2),
                     alone);
  }
}

// Columns and observations dealt unevenly, in whole blocks; some ranks may own nothing.
TEST_P(FilterLaw, SameBitsForAnyDealing) {
  const Problem problem = random_problem(11, 83, 1500, 5);
  const Matrix alone = analyse(problem, GetParam().make, 2);
  const auto part = [](Index count, Index block, std::uint64_t number) {
    std::vector<Index> ends{0, count};
    const Stream stream(number, Purpose::observation_network, 0, 0);
    for (int r = 1; r < world_size(); ++r) {
      const Real where = stream.uniform(static_cast<std::uint64_t>(r)) * static_cast<Real>(count);
      ends.push_back(static_cast<Index>(where) / block * block);
    }
    std::sort(ends.begin(), ends.end());
    const auto r = static_cast<std::size_t>(world_rank());
    return Range{ends[r], ends[r + 1]};
  };
  for (std::uint64_t draw = 0; draw < 8; ++draw)
    expect_same_bits(
        analyse(problem, GetParam().make, world(),
                {part(83, dof_block, draw), part(1500, observation_block, 100 + draw)}, 2),
        alone);
}

TEST_P(FilterLaw, NoObservationsNoAnalysis) {
  const Problem problem = random_problem(6, 20, 0, 5);
  expect_same_bits(analyse(problem, GetParam().make, world(), fair_share(problem, world())),
                   problem.ensemble);
}

TEST_P(FilterLaw, ObservationsOfInfiniteVarianceChangeNothing) {
  if (!passive(GetParam())) GTEST_SKIP() << "inflation still acts";
  Problem problem = random_problem(6, 20, 300, 5);
  problem.variance.assign(300, std::numeric_limits<Real>::infinity());
  expect_same_bits(analyse(problem, GetParam().make), problem.ensemble);
}

TEST_P(FilterLaw, EqualMembersStayFinite) {
  if (GetParam().name.find("additive") != std::string::npos) GTEST_SKIP() << "members get noise";
  Problem problem = random_problem(6, 20, 30, 5);
  for (Index m = 1; m < 6; ++m) {
    std::copy_n(problem.ensemble.row(0), 20, problem.ensemble.row(m));
    std::copy_n(problem.observed.row(0), 30, problem.observed.row(m));
  }
  const Matrix analysis = analyse(problem, GetParam().make);
  for (Index m = 0; m < 6; ++m)
    for (Index j = 0; j < 20; ++j) EXPECT_NEAR(analysis(m, j), problem.ensemble(m, j), 1e-13);
}

TEST_P(FilterLaw, PermutedMembersGiveThePermutedAnalysis) {
  if (!GetParam().plain) GTEST_SKIP() << "members have random numbers of their own";
  const Problem problem = random_problem(9, 20, 30, 5);
  Problem permuted = problem;
  const auto place = [](Index m) { return (4 * m + 2) % 9; };
  for (Index m = 0; m < 9; ++m) {
    std::copy_n(problem.ensemble.row(m), 20, permuted.ensemble.row(place(m)));
    std::copy_n(problem.observed.row(m), 30, permuted.observed.row(place(m)));
  }
  const Matrix one = analyse(problem, GetParam().make), other = analyse(permuted, GetParam().make);
  for (Index m = 0; m < 9; ++m)
    for (Index j = 0; j < 20; ++j) EXPECT_NEAR(other(place(m), j), one(m, j), 1e-12);
}

// Every rank throws, and says the same.
TEST_P(FilterLaw, AMemberThatIsNotFiniteIsNamedOnEveryRank) {
  if (GetParam().name == "none") GTEST_SKIP() << "nothing is analysed";
  for (const Real bad :
       {std::numeric_limits<Real>::quiet_NaN(), -std::numeric_limits<Real>::infinity()})
    for (const Index where : {0, 40, 82}) {
      Problem problem = random_problem(8, 83, 300, 5);
      problem.ensemble(5, where) = bad;
      problem.ensemble(7, 3) = bad;
      try {
        analyse(problem, GetParam().make, world(), fair_share(problem, world()));
        ADD_FAILURE() << "nothing was thrown";
      } catch (const NumericalError& error) {
        EXPECT_NE(std::string(error.what()).find("member 5"), std::string::npos) << error.what();
      }
    }
}

TEST_P(FilterLaw, AnObservationThatIsNotFiniteStopsEveryRank) {
  if (GetParam().name == "none") GTEST_SKIP() << "nothing is analysed";
  Problem problem = random_problem(8, 83, 600, 5);
  problem.value[400] = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_THROW(analyse(problem, GetParam().make, world(), fair_share(problem, world())),
               NumericalError);
  problem.value[400] = 1;
  problem.observed(3, 10) = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_THROW(analyse(problem, GetParam().make, world(), fair_share(problem, world())),
               NumericalError);
}

TEST_P(FilterLaw, AnalysesWithoutAllocating) {
  const Problem problem = random_problem(10, 83, 300, 5);
  Array<Real**> ensemble("ensemble", 10, 83), observed("observed", 10, 300);
  for (Index m = 0; m < 10; ++m) {
    std::copy_n(problem.ensemble.row(m), 83, &ensemble(m, 0));
    std::copy_n(problem.observed.row(m), 300, &observed(m, 0));
  }
  const Share whole = fair_share(problem, MPI_COMM_SELF);
  const auto filter = GetParam().make(context_of(problem, MPI_COMM_SELF, whole));
  // Some size their workspace by what the first analysis shows them.
  filter->analyse(analysis_of(problem, ensemble, observed, whole, 0));
  const test_support::AllocationCounter counter;
  for (Index cycle = 0; cycle < 3; ++cycle)
    filter->analyse(analysis_of(problem, ensemble, observed, whole, cycle));
  EXPECT_EQ(counter.count(), 0U);
}

// Fewer observations than a filter was made for, then more again.
TEST_P(FilterLaw, ObservationsMayVaryInNumber) {
  const Problem many = random_problem(10, 24, 700, 5), few = random_problem(10, 24, 3, 6);
  const auto filter =
      GetParam().make(context_of(many, MPI_COMM_SELF, fair_share(many, MPI_COMM_SELF)));
  const auto initial = filter->state();
  for (const Problem* problem : {&many, &few, &many}) {
    filter->restore(initial);
    const Index p = problem->observations();
    Array<Real**> ensemble("ensemble", 10, 24),
        observed("observed", 10, static_cast<std::size_t>(p));
    for (Index m = 0; m < 10; ++m) {
      std::copy_n(problem->ensemble.row(m), 24, &ensemble(m, 0));
      std::copy_n(problem->observed.row(m), p, &observed(m, 0));
    }
    filter->analyse(
        analysis_of(*problem, ensemble, observed, fair_share(*problem, MPI_COMM_SELF), 0));
    const Matrix fresh = analyse(*problem, GetParam().make);
    for (Index m = 0; m < 10; ++m)
      for (Index j = 0; j < 24; ++j) EXPECT_EQ(ensemble(m, j), fresh(m, j));
  }
}

INSTANTIATE_TEST_SUITE_P(Filters, FilterLaw, testing::ValuesIn(all_filters()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace starling::filters
