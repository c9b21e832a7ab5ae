// SPDX-License-Identifier: BSD-3-Clause
// Every kind of observation against closed forms.
#include "core/error.hpp"
#include "core/random.hpp"
#include "observations/kinds.hpp"
#include "observations/operator.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using testing::HasSubstr;

constexpr Real pi = std::numbers::pi;
const Domain even{96, 0.1, 22.0 / 96, true};
const Domain odd{41, -3, 0.25, true};
const Domain interval{31, -0.7, 0.1, false};

using Field = std::function<Real(Real)>;

Kind kind(const std::string& name) {
  for (const KindEntry& each : kinds())
    if (each.name == name) return each.kind;
  ADD_FAILURE() << "no kind " << name;
  return Kind::state;
}

Batch batch_of(const std::vector<Real>& locations, const std::string& name, Real extent = 0) {
  Batch batch;
  batch.resize(static_cast<Index>(locations.size()));
  batch.location.assign(locations.begin(), locations.end());
  for (std::size_t j = 0; j < locations.size(); ++j) {
    batch.kind[j] = kind(name);
    batch.extent[j] = extent;
  }
  return batch;
}

std::vector<Real> observe(const Domain& domain, const Batch& batch, const Field& field) {
  std::vector<Real> u, out(static_cast<std::size_t>(batch.size()));
  for (Index i = 0; i < domain.axis().points; ++i) u.push_back(field(domain.axis().coordinate(i)));
  Operator observation(domain, batch.size());
  observation.set(batch, "test");
  observation.apply(make_rows(out.data(), 1, batch.size()),
                    make_rows(u.data(), 1, domain.axis().points));
  return out;
}

std::vector<Real> places(const Domain& domain, int count) {
  std::vector<Real> list;
  const Stream stream(3, Purpose::observation_network, 0, 0);
  for (int j = 0; j < count; ++j)
    list.push_back(domain.axis().origin +
                   domain.axis().length() * stream.uniform(static_cast<std::uint64_t>(j)));
  // At a grid point, next to one, before the seam.
  list.push_back(domain.axis().coordinate(7));
  list.push_back(domain.axis().coordinate(7) + 1e-9);
  list.push_back(domain.axis().origin + domain.axis().length() * (1 - 1e-14));
  return list;
}

// All resolved waves at once, with random phases.
Field waves(const Domain& domain) {
  return [&domain](Real x) {
    const Stream stream(4, Purpose::initial_perturbation, 0, 0);
    Real sum = 0.7;
    for (Index k = 1; k <= (domain.axis().points - 1) / 2; ++k)
      sum += std::cos(2 * pi * static_cast<Real>(k) * (x - domain.axis().origin) /
                          domain.axis().length() +
                      2 * pi * stream.uniform(static_cast<std::uint64_t>(k)));
    return sum;
  };
}

TEST(Kinds, HaveCodesAndNamesOfTheirOwn) {
  for (const KindEntry& one : kinds())
    for (const KindEntry& other : kinds())
      EXPECT_EQ(one.kind == other.kind, one.name == other.name) << one.name << " " << other.name;
  EXPECT_EQ(find(Kind::state)->name, "point");
  EXPECT_EQ(find(Kind{99}), nullptr);
}

TEST(SpectralPoints, AreExactForAllResolvedWaves) {
  for (const Domain& domain : {even, odd}) {
    const Field field = waves(domain);
    const std::vector<Real> at = places(domain, 200);
    const std::vector<Real> seen = observe(domain, batch_of(at, "spectral"), field);
    // Rounding: the sum of so many waves, and x to a part of the smallest of them.
    for (std::size_t j = 0; j < at.size(); ++j) EXPECT_NEAR(seen[j], field(at[j]), 1e-11) << at[j];
  }
}

// The Nyquist mode is a cosine between the points, and the grid knows no sine of it.
TEST(SpectralPoints, TakeTheNyquistModeAsACosine) {
  const Field nyquist = [](Real x) { return std::cos(48 * 2 * pi * (x - 0.1) / 22); };
  const std::vector<Real> at = places(even, 50);
  const std::vector<Real> seen = observe(even, batch_of(at, "spectral"), nyquist);
  for (std::size_t j = 0; j < at.size(); ++j) EXPECT_NEAR(seen[j], nyquist(at[j]), 1e-11);
}

