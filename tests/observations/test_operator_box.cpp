// SPDX-License-Identifier: BSD-3-Clause
// Observations in the periodic plane and box, of several components, and of members that the ranks
// of a communicator share, against closed forms.
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "observations/kinds.hpp"
#include "observations/operator.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using test_support::world;
using testing::HasSubstr;

constexpr Real pi = std::numbers::pi;
const std::vector<Component> two = {{.name = "upper", .level = 0}, {.name = "lower", .level = 1}};
// Numbers that are not exact in binary, even and odd numbers of points.
const Domain plane({{24, 0.1, 22.0 / 24, true}, {15, -3, 0.7, true}}, two);
const Domain box({{12, 0.1, 0.3, true}, {9, 0, 1.1, true}, {10, -2, 0.2, true}}, two);
const Domain basin({{9, -0.7, 0.1, false}, {7, 2, 0.3, false}}, {{}});

// Of a component at a point.
using Field = std::function<Real(Index, const Point&)>;

std::vector<Real> values_of(const Domain& domain, const Field& field) {
  std::vector<Real> values;
  for (Index i = 0; i < domain.values(); ++i)
    values.push_back(field(i / domain.points(), domain.point(i % domain.points())));
  return values;
}

Kind kind(const std::string& name) { return find(name)->kind; }

// Random places of both components, some of them at grid points, next to one and at the seams.
Batch batch_of(const Domain& domain, const std::string& name, Index count, Real extent = 0) {
  const Stream stream(3, Purpose::observation_network, 0, 0);
  Batch batch;
  batch.resize(count);
  for (Index j = 0; j < count; ++j) {
    const auto at = static_cast<std::size_t>(j);
    for (int d = 0; d < domain.dimensions(); ++d) {
      const Axis& axis = domain.axis(d);
      const Real last = axis.periodic ? axis.length() * (1 - 1e-14)
                                      : axis.spacing * static_cast<Real>(axis.points - 1);
      Real x = axis.origin + last * stream.uniform(static_cast<std::uint64_t>(3 * j + d));
      if (j % 5 == 1) x = axis.coordinate(j * (d + 1) % axis.points);
      if (j % 5 == 2) x = axis.coordinate(j % (axis.points - 1)) + (d == 0 ? 1e-9 : 0);
      if (j % 5 == 3 && j % 2 == d) x = axis.origin + last;
      batch.location[at].at[static_cast<std::size_t>(d)] = x;
    }
    batch.component[at] =
        static_cast<std::int32_t>(static_cast<std::size_t>(j) * 7 % 3 % domain.components().size());
    batch.kind[at] = kind(name);
    batch.extent[at] = extent;
  }
  return batch;
}

std::vector<Real> observe(const Domain& domain, const Batch& batch,
                          const std::vector<Real>& members) {
  const auto rows = static_cast<Index>(members.size()) / domain.values();
  Operator observation(domain, 0);
  observation.set(batch, "test");
  std::vector<Real> out(static_cast<std::size_t>(rows * batch.size()));
  observation.apply(make_rows(out.data(), rows, batch.size()),
                    make_rows(members.data(), rows, domain.values()));
  return out;
}

std::vector<Real> noise(Index count) {
  std::vector<Real> values(static_cast<std::size_t>(count));
  Stream(1, Purpose::initial_perturbation, 0, 0).normals(values.data(), count);
  return values;
}

TEST(OperatorBox, IsExactAtGridPoints) {
  for (const Domain& domain : {plane, box, basin}) {
    const std::vector<Real> members = noise(2 * domain.values());
    Batch batch;
    batch.resize(domain.values());
    for (Index i = 0; i < domain.values(); ++i) {
      batch.location[static_cast<std::size_t>(i)] = domain.point(i % domain.points());
      batch.component[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i / domain.points());
    }
    EXPECT_EQ(observe(domain, batch, members), members);
    // The same between observations that are at no grid point.
    Batch mixed = batch;
    mixed.location[0].at[0] += 0.3 * domain.axis().spacing;
    mixed.location[3].at[1] += 0.3 * domain.axis(1).spacing;
    const std::vector<Real> seen = observe(domain, mixed, members);
    for (std::size_t i = 0; i < members.size(); ++i)
      if (i % static_cast<std::size_t>(domain.values()) != 0 &&
          i % static_cast<std::size_t>(domain.values()) != 3) {
        ASSERT_EQ(seen[i], members[i]);
      }
  }
}

