// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "filters/etkf.hpp"
#include "filters/iterative_enks.hpp"
#include "filters/problem.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace starling::filters {
namespace {

using linalg::Matrix;
using test_support::world;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Array<Real**> part(const Matrix& from, Range columns) {
  Array<Real**> out("part", at(from.rows()), at(columns.size()));
  for (Index m = 0; m < from.rows(); ++m)
    std::copy_n(from.row(m) + columns.begin, columns.size(), out.data() + m * columns.size());
  return out;
}

// Only the first, linear guess is asked for.
struct NoForecast : WindowForecast {
  ConstRows run() override { throw LogicError("no forecast"); }
};

struct Result {
  Matrix start, end;
};

// One iteration of a window whose ends are given.
Result once(const Matrix& start, const Problem& problem, IterativeEnks::Options options,
            MPI_Comm comm) {
  options.iterations = 1;
  const auto [dofs, observations] = fair_share(problem, comm);
  const Array<Real**> first = part(start, dofs), last = part(problem.ensemble, dofs),
                      observed = part(problem.observed, observations);
  IterativeEnks filter({.comm = comm,
                        .members = problem.members(),
                        .observations = observations.size(),
                        .seed = 1,
                        .columns = dofs,
                        .dofs = problem.dofs()},
                       options);
  NoForecast none;
  filter.analyse({.start = first,
                  .end = last,
                  .observed = observed,
                  .forecast = none,
                  .value = problem.value.data() + observations.begin,
                  .variance = problem.variance.data() + observations.begin,
                  .first_observation = observations.begin,
                  .observations = problem.observations(),
                  .cycle = 2});
  Result result{Matrix(problem.members(), problem.dofs()),
                Matrix(problem.members(), problem.dofs())};
  for (Index m = 0; m < problem.members(); ++m) {
    std::copy_n(first.data() + m * dofs.size(), dofs.size(), result.start.row(m) + dofs.begin);
    std::copy_n(last.data() + m * dofs.size(), dofs.size(), result.end.row(m) + dofs.begin);
  }
  for (Matrix* each : {&result.start, &result.end})
    MPI_Allreduce(MPI_IN_PLACE, each->row(0), static_cast<int>(each->rows() * each->stride()),
                  MPI_DOUBLE, MPI_SUM, comm);
  return result;
}

void expect_near(const Matrix& a, const Matrix& b, Real tolerance) {
  for (Index m = 0; m < a.rows(); ++m)
    for (Index j = 0; j < a.columns(); ++j) EXPECT_NEAR(a(m, j), b(m, j), tolerance);
}

TEST(IterativeEnks, OneIterationIsTheEtkf) {
  const Problem problem = random_problem(9, 20, 30, 5);
  const Matrix start = random_problem(9, 20, 1, 6).ensemble;
  const Matrix etkf = analyse(problem, [](const FilterContext& context) {
    return std::make_unique<Etkf>(context, Etkf::Options{});
  });
  expect_near(once(start, problem, {}, MPI_COMM_SELF).end, etkf, 1e-12);
  // Inflation and rotation are of the start.
  expect_near(once(start, problem, {.inflation = 1.3, .rotation = true}, MPI_COMM_SELF).end, etkf,
              1e-12);
}

TEST(IterativeEnks, SameBitsForAnyNumberOfRanks) {
  for (const Index observations : {1, 257, 1500}) {
    const Problem problem = random_problem(11, 83, observations, 5);
    const Matrix start = random_problem(11, 83, 1, 6).ensemble;
    const IterativeEnks::Options options{.inflation = 1.1, .rotation = true, .finite_size = 1.5};
    const Result ours = once(start, problem, options, world()),
                 alone = once(start, problem, options, MPI_COMM_SELF);
    for (Index m = 0; m < 11; ++m)
      for (Index j = 0; j < 83; ++j) {
        EXPECT_EQ(ours.start(m, j), alone.start(m, j));
        EXPECT_EQ(ours.end(m, j), alone.end(m, j));
      }
  }
}

TEST(IterativeEnks, NothingLearntChangesNothing) {
  Problem problem = random_problem(6, 20, 30, 5);
  const Matrix start = random_problem(6, 20, 1, 6).ensemble;
  problem.variance.assign(30, std::numeric_limits<Real>::infinity());
  const Problem empty = random_problem(6, 20, 0, 5);
  for (const Problem* each : {&std::as_const(problem), &empty}) {
    const Result ours = once(start, *each, {}, world());
    for (Index m = 0; m < 6; ++m)
      for (Index j = 0; j < 20; ++j) {
        EXPECT_EQ(ours.start(m, j), start(m, j));
        EXPECT_EQ(ours.end(m, j), each->ensemble(m, j));
      }
  }
}

TEST(IterativeEnks, AMemberThatIsNotFiniteIsNamedOnEveryRank) {
  Problem problem = random_problem(8, 83, 300, 5);
  problem.ensemble(5, 70) = std::numeric_limits<Real>::quiet_NaN();
  try {
    once(problem.ensemble, problem, {}, world());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("member 5"), std::string::npos) << error.what();
  }
}