TEST(SpectralPoints, AreTheValueAtAGridPoint) {
  const Field field = waves(even);
  std::vector<Real> at;
  for (const Index i : {0, 7, 50, 95}) at.push_back(even.axis().coordinate(i));
  const std::vector<Real> seen = observe(even, batch_of(at, "spectral"), field);
  EXPECT_EQ(seen, observe(even, batch_of(at, "point"), field));
}

TEST(SpectralPoints, NeedAPeriodicDomain) {
  try {
    observe(interval, batch_of({0.5}, "spectral"), [](Real) { return 0; });
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("test: observation 0 at time 0: spectral interpolation"));
  }
}

// Over a box within which the interpolant of a line is the line.
TEST(BoxAverages, AreExactForLines) {
  const Field line = [](Real x) { return 2 - 3 * x; };
  for (const Real width : {0.003, 0.1, 0.25, 1.7}) {
    std::vector<Real> at;
    for (int j = 0; j <= 40; ++j) at.push_back(-0.7 + width / 2 + j * (3 - width) / 40);
    const std::vector<Real> seen = observe(interval, batch_of(at, "average", width), line);
    for (std::size_t j = 0; j < at.size(); ++j) EXPECT_NEAR(seen[j], line(at[j]), 1e-12) << width;
  }
}

// The mean of cos k x over a box is cos k x_0 sinc(k w / 2); the integral of the linear interpolant
// of a function is off by at most h^2 / 8 max |f''|, also across the seam.
TEST(BoxAverages, FollowAWaveToSecondOrderAroundTheRing) {
  const Real k = 2 * pi * 2 / even.axis().length();
  const Field wave = [&](Real x) { return std::cos(k * (x - 1)); };
  const Real bound = even.axis().spacing * even.axis().spacing / 8 * k * k;
  for (const Real width : {0.05, 1.0, 8.3, 22.0}) {
    const std::vector<Real> at = places(even, 100);
    const std::vector<Real> seen = observe(even, batch_of(at, "average", width), wave);
    const Real factor = std::sin(k * width / 2) / (k * width / 2);
    for (std::size_t j = 0; j < at.size(); ++j)
      EXPECT_NEAR(seen[j], factor * wave(at[j]), bound * (1 + 1e-9)) << width;
  }
}

// The whole ring: the mean of the values, wherever the box is.
TEST(BoxAverages, OfTheWholeRingAreTheMean) {
  const Field field = [](Real x) { return std::sin(1e4 * x); };
  Real mean = 0;
  for (Index i = 0; i < even.axis().points; ++i) mean += field(even.axis().coordinate(i)) / 96;
  for (const Real seen : observe(even, batch_of(places(even, 20), "average", 22.0), field))
    EXPECT_NEAR(seen, mean, 1e-13);
}

// By hand: points 0, 1, 2, ... with values i^2 on a bounded domain; a box from 0.5 to 2.25.
TEST(BoxAverages, IntegrateTheLinearInterpolant) {
  const Domain unit{5, 0, 1, false};
  const Real width = 1.75, centre = 0.5 + width / 2;
  // 0.5 ... 1: mean 0.75 over 0.5; 1 ... 2: mean 2.5; 2 ... 2.25: mean (4 + 5.25) / 2 over 0.25.
  const Real expected = (0.5 * 0.75 + 2.5 + 0.25 * 4.625) / width;
  EXPECT_NEAR(
      observe(unit, batch_of({centre}, "average", width), [](Real x) { return x * x; }).at(0),
      expected, 1e-14);
}