TEST(OperatorBox, InterpolatesMultilinearFieldsExactly) {
  const Field field = [](Index, const Point& p) { return (2 - 3 * p[0]) * (0.5 + 2 * p[1]); };
  const Batch batch = batch_of(basin, "point", 200);
  const std::vector<Real> seen = observe(basin, batch, values_of(basin, field));
  for (std::size_t j = 0; j < seen.size(); ++j)
    EXPECT_NEAR(seen[j], field(0, batch.location[j]), 1e-12);
}

// The error of multilinear interpolation of a product of waves is at most the sum over the axes of
// h^2 / 8 max |d^2 f / dx^2|, also across the seams, and falls as h^2.
TEST(OperatorBox, InterpolatesWavesToSecondOrder) {
  Real before = 0;
  for (const Index refinement : {1, 2, 4}) {
    const Domain domain({{24 * refinement, 0.1, 22.0 / 24 / static_cast<Real>(refinement), true},
                         {16 * refinement, -3, 0.7 / static_cast<Real>(refinement), true}},
                        two);
    const Real kx = 2 * pi / domain.axis(0).length(), ky = 2 * pi / domain.axis(1).length();
    const Field field = [=](Index c, const Point& p) {
      return std::sin(kx * p[0] + static_cast<Real>(c)) * std::cos(ky * p[1]);
    };
    const Batch batch = batch_of(domain, "point", 2000);
    const std::vector<Real> seen = observe(domain, batch, values_of(domain, field));
    Real worst = 0;
    for (std::size_t j = 0; j < seen.size(); ++j)
      worst = std::max(worst, std::abs(seen[j] - field(batch.component[j], batch.location[j])));
    const Real hx = domain.axis(0).spacing * kx, hy = domain.axis(1).spacing * ky;
    EXPECT_LE(worst, (hx * hx + hy * hy) / 8 * (1 + 1e-9));
    EXPECT_GT(worst, 0.5 * (hx * hx + hy * hy) / 8);
    if (before > 0) {
      EXPECT_NEAR(std::log2(before / worst), 2, 0.15);
    }
    before = worst;
  }
}

// All resolved waves of the box that are products of one wave along each axis.
Field waves(const Domain& domain) {
  return [&domain](Index component, const Point& p) {
    const Stream stream(4, Purpose::initial_perturbation, static_cast<std::uint64_t>(component), 0);
    Real product = 1;
    for (int d = 0; d < domain.dimensions(); ++d) {
      const Axis& axis = domain.axis(d);
      Real sum = 0.7;
      for (Index k = 1; k <= (axis.points - 1) / 2; ++k)
        sum += std::cos(2 * pi * static_cast<Real>(k) * (p[d] - axis.origin) / axis.length() +
                        2 * pi * stream.uniform(static_cast<std::uint64_t>(100 * d + k)));
      product *= sum;
    }
    return product;
  };
}

TEST(OperatorBox, SpectralPointsAreExactForAllResolvedWaves) {
  for (const Domain& domain : {plane, box}) {
    const Field field = waves(domain);
    const Batch batch = batch_of(domain, "spectral", 150);
    const std::vector<Real> seen = observe(domain, batch, values_of(domain, field));
    for (std::size_t j = 0; j < seen.size(); ++j)
      EXPECT_NEAR(seen[j], field(batch.component[j], batch.location[j]), 1e-11);
  }
}