// A model of each member by itself, all of which is observed.
class Model : public WindowForecast {
 public:
  Model(Array<Real**> start, std::function<Real(Real)> map)
      : start_(start),
        end_("end", start.extent(0), start.extent(1)),
        observed_("observed", start.extent(0), start.extent(1)),
        map_(std::move(map)) {
    Model::run();
  }
  ConstRows run() override {
    ++runs;
    for (std::size_t i = 0; i < start_.extent(0) * start_.extent(1); ++i)
      end_.data()[i] = map_(start_.data()[i]);
    Kokkos::deep_copy(observed_, end_);
    return ConstRows(observed_);
  }
  Rows end() { return end_; }
  ConstRows observed() { return observed_; }
  Index runs = 0;

 private:
  Array<Real**> start_, end_, observed_;
  std::function<Real(Real)> map_;
};

struct Scalar {
  Real mean, deviation;
  Index runs;
};

// Members x̄ +- s at the start, one number observed after map.
Scalar assimilate(std::function<Real(Real)> map, Real mean, Real deviation, Real value,
                  Real variance, const IterativeEnks::Options& options) {
  Array<Real**> start("start", 2, 1);
  // Two members with this sample deviation.
  start(0, 0) = mean + deviation / std::sqrt(2.0);
  start(1, 0) = mean - deviation / std::sqrt(2.0);
  Model model(start, std::move(map));
  IterativeEnks filter({.comm = MPI_COMM_SELF,
                        .members = 2,
                        .observations = 1,
                        .seed = 1,
                        .columns = {0, 1},
                        .dofs = 1},
                       options);
  filter.analyse({.start = start,
                  .end = model.end(),
                  .observed = model.observed(),
                  .forecast = model,
                  .value = &value,
                  .variance = &variance,
                  .first_observation = 0,
                  .observations = 1,
                  .cycle = 0});
  return {0.5 * (start(0, 0) + start(1, 0)), std::abs(start(0, 0) - start(1, 0)) / std::sqrt(2.0),
          model.runs};
}

// A linear window: the posterior of the start by Bayes' rule, whatever the iterations.
TEST(IterativeEnks, OfALinearModelIsTheKalmanSmoother) {
  const Real slope = 1.7, mean = 0.4, deviation = 0.8, value = 2, variance = 0.6;
  const Real precision = 1 / (deviation * deviation) + slope * slope / variance;
  const Real expected = (mean / (deviation * deviation) + slope * value / variance) / precision;
  for (const Index iterations : {1, 2, 10})
    for (const bool bundle : {false, true}) {
      const Scalar ours = assimilate([=](Real x) { return slope * x; }, mean, deviation, value,
                                     variance, {.iterations = iterations, .bundle = bundle});
      EXPECT_NEAR(ours.mean, expected, bundle ? 1e-9 : 1e-13) << iterations;
      EXPECT_NEAR(ours.deviation, 1 / std::sqrt(precision), bundle ? 1e-9 : 1e-13);
    }
}

