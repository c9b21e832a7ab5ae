// SPDX-License-Identifier: BSD-3-Clause
// What every particle filter promises, with all options on.
#include "core/error.hpp"
#include "filters/auxiliary.hpp"
#include "filters/bootstrap.hpp"
#include "filters/optimal_proposal.hpp"
#include "filters/particles.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace starling::filters {
namespace {

using test_support::world;

struct Named {
  std::string name;
  MakeParticleFilter make;
};

Selection::Options selection(const std::string& text) {
  Config config = Config::parse("[filter]\n" + text, "test.toml");
  return Selection::options(config.section("filter", Selection::schema()));
}

std::vector<Named> all_filters() {
  std::vector<Named> all;
  const auto add = [&](const std::string& name, const std::string& text) {
    all.push_back({"bootstrap" + name, [=](const ParticleContext& context) {
                     return std::make_unique<Bootstrap>(context, selection(text));
                   }});
  };
  add("", "");
  add("_always", "threshold = 1\n");
  add("_multinomial", "threshold = 1\nresampling = 'multinomial'\n");
  add("_residual", "threshold = 1\nresampling = 'residual'\n");
  add("_stratified", "threshold = 1\nresampling = 'stratified'\n");
  add("_regularised", "threshold = 1\nregularisation = 1\n");
  add("_annealed",
      "threshold = 1\nannealing = 'effective_size'\nannealing_cycles = 20\ntau_max = 4\n");
  add("_adjusted", "threshold = 1\nannealing = 'adjusted'\nalpha = 0.5\ncorrect = 'none'\n");
  const auto optimal = [&](const std::string& name, Real kernel, const std::string& text) {
    all.push_back({"optimal" + name, [=](const ParticleContext& context) {
                     return std::make_unique<OptimalProposal>(
                         context, OptimalProposal::Options{kernel, selection(text)});
                   }});
  };
  optimal("", 0.5, "");
  optimal("_regularised", 0.5, "threshold = 1\nregularisation = 1\n");
  const auto auxiliary = [&](const std::string& name, const std::string& text) {
    all.push_back(
        {"auxiliary" + name, [=](const ParticleContext& context) {
           return std::make_unique<Auxiliary>(context, Auxiliary::Options{false, selection(text)});
         }});
  };
  auxiliary("", "");
  auxiliary("_regularised", "threshold = 1\nregularisation = 1\n");
  return all;
}

class ParticleLaw : public testing::TestWithParam<Named> {};

void expect_same_bits(const WeightedEnsemble& a, const WeightedEnsemble& b) {
  EXPECT_EQ(a.parents, b.parents);
  EXPECT_EQ(a.log_weights, b.log_weights);
  Index different = 0;
  for (Index m = 0; m < a.particles.rows(); ++m)
    for (Index j = 0; j < a.particles.columns(); ++j)
      if (!(a.particles(m, j) == b.particles(m, j))) ++different;
  EXPECT_EQ(different, 0);
  if (!std::isnan(a.report.effective_size)) {
    EXPECT_EQ(a.report.effective_size, b.report.effective_size);
    EXPECT_EQ(a.report.copies, b.report.copies);
  }
}

TEST_P(ParticleLaw, SameBitsForAnyNumberOfRanks) {
  for (const Index members : {2, 3, 61})
    for (const Index observations : {1, 6}) {
      const Problem problem = random_problem(members, 7, observations, 5);
      expect_same_bits(analyse(problem, GetParam().make, world(), 2),
                       analyse(problem, GetParam().make, MPI_COMM_SELF, 2));
    }
}

TEST_P(ParticleLaw, WeightsSumToOneAndParentsExist) {
  const auto result = analyse(random_problem(40, 5, 3, 6), GetParam().make, world());
  Real sum = 0;
  for (const Real weight : result.log_weights) sum += std::exp(weight);
  EXPECT_NEAR(sum, 1, 1e-13);
  // A parent stays in its own place.
  for (const auto parent : result.parents)
    EXPECT_EQ(result.parents.at(static_cast<std::size_t>(parent)), parent);
}

TEST_P(ParticleLaw, NoObservationsNoAnalysis) {
  const Problem problem = random_problem(6, 20, 0, 5);
  const auto result = analyse(problem, GetParam().make, world());
  for (Index m = 0; m < 6; ++m) {
    EXPECT_EQ(result.log_weights[static_cast<std::size_t>(m)], -std::log(6.0));
    for (Index j = 0; j < 20; ++j) EXPECT_EQ(result.particles(m, j), problem.ensemble(m, j));
  }
}

TEST_P(ParticleLaw, ObservationsOfInfiniteVarianceChangeNothing) {
  Problem problem = random_problem(6, 20, 30, 5);
  problem.variance.assign(30, std::numeric_limits<Real>::infinity());
  const auto result = analyse(problem, GetParam().make, world());
  for (Index m = 0; m < 6; ++m) {
    EXPECT_EQ(result.log_weights[static_cast<std::size_t>(m)], -std::log(6.0));
    for (Index j = 0; j < 20; ++j) EXPECT_EQ(result.particles(m, j), problem.ensemble(m, j));
  }
}

TEST_P(ParticleLaw, EqualMembersStayFinite) {
  Problem problem = random_problem(6, 20, 30, 5);
  for (Index m = 1; m < 6; ++m) {
    std::copy_n(problem.ensemble.row(0), 20, problem.ensemble.row(m));
    std::copy_n(problem.observed.row(0), 30, problem.observed.row(m));
  }
  const auto result = analyse(problem, GetParam().make, world());
  for (Index m = 0; m < 6; ++m)
    for (Index j = 0; j < 20; ++j)
      EXPECT_NEAR(result.particles(m, j), problem.ensemble(m, j), 1e-13);
}

TEST_P(ParticleLaw, AMemberThatIsNotFiniteIsNamedOnEveryRank) {
  Problem problem = random_problem(8, 5, 3, 5);
  problem.ensemble(5, 2) = std::numeric_limits<Real>::quiet_NaN();
  problem.observed(7, 1) = std::numeric_limits<Real>::infinity();
  try {
    analyse(problem, GetParam().make, world());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("member 5"), std::string::npos) << error.what();
  }
}