TEST(OperatorBox, SpectralPointsAreTheValueAtAGridPoint) {
  const std::vector<Real> members = noise(2 * box.values());
  Batch batch = batch_of(box, "spectral", 60);
  for (std::size_t j = 0; j < 60; ++j)
    batch.location[j] = box.point(static_cast<Index>(j * 17) % box.points());
  Batch points = batch;
  points.kind.assign(60, Kind::state);
  EXPECT_EQ(observe(box, batch, members), observe(box, points, members));
}

// The mean of a product of cosines over a box is their product times sinc(k w / 2) for each axis;
// the integral of the interpolant is off by at most the sum of h^2 / 8 max |d^2 f|.
TEST(OperatorBox, AveragesFollowWavesToSecondOrder) {
  const Real kx = 2 * pi / plane.axis(0).length(), ky = 2 * pi / plane.axis(1).length();
  const Field field = [=](Index, const Point& p) {
    return std::cos(kx * (p[0] - 1)) * std::cos(ky * (p[1] + 2));
  };
  const Real hx = plane.axis(0).spacing * kx, hy = plane.axis(1).spacing * ky;
  for (const Real width : {0.05, 1.0, 8.3, 10.5}) {
    const Batch batch = batch_of(plane, "average", 100, width);
    const std::vector<Real> seen = observe(plane, batch, values_of(plane, field));
    const Real factor =
        std::sin(kx * width / 2) / (kx * width / 2) * std::sin(ky * width / 2) / (ky * width / 2);
    for (std::size_t j = 0; j < seen.size(); ++j)
      EXPECT_NEAR(seen[j], factor * field(0, batch.location[j]), (hx * hx + hy * hy) / 8) << width;
  }
}

TEST(OperatorBox, AveragesAreExactForMultilinearFieldsAndOverThePeriod) {
  const Field field = [](Index, const Point& p) { return (2 - 3 * p[0]) * (0.5 + 2 * p[1]); };
  Batch batch = batch_of(basin, "average", 40, 0.25);
  for (Point& place : batch.location)
    for (int d = 0; d < 2; ++d) {
      const Axis& axis = basin.axis(d);
      place.at[static_cast<std::size_t>(d)] =
          std::clamp(place[d], axis.origin + 0.125, axis.coordinate(axis.points - 1) - 0.125);
    }
  const std::vector<Real> seen = observe(basin, batch, values_of(basin, field));
  for (std::size_t j = 0; j < seen.size(); ++j)
    EXPECT_NEAR(seen[j], field(0, batch.location[j]), 1e-12);

  const Domain square({{8, 0, 0.5, true}, {16, 1, 0.25, true}}, {{}});
  const std::vector<Real> u = noise(square.values());
  Real mean = 0;
  for (const Real each : u) mean += each / static_cast<Real>(u.size());
  for (const Real all : observe(square, batch_of(square, "average", 20, 4.0), u))
    EXPECT_NEAR(all, mean, 1e-14);
}