// A nonlinear window: the bundle finds the minimum of the cost function, where its derivative
// vanishes, and the covariance there is that of Gauss and Newton.
TEST(IterativeEnks, BundleFindsTheMinimum) {
  const auto map = [](Real x) { return x + 0.3 * x * x; };
  const auto slope = [](Real x) { return 1 + 0.6 * x; };
  const Real mean = 1, deviation = 0.7, value = 3, variance = 0.2;
  const Scalar ours =
      assimilate(map, mean, deviation, value, variance, {.iterations = 40, .bundle = true});
  const Real gradient = (ours.mean - mean) / (deviation * deviation) -
                        slope(ours.mean) * (value - map(ours.mean)) / variance;
  EXPECT_NEAR(gradient, 0, 1e-6);
  const Real precision =
      1 / (deviation * deviation) + slope(ours.mean) * slope(ours.mean) / variance;
  EXPECT_NEAR(ours.deviation, 1 / std::sqrt(precision), 1e-6);
  // One iteration is not enough to see that.
  const Scalar first =
      assimilate(map, mean, deviation, value, variance, {.iterations = 1, .bundle = true});
  EXPECT_GT(std::abs(first.mean - ours.mean), 1e-2);
}

TEST(IterativeEnks, StopsWhenTheStepIsSmall) {
  const auto map = [](Real x) { return x + 0.3 * x * x; };
  const Scalar few =
      assimilate(map, 1, 0.7, 3, 0.2, {.iterations = 100, .tolerance = 1e-6, .bundle = true});
  EXPECT_LT(few.runs, 20);
  EXPECT_GT(few.runs, 3);
}

// Where the observations are far off, the finite-size prior gives way: more than its anomalies say.
TEST(IterativeEnks, FiniteSizePriorTrustsTheEnsembleLessTheFartherTheObservation) {
  const auto line = [](Real x) { return x; };
  const auto gain = [&](Real value, Real finite_size) {
    return assimilate(line, 0, 1, value, 1, {.iterations = 30, .finite_size = finite_size}).mean /
           value;
  };
  EXPECT_NEAR(gain(10, 0), 0.5, 1e-12);
  EXPECT_GT(gain(10, 1), gain(1, 1));
  EXPECT_GT(gain(10, 1), 0.5);
  // A certain hyper-prior is none but for the unknown mean: e_N -> c up to the mode correction.
  EXPECT_LT(std::abs(gain(3, 1000) - 0.5), std::abs(gain(3, 1) - 0.5));
}

TEST(IterativeEnks, AllocatesNothing) {
  Array<Real**> start("start", 10, 24);
  for (Index m = 0; m < 10; ++m)
    Stream(3, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0)
        .normals(&start(at(m), 0), 24);
  Model model(start, [](Real x) { return 1.1 * x; });
  IterativeEnks filter({.comm = MPI_COMM_SELF,
                        .members = 10,
                        .observations = 24,
                        .seed = 1,
                        .columns = {0, 24},
                        .dofs = 24},
                       {.iterations = 3, .inflation = 1.1, .rotation = true, .finite_size = 1});
  const std::vector<Real> value(24, 1.0), variance(24, 1.0);
  const Window window{.start = start,
                      .end = model.end(),
                      .observed = model.observed(),
                      .forecast = model,
                      .value = value.data(),
                      .variance = variance.data(),
                      .first_observation = 0,
                      .observations = 24,
                      .cycle = 0};
  const test_support::AllocationCounter counter;
  filter.analyse(window);
  filter.analyse(window);
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::filters