TEST(BoxAverages, RefuseWhatIsNoBoxInTheDomain) {
  const auto refusal = [](const Domain& domain, Real x, Real width) -> std::string {
    try {
      observe(domain, batch_of({x}, "average", width), [](Real) { return 0; });
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal(even, 5, 22), "accepted");
  EXPECT_THAT(refusal(even, 5, 22.1), HasSubstr("extent = 22.1 is more than the domain"));
  EXPECT_THAT(refusal(even, 5, 0), HasSubstr("extent = 0 is no width"));
  EXPECT_THAT(refusal(even, 5, std::nan("")), HasSubstr("extent = nan"));
  EXPECT_EQ(refusal(interval, -0.2, 1), "accepted");
  EXPECT_THAT(refusal(interval, -0.3, 1), HasSubstr("leaves the domain"));
  EXPECT_THAT(refusal(interval, 2.0, 1), HasSubstr("within -0.7 <= x <= 2.3"));
}

TEST(Kinds, OfFunctionsApplyThemToTheInterpolatedField) {
  const Field line = [](Real x) { return 2 - 3 * x; };
  const std::vector<Real> at = {-0.7, -0.33, 0.1, 0.666, 0.7, 1.25, 2.3};
  const std::vector<Real> speed = observe(interval, batch_of(at, "speed"), line);
  const std::vector<Real> square = observe(interval, batch_of(at, "square"), line);
  const std::vector<Real> exponential = observe(interval, batch_of(at, "exponential"), line);
  const std::vector<Real> logarithm = observe(interval, batch_of(at, "logarithm"), line);
  const std::vector<Real> saturating = observe(interval, batch_of(at, "saturating"), line);
  for (std::size_t j = 0; j < at.size(); ++j) {
    EXPECT_NEAR(speed[j], std::abs(line(at[j])), 1e-13);
    EXPECT_NEAR(square[j], line(at[j]) * line(at[j]), 1e-12);
    EXPECT_NEAR(exponential[j], std::exp(line(at[j])), 1e-12 * std::exp(line(at[j])));
    EXPECT_NEAR(logarithm[j], std::log(1 + std::abs(line(at[j]))), 1e-13);
    // tanh u = 1 - 2 / (exp(2 u) + 1)
    EXPECT_NEAR(saturating[j], 1 - 2 / (std::exp(2 * line(at[j])) + 1), 1e-13);
  }
}

// Each observation of a mixture is what it is alone, each member too, bit for bit; and nothing
// allocates.
TEST(Kinds, DoNotSeeEachOther) {
  constexpr Index members = 37;
  std::vector<Real> u(members * 96), all(members * 120), one(members * 120);
  Stream(1, Purpose::initial_perturbation, 0, 0).normals(u.data(), members * 96);
  Batch mixed = batch_of(places(even, 117), "point");
  for (std::size_t j = 0; j < 120; ++j) {
    mixed.kind[j] = kinds()[j % kinds().size()].kind;
    mixed.extent[j] = mixed.kind[j] == kind("average") ? 0.1 + 0.05 * static_cast<Real>(j) : 0;
  }
  Operator observation(even, 120);
  EXPECT_TRUE(observation.linear());
  observation.set(mixed, "test");
  EXPECT_FALSE(observation.linear());
  observation.apply(make_rows(all.data(), members, 120), make_rows(u.data(), members, 96));
  {
    const test_support::AllocationCounter allocations;
    observation.set(mixed, "test");
    observation.apply(make_rows(one.data(), members, 120), make_rows(u.data(), members, 96));
    EXPECT_EQ(allocations.count(), 0U);
  }
  EXPECT_EQ(one, all);
  for (Index m = 0; m < members; ++m) {
    observation.apply(make_rows(one.data(), 1, 120), make_rows(u.data() + m * 96, 1, 96));
    for (Index j = 0; j < 120; ++j)
      EXPECT_EQ(one[static_cast<std::size_t>(j)], all[static_cast<std::size_t>(m * 120 + j)])
          << "member " << m << ", observation " << j;
  }
  for (const KindEntry& each : kinds()) {
    Batch part = mixed;
    std::vector<char> keep(120);
    for (std::size_t j = 0; j < 120; ++j) keep[j] = mixed.kind[j] == each.kind ? 1 : 0;
    part.select(keep);
    observation.set(part, "test");
    EXPECT_EQ(observation.linear(), each.function == nullptr);
    observation.apply(make_rows(one.data(), members, part.size()),
                      make_rows(u.data(), members, 96));
    for (Index m = 0; m < members; ++m)
      for (Index j = 0, k = 0; j < 120; ++j)
        if (keep[static_cast<std::size_t>(j)] != 0) {
          EXPECT_EQ(one[static_cast<std::size_t>(m * part.size() + k++)],
                    all[static_cast<std::size_t>(m * 120 + j)])
              << each.name;
        }
  }
}

TEST(Kinds, ThatNobodyKnowsAreRefused) {
  Batch batch = batch_of({0.5}, "point");
  batch.kind[0] = Kind{77};
  try {
    observe(interval, batch, [](Real) { return 0; });
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("kind = 77; allowed: 0 (point), 1 (spectral), "));
  }
}

}  // namespace
}  // namespace starling::observations