// Without a component, dimension or period too many.
TEST(OperatorBox, RefusesWhatTheDomainHasNot) {
  const auto refusal = [](const std::function<void(Batch&)>& spoil) -> std::string {
    Batch batch = batch_of(plane, "point", 3);
    spoil(batch);
    try {
      Operator(plane, 3).set(batch, "obs.h5");
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal([](Batch&) {}), "accepted");
  EXPECT_EQ(refusal([](Batch& b) {
              b.location[1] = {5, 8};
            }),
            "obs.h5: observation 1 at time 0: location = (5, 8) is outside the domain; "
            "allowed: " +
                plane.allowed());
  EXPECT_EQ(refusal([](Batch& b) { b.component[2] = 2; }),
            "obs.h5: observation 2 at time 0: component = 2; allowed: 0 (upper), 1 (lower)");
  EXPECT_THAT(refusal([](Batch& b) { b.component[2] = -1; }), HasSubstr("component = -1"));
  EXPECT_THAT(refusal([](Batch& b) {
                b.kind[0] = kind("average");
                b.extent[0] = 11;
              }),
              HasSubstr("extent = 11 is more than the domain; allowed: at most 10.5"));
}

// All kinds in turn.
Batch mixture(const Domain& domain) {
  Batch batch = batch_of(domain, "point", 120);
  for (std::size_t j = 0; j < 120; ++j) {
    batch.kind[j] = kinds()[j % kinds().size()].kind;
    if (batch.kind[j] == kind("average")) batch.extent[j] = 0.1 + 0.01 * static_cast<Real>(j);
  }
  return batch;
}

// Some columns of a row for each rank: ranges of lengths that have nothing to do with the axes, or
// whole rows along x of each component.
Columns share_of(const Domain& domain, bool rows) {
  const int ranks = size_of(world()), rank = rank_of(world());
  std::vector<Range> pieces;
  if (rows) {
    const Index width = domain.axis().points, count = domain.points() / width;
    const Range mine = deal(count, ranks, rank);
    pieces.push_back({mine.begin * width, mine.end * width});
    return Columns(domain.points(), pieces)
        .repeated(static_cast<Index>(domain.components().size()));
  }
  Index begin = 0;
  for (Index n = 0; begin < domain.values(); ++n) {
    const Index end = std::min(begin + 1 + n * 5 % 37, domain.values());
    if (n % ranks == rank) pieces.push_back({begin, end});
    begin = end;
  }
  return {domain.values(), pieces};
}

// Ranks that share members see what one rank with all of them sees, the same on all of them.
TEST(OperatorBox, OfSharedMembersIsThatOfWholeOnes) {
  constexpr Index members = 5, behind = 3;
  const Domain line({{41, -3, 0.25, true}}, two);
  for (const Domain& domain : {line, plane, box})
    for (const bool rows : {false, true}) {
      const Batch batch = mixture(domain);
      const std::vector<Real> u = noise(members * domain.values());
      const std::vector<Real> expected = observe(domain, batch, u);
      const Columns mine = share_of(domain, rows);
      // With columns behind the grid-point values.
      const Index width = mine.count() + behind;
      std::vector<Real> part(static_cast<std::size_t>(members * width), 1e30);
      for (Index m = 0; m < members; ++m)
        for (Index i = 0; i < mine.count(); ++i)
          part[static_cast<std::size_t>(m * width + i)] =
              u[static_cast<std::size_t>(m * domain.values() + mine.global(i))];
      Operator observation(domain, batch.size(), mine, world());
      observation.set(batch, "test");
      std::vector<Real> seen(expected.size());
      observation.apply(make_rows(seen.data(), members, batch.size()),
                        make_rows(part.data(), members, width));
      for (std::size_t j = 0; j < seen.size(); ++j)
        ASSERT_NEAR(seen[j], expected[j], 1e-13 * std::max(1.0, std::abs(expected[j])))
            << domain.dimensions() << " dimensions, " << j;
      std::vector<Real> root = seen;
      MPI_Bcast(root.data(), static_cast<int>(root.size()), MPI_DOUBLE, 0, world());
      EXPECT_EQ(root, seen);
      // Members do not see each other, to the bit.
      std::vector<Real> one(static_cast<std::size_t>(batch.size()));
      observation.apply(make_rows(one.data(), 1, batch.size()),
                        make_rows(part.data() + 3 * width, 1, width));
      for (std::size_t j = 0; j < one.size(); ++j) EXPECT_EQ(one[j], seen[3 * one.size() + j]);
    }
}

TEST(OperatorBox, AllocatesNothingForWhatItHasSeen) {
  const Batch batch = mixture(plane);
  const std::vector<Real> u = noise(2 * plane.values());
  std::vector<Real> out(240);
  Operator observation(plane, 120);
  const auto observe = [&] {
    observation.set(batch, "test");
    observation.apply(make_rows(out.data(), 2, 120), make_rows(u.data(), 2, plane.values()));
  };
  observe();
  const test_support::AllocationCounter allocations;
  observe();
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::observations
