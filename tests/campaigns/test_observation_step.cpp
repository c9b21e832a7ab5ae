// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observation_step.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "ensemble/transpose.hpp"
#include "filters/etkf.hpp"
#include "linalg/dense.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace starling::campaigns {
namespace {

using linalg::Matrix;
using observations::Batch;

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

class FixedBatch final : public ObservationSource {
 public:
  explicit FixedBatch(Batch batch) : batch_(std::move(batch)) {}
  Index batches() const override { return 1; }
  Index max_size() const override { return batch_.size(); }
  Index step(Index) const override { return 1; }
  void read(Batch& out, Index, const Real*) override { out = batch_; }
  std::string name() const override { return "test"; }

 private:
  Batch batch_;
};

// Members around 3, and what a rank has of them.
struct Members {
  Members(const ProcessGrid& processes, Index members, Index dofs)
      : all(members, dofs), own(processes.members_of(members, processes.group())) {
    for (Index m = 0; m < members; ++m) {
      Stream(5, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0)
          .normals(all.row(m), dofs);
      for (Index i = 0; i < dofs; ++i) all(m, i) += 3;
    }
    mine =
        Array<Real**>("mine", static_cast<std::size_t>(own.size()), static_cast<std::size_t>(dofs));
    for (Index m = 0; m < own.size(); ++m)
      std::copy_n(all.row(own.begin + m), dofs, mine.data() + m * dofs);
  }
  Matrix all;
  Range own;
  Array<Real**> mine;
};

Domain ring(Index points) { return {points, 0, 1, true}; }

Batch at_points(const std::vector<Index>& points) {
  Batch batch;
  batch.resize(static_cast<Index>(points.size()));
  for (std::size_t j = 0; j < points.size(); ++j) {
    batch.location[j] = static_cast<Real>(points[j]);
    batch.value[j] = 3 + Stream(6, Purpose::observation_noise, 0, 0).normal(j);
    batch.variance[j] = 0.5 + 0.1 * static_cast<Real>(j);
  }
  return batch;
}

// Observations [first, first + count) with correlations exp(-|i - k| / 2).
void correlate(Batch& batch, Index first, Index count) {
  batch.blocks.push_back({first, count, static_cast<Index>(batch.covariance.size())});
  for (Index i = 0; i < count; ++i)
    for (Index k = 0; k < count; ++k)
      batch.covariance.push_back(std::sqrt(batch.variance[static_cast<std::size_t>(first + i)] *
                                           batch.variance[static_cast<std::size_t>(first + k)]) *
                                 std::exp(-0.5 * std::abs(static_cast<Real>(i - k))));
}

// The Kalman filter with the full R, as mean and covariance in state space.
void kalman(std::vector<Real>& mean, Matrix& p, const std::vector<Index>& points,
            const Batch& batch) {
  const Index n = p.rows(), q = batch.size();
  Matrix r(q, q);
  for (Index j = 0; j < q; ++j) r(j, j) = batch.variance[static_cast<std::size_t>(j)];
  for (const auto& block : batch.blocks)
    for (Index i = 0; i < block.count; ++i)
      for (Index k = 0; k < block.count; ++k)
        r(block.first + i, block.first + k) =
            batch.covariance[static_cast<std::size_t>(block.offset + i * block.count + k)];
  Matrix gain(n, q), sum(q, q);
  for (Index i = 0; i < q; ++i)
    for (Index k = 0; k < q; ++k)
      sum(i, k) =
          r(i, k) + p(points[static_cast<std::size_t>(i)], points[static_cast<std::size_t>(k)]);
  for (Index i = 0; i < n; ++i)
    for (Index k = 0; k < q; ++k) gain(i, k) = p(i, points[static_cast<std::size_t>(k)]);
  linalg::divide_by_positive(gain, sum);
  std::vector<Real> innovation;
  for (std::size_t k = 0; k < points.size(); ++k)
    innovation.push_back(batch.value[k] - mean[static_cast<std::size_t>(points[k])]);
  const Matrix before = p;
  for (Index i = 0; i < n; ++i)
    for (Index k = 0; k < q; ++k) {
      const auto point = points[static_cast<std::size_t>(k)];
      mean[static_cast<std::size_t>(i)] += gain(i, k) * innovation[static_cast<std::size_t>(k)];
      for (Index j = 0; j < n; ++j) p(i, j) -= gain(i, k) * before(point, j);
    }
}

void moments(std::vector<Real>& mean, Matrix& p, const Matrix& members) {
  const Index n = members.columns(), size = members.rows();
  mean.assign(static_cast<std::size_t>(n), 0);
  p = Matrix(n, n);
  for (Index m = 0; m < size; ++m)
    for (Index i = 0; i < n; ++i)
      mean[static_cast<std::size_t>(i)] += members(m, i) / static_cast<Real>(size);
  for (Index m = 0; m < size; ++m)
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        p(i, j) += (members(m, i) - mean[static_cast<std::size_t>(i)]) *
                   (members(m, j) - mean[static_cast<std::size_t>(j)]) /
                   static_cast<Real>(size - 1);
}

// What an ETKF makes of a batch, whole on every rank.
Matrix analyse(const ProcessGrid& processes, const Batch& batch, Index size, Index dofs,
               const QualityControl& quality = {}) {
  Members members(processes, size, dofs);
  FixedBatch source(batch);
  ObservationStep step(processes, source, ring(dofs), members.own.size(), size, quality);
  step.read(0, nullptr);
  const Rows seen = step.observe(Rows(members.mine));
  ensemble::MembersTranspose states(processes, size, dofs);
  ensemble::MembersTranspose observed(processes, size, source.max_size(),
                                      filters::observation_block);
  observed.resize(step.batch().size());
  const Rows mine = observed.forward(seen), columns = states.forward(Rows(members.mine));
  const Index first = observed.share().begin;
  filters::Etkf etkf({.comm = processes.members(),
                      .members = size,
                      .observations = observed.share().size(),
                      .seed = 1},
                     {.inflation = 1, .rotation = false});
  etkf.analyse({.ensemble = columns,
                .observed = mine,
                .value = step.batch().value.data() + first,
                .variance = step.batch().variance.data() + first,
                .first_observation = first,
                .observations = step.batch().size(),
                .cycle = 0,
                .places = step.places().data()});
  states.backward(Rows(members.mine));
  Matrix whole(size, dofs);
  for (Index m = 0; m < members.own.size(); ++m)
    std::copy_n(members.mine.data() + m * dofs, dofs, whole.row(members.own.begin + m));
  MPI_Allreduce(MPI_IN_PLACE, whole.row(0), static_cast<int>(size * whole.stride()), MPI_DOUBLE,
                MPI_SUM, processes.members());
  return whole;
}

TEST(ObservationStep, CorrelatedBlocksGiveTheKalmanFilterWithTheFullR) {
  const ProcessGrid processes(test_support::world());
  const std::vector<Index> points = {0, 1, 2, 5, 7, 8, 9, 11, 12, 13};
  Batch batch = at_points(points);
  correlate(batch, 1, 4);
  correlate(batch, 6, 3);
  std::vector<Real> mean, analysed;
  Matrix p(0, 0), covariance(0, 0);
  moments(mean, p, Members(processes, 20, 16).all);
  kalman(mean, p, points, batch);
  moments(analysed, covariance, analyse(processes, batch, 20, 16));
  Real difference = 0;
  Batch independent = batch;
  independent.blocks.clear();
  std::vector<Real> other;
  Matrix unused(0, 0);
  moments(other, unused, analyse(processes, independent, 20, 16));
  for (Index i = 0; i < 16; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_NEAR(analysed[at], mean[at], 1e-11);
    for (Index j = 0; j < 16; ++j) EXPECT_NEAR(covariance(i, j), p(i, j), 1e-11);
    difference = std::max(difference, std::abs(other[at] - mean[at]));
  }
  EXPECT_GT(difference, 0.05);
}

// What is missing, out of range or far from the background might as well never have been made, also
// within a block.
TEST(ObservationStep, LeavesOutWhatIsMissingOrRejected) {
  const ProcessGrid processes(test_support::world());
  const std::vector<Index> all = {0, 1, 2, 5, 7, 8, 9, 11}, some = {0, 2, 7, 8, 11};
  Batch whole = at_points(all);
  correlate(whole, 1, 5);
  whole.value[1] = nan;
  whole.value[3] = 1e30;
  whole.value[6] = 3 + 50;
  const std::vector<char> keep = {1, 0, 1, 0, 1, 1, 0, 1};
  Batch part = whole;
  part.select(keep);
  ASSERT_EQ(part.size(), 5);
  ASSERT_EQ(part.blocks.size(), 1u);
  EXPECT_EQ(part.blocks[0], (observations::ErrorBlock{1, 3, 0}));
  // Rows and columns 1, 3, 4 of the old block.
  const std::vector<Index> left = {1, 3, 4};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_EQ(part.covariance[3 * i + k],
                whole.covariance[static_cast<std::size_t>(5 * left[i] + left[k])]);

  QualityControl quality;
  quality.background_check = 8;
  quality.highest = 1e10;
  const Matrix expected = analyse(processes, part, 20, 16);
  const Matrix got = analyse(processes, whole, 20, 16, quality);
  for (Index m = 0; m < 20; ++m)
    for (Index i = 0; i < 16; ++i) EXPECT_EQ(got(m, i), expected(m, i));

  Members members(processes, 20, 16);
  FixedBatch source(whole);
  ObservationStep step(processes, source, ring(16), members.own.size(), 20, quality);
  step.read(0, nullptr);
  EXPECT_EQ(step.counts().missing, 1);
  EXPECT_EQ(step.counts().rejected, 1);
  step.observe(Rows(members.mine));
  EXPECT_EQ(step.counts().used, 5);
  EXPECT_EQ(step.counts().rejected, 2);
  EXPECT_EQ(step.original().size(), 8);
  EXPECT_EQ(step.places().size(), 5u);
  // Later states see the same observations; nothing is decided anew.
  const Rows again = step.observe(Rows(members.mine));
  EXPECT_EQ(width_of(again), 5);
  EXPECT_EQ(step.counts().rejected, 2);
}

TEST(ObservationStep, WithNothingLeftIsEmpty) {
  const ProcessGrid processes(test_support::world());
  Batch batch = at_points({3, 4, 5});
  correlate(batch, 0, 3);
  std::fill(batch.value.begin(), batch.value.end(), nan);
  const Matrix analysis = analyse(processes, batch, 6, 16);
  const Members members(processes, 6, 16);
  for (Index m = 0; m < 6; ++m)
    for (Index i = 0; i < 16; ++i) EXPECT_EQ(analysis(m, i), members.all(m, i));
}

// Places of observations in a periodic plane with two layers, and what members say there whose
// values the ranks share: x + 100 y of the layer's field, which is linear away from the seams.
TEST(ObservationStep, KnowsPlacesInThePlaneAndItsLayers) {
  const int ranks = size_of(test_support::world());
  const ProcessGrid processes(test_support::world(), ranks);
  const Domain plane({{8, 0, 1, true}, {6, 0, 2, true}},
                     {{.name = "upper", .level = 0}, {.name = "lower", .level = 1}});
  Batch batch;
  batch.resize(3);
  batch.location = {{7.5, 11}, {0.5, 1}, {0.5, 1}};
  batch.component = {0, 0, 1};
  batch.value = {1, 1, 1};
  batch.variance = {1, 1, 1};
  const Range rows = deal(6, ranks, rank_of(processes.space()));
  const Columns mine = Columns(48, {{8 * rows.begin, 8 * rows.end}}).repeated(2);
  FixedBatch source(batch);
  ObservationStep step(processes, source, plane, 1, 1, {}, {}, mine);
  step.read(0, nullptr);
  std::vector<Real> member;
  for (Index i = 0; i < mine.count(); ++i) {
    const Index value = mine.global(i), layer = value / 48;
    const Point at = plane.point(value % 48);
    member.push_back((at[0] + 100 * at[1]) * (layer == 0 ? 1.0 : -2.0));
  }
  const Rows seen = step.observe(make_rows(member.data(), 1, mine.count()));
  EXPECT_NEAR(seen(0, 1), 100.5, 1e-12);
  EXPECT_NEAR(seen(0, 2), -201, 1e-12);
  // Around both seams: the mean of x = 7 and 0 and of y = 10 and 0.
  EXPECT_NEAR(seen(0, 0), 3.5 + 500, 1e-12);

  const std::vector<Place>& places = step.places();
  ASSERT_EQ(places.size(), 3U);
  const Geometry geometry = geometry_of(plane, 5);
  EXPECT_NEAR(geometry.distance(places[0], places[1]), std::sqrt(5.0), 1e-14);
  EXPECT_EQ(geometry.distance(places[1], places[2]), 5);
  EXPECT_EQ(geometry_of(plane).distance(places[1], places[2]), 0);
}

// Innovations that are exactly normal: 5 deviations reject nothing but what was planted, 2 reject
// 2 Phi(-2) of all.
TEST(BackgroundCheck, RejectsPlantedOutliersAndTheExpectedFraction) {
  const ProcessGrid processes(test_support::world());
  constexpr Index n = 3000, size = 8;
  Members members(processes, size, n);
  std::vector<Real> mean;
  Batch batch;
  batch.resize(n);
  for (Index i = 0; i < n; ++i) {
    const auto j = static_cast<std::size_t>(i);
    Real centre = 0, squares = 0;
    for (Index m = 0; m < size; ++m) centre += members.all(m, i) / size;
    for (Index m = 0; m < size; ++m)
      squares += (members.all(m, i) - centre) * (members.all(m, i) - centre) / (size - 1);
    batch.location[j] = static_cast<Real>(i);
    batch.variance[j] = 0.25;
    const Real z = i % 100 == 7 ? (i % 200 == 7 ? 6.5 : -6.5)
                                : Stream(9, Purpose::observation_noise, 0, 0).normal(j);
    batch.value[j] = centre + std::sqrt(squares + 0.25) * z;
  }
  BackgroundCheck check(processes, size, n);
  std::vector<char> keep(n);
  check.decide(keep, Rows(members.mine), batch, 5);
  for (std::size_t j = 0; j < n; ++j) EXPECT_EQ(keep[j] == 0, j % 100 == 7) << j;
  check.decide(keep, Rows(members.mine), batch, 2);
  const Real rejected = static_cast<Real>(std::count(keep.begin(), keep.end(), 0) - n / 100);
  const Real p = std::erfc(2 / std::sqrt(2.0)), trials = n - n / 100.0;
  EXPECT_NEAR(rejected, p * trials, 4 * std::sqrt(p * (1 - p) * trials));
}

TEST(ObservationStep, AllocatesNothingOnceABatchWasSeen) {
  const ProcessGrid processes(test_support::world());
  Members members(processes, 20, 16);
  Batch batch = at_points({0, 1, 2, 5, 7, 8});
  correlate(batch, 1, 4);
  batch.value[2] = nan;
  batch.value[5] = 80;
  QualityControl quality;
  quality.background_check = 6;
  FixedBatch source(batch);
  ObservationStep step(processes, source, ring(16), members.own.size(), 20, quality);
  const auto once = [&] {
    step.read(0, nullptr);
    step.observe(Rows(members.mine));
  };
  once();
  const test_support::AllocationCounter allocations;
  if (test_support::world_size() == 1) once();
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(ObservationStep, SaysWhichBlockIsNoCovariance) {
  const ProcessGrid processes(test_support::world());
  Members members(processes, 4, 16);
  Batch batch = at_points({0, 1, 2, 5});
  correlate(batch, 1, 2);
  batch.covariance[1] = batch.covariance[2] = 10;
  batch.first = 40;
  batch.time = 2.5;
  FixedBatch source(batch);
  ObservationStep step(processes, source, ring(16), members.own.size(), 4, {});
  step.read(0, nullptr);
  try {
    step.observe(Rows(members.mine));
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("test: observations 41 to 42 at time 2.5"));
  }
}

TEST(QualityControl, IsReadFromTheInput) {
  const auto read = [](const std::string& keys) {
    Config config = Config::parse("[quality_control]\n" + keys, "in.toml");
    return QualityControl(config.section("quality_control", QualityControl::schema()));
  };
  EXPECT_FALSE(read("").checks_background());
  EXPECT_EQ(read("background_check = 5.0").background_check, 5);
  EXPECT_EQ(read("range = [-10, 20.5]").lowest, -10);
  EXPECT_EQ(read("range = [-10, 20.5]").highest, 20.5);
  EXPECT_THROW(read("range = [10, -20]"), InputError);
  EXPECT_THROW(read("range = [10]"), InputError);
  EXPECT_THROW(read("background_check = 0"), InputError);
}

}  // namespace
}  // namespace starling::campaigns