TEST_P(ParticleLaw, VanishingWeightsStopEveryRank) {
  Problem problem = random_problem(8, 5, 3, 5);
  problem.value[1] = 1e200;
  EXPECT_THROW(analyse(problem, GetParam().make, world()), NumericalError);
  problem.value[1] = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_THROW(analyse(problem, GetParam().make, world()), NumericalError);
}

TEST_P(ParticleLaw, AnalysesWithoutAllocating) {
  const Problem problem = random_problem(20, 4, 3, 5);
  Array<Real**> particles("particles", 20, 4), observed("observed", 20, 3);
  for (Index m = 0; m < 20; ++m) {
    std::copy_n(problem.ensemble.row(m), 4, &particles(m, 0));
    std::copy_n(problem.observed.row(m), 3, &observed(m, 0));
  }
  std::vector<Real> log_weights(20, -std::log(20.0));
  std::vector<std::int64_t> parents(20);
  const auto filter = GetParam().make({MPI_COMM_SELF, 20, {0, 20}, 4, 3, 1});
  const test_support::AllocationCounter counter;
  for (Index cycle = 0; cycle < 3; ++cycle) {
    const ParticleAnalysis analysis{
        particles, log_weights.data(), observed, problem.value.data(), problem.variance.data(),
        cycle,     parents.data()};
    if (filter->looks_ahead()) filter->look_ahead(analysis, {particles});
    Report report = filter->weigh(analysis);
    filter->resample(analysis, report);
  }
  EXPECT_EQ(counter.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(ParticleFilters, ParticleLaw, testing::ValuesIn(all_filters()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace starling::filters
