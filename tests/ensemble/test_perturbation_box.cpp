// SPDX-License-Identifier: BSD-3-Clause
// Perturbations of several components in the periodic plane and box against their spectrum.
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "ensemble/perturbation.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using ensemble::Perturbation;

constexpr Real pi = std::numbers::pi;
const std::vector<Component> two = {{.name = "upper"}, {.name = "lower", .level = 1}};
const Domain plane({{12, 1, 0.5, true}, {9, 0, 0.8, true}}, two);
const Domain box({{8, 0, 0.5, true}, {6, 0, 0.7, true}, {5, 1, 1.0, true}}, two);

Perturbation make(const std::string& keys, const Domain& domain) {
  Config config = Config::parse("[ensemble]\n" + keys, "in.toml");
  return {config.section("ensemble", Perturbation::schema()), domain};
}

Stream stream_of(int field) {
  return {1, Purpose::initial_perturbation, static_cast<std::uint64_t>(field), 0};
}

// The variance of the cosine and of the sine of a mode in one field, by the sums over the points
// that define them: (2 / N sum u cos(k x))^2 and the same with sin. A cosine and a sine of variance
// v each at a point give a variance v to each of them.
struct ModeVariance {
  Real cosine = 0, sine = 0;
};
ModeVariance project(const Domain& domain, const Real* u, const std::array<Index, 3>& mode) {
  ModeVariance sum;
  for (Index i = 0; i < domain.points(); ++i) {
    Real phase = 0;
    for (int d = 0; d < domain.dimensions(); ++d) {
      const Axis& axis = domain.axis(d);
      phase += 2 * pi * static_cast<Real>(mode[static_cast<std::size_t>(d)]) *
               (domain.point(i)[d] - axis.origin) / axis.length();
    }
    sum.cosine += u[i] * std::cos(phase);
    sum.sine += u[i] * std::sin(phase);
  }
  const Real factor = 2 / static_cast<Real>(domain.points());
  return {factor * factor * sum.cosine * sum.cosine, factor * factor * sum.sine * sum.sine};
}

bool resolved(const Domain& domain, const std::array<Index, 3>& mode) {
  for (int d = 0; d < domain.dimensions(); ++d)
    if (2 * std::abs(mode[static_cast<std::size_t>(d)]) >= domain.axis(d).points) return false;
  return true;
}

// One of each pair of k and -k.
bool is_first(const std::array<Index, 3>& m) {
  if (m[2] != 0) return m[2] > 0;
  return m[1] != 0 ? m[1] > 0 : m[0] > 0;
}

Real squared_wavenumber(const Domain& domain, const std::array<Index, 3>& mode) {
  Real sum = 0;
  for (int d = 0; d < domain.dimensions(); ++d) {
    const Real k =
        2 * pi * static_cast<Real>(mode[static_cast<std::size_t>(d)]) / domain.axis(d).length();
    sum += k * k;
  }
  return sum;
}

// Over many fields, cosines and sines of every mode have the variance std^2 S(|k|) / sum of S over
// half of the modes: the sum of 2 F squares of standard normals is chi-square distributed, of mean
// 2 F and standard deviation 2 sqrt(F). Six of these are exceeded by one of a few hundred in fewer
// than 1 of a million such tests.
void check_spectrum(const Domain& domain, const std::string& keys,
                    const std::function<Real(Real)>& spectrum) {
  constexpr int fields = 600;
  const Perturbation perturbation = make("std = 1.5\n" + keys, domain);
  std::vector<std::array<Index, 3>> modes;
  const Index depth = domain.dimensions() > 2 ? domain.axis(2).points / 2 : 0;
  for (Index z = -depth; z <= depth; ++z)
    for (Index y = -domain.axis(1).points / 2; y <= domain.axis(1).points / 2; ++y)
      for (Index x = -domain.axis(0).points / 2; x <= domain.axis(0).points / 2; ++x)
        if (resolved(domain, {x, y, z}) && is_first({x, y, z})) modes.push_back({x, y, z});
  Real total = 0;
  for (const auto& mode : modes) total += spectrum(squared_wavenumber(domain, mode));
  std::vector<Real> sums(2 * modes.size());
  Real mean = 0;
  for (int f = 0; f < fields; ++f) {
    std::vector<Real> u(static_cast<std::size_t>(domain.values()));
    perturbation.add(u.data(), stream_of(f));
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t m = 0; m < modes.size(); ++m) {
        const auto [cosine, sine] =
            project(domain, u.data() + static_cast<Index>(c) * domain.points(), modes[m]);
        sums[c * modes.size() + m] += cosine + sine;
      }
    Real sum = 0;
    for (Index i = 0; i < domain.points(); ++i) sum += u[static_cast<std::size_t>(i)];
    mean = std::max(mean, std::abs(sum) / static_cast<Real>(domain.points()));
  }
  EXPECT_LT(mean, 1e-14);
  for (std::size_t m = 0; m < sums.size(); ++m) {
    const auto& mode = modes[m % modes.size()];
    const Real expected =
        1.5 * 1.5 * spectrum(squared_wavenumber(domain, mode)) / total * 2 * fields;
    EXPECT_NEAR(sums[m] / expected, 1, 6 / std::sqrt(static_cast<Real>(fields)))
        << mode[0] << " " << mode[1] << " " << mode[2];
  }
}

TEST(PerturbationBox, HasItsSpectrum) {
  check_spectrum(plane, "spectrum = \"gaussian\"\ncorrelation_length = 0.7",
                 [](Real k2) { return std::exp(-k2 * 0.49 / 2); });
  check_spectrum(plane, "spectrum = \"power\"\nslope = 3.0",
                 [](Real k2) { return std::pow(k2, -1.5); });
  check_spectrum(box, "spectrum = \"power\"\nslope = 2.5",
                 [](Real k2) { return std::pow(k2, -1.25); });
}

// At every point; and components, as well as what is far from one another, are independent. Bounds
// of six standard errors of means of F products of normals.
TEST(PerturbationBox, HasItsVarianceAtEveryPointAndComponentsAreIndependent) {
  constexpr int fields = 2000;
  const Domain domain({{16, 0, 1, true}, {12, 0, 1, true}}, two);
  for (const char* spectrum : {"gaussian", "white"}) {
    const Perturbation perturbation =
        make(std::string("std = 2.0\nspectrum = \"") + spectrum + "\"\ncorrelation_length = 1.0",
             domain);
    std::vector<Real> squares(static_cast<std::size_t>(domain.values()));
    std::vector<Real> products(static_cast<std::size_t>(domain.points()));
    for (int f = 0; f < fields; ++f) {
      std::vector<Real> u(squares.size());
      perturbation.add(u.data(), stream_of(f));
      for (std::size_t i = 0; i < u.size(); ++i) squares[i] += u[i] * u[i] / (4 * fields);
      for (std::size_t i = 0; i < products.size(); ++i)
        products[i] += u[i] * u[products.size() + i] / (4 * fields);
    }
    for (const Real square : squares) EXPECT_NEAR(square, 1, 6 * std::sqrt(2.0 / fields));
    for (const Real product : products) EXPECT_NEAR(product, 0, 6 / std::sqrt(1.0 * fields));
  }
}

// exp(-(k l)^2/2) without the mean is the correlation exp(-r^2 / 2 l^2) less its average over the
// domain, c(r) = (exp(-r^2/2l^2) - s) / (1 - s), s = 2 pi l^2 / area: the same along x, y and
// diagonally.
TEST(PerturbationBox, IsIsotropic) {
  constexpr int fields = 4000;
  const Domain domain({{20, 0, 0.5, true}, {40, 0, 0.25, true}}, {{}});
  const Perturbation perturbation =
      make("std = 1.0\nspectrum = \"gaussian\"\ncorrelation_length = 1.0", domain);
  Real along_x = 0, along_y = 0, diagonal = 0;
  for (int f = 0; f < fields; ++f) {
    std::vector<Real> u(static_cast<std::size_t>(domain.values()));
    perturbation.add(u.data(), stream_of(f));
    along_x += u[0] * u[2] / fields;
    along_y += u[0] * u[20 * 4] / fields;
    diagonal += u[0] * u[2 + 20 * 4] / fields;
  }
  const Real s = 2 * pi / 100, bound = 5 * std::sqrt(2.0 / fields);
  EXPECT_NEAR(along_x, (std::exp(-0.5) - s) / (1 - s), bound);
  EXPECT_NEAR(along_y, (std::exp(-0.5) - s) / (1 - s), bound);
  EXPECT_NEAR(diagonal, (std::exp(-1.0) - s) / (1 - s), bound);
}

// A mode has the same numbers on every grid: where a finer grid has no variance in its further
// modes, the values at points that both have are the same.
TEST(PerturbationBox, KnowsNoGrid) {
  const std::string keys = "spectrum = \"gaussian\"\ncorrelation_length = 2.0";
  const Domain coarse({{12, 0, 0.5, true}, {12, 0, 0.5, true}}, two);
  const Domain fine({{24, 0, 0.25, true}, {24, 0, 0.25, true}}, two);
  std::vector<Real> u(288), v(1152);
  make(keys, coarse).add(u.data(), stream_of(3));
  make(keys, fine).add(v.data(), stream_of(3));
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t y = 0; y < 12; ++y)
      for (std::size_t x = 0; x < 12; ++x)
        EXPECT_NEAR(u[(c * 12 + y) * 12 + x], v[(c * 24 + 2 * y) * 24 + 2 * x], 1e-12);
}

// Ranks that share a member fill their own part of the same field, to the bit.
TEST(PerturbationBox, OfSharedMembersIsThatOfWholeOnes) {
  const int ranks = size_of(test_support::world()), rank = rank_of(test_support::world());
  const Domain line({{41, -3, 0.25, true}}, two);
  for (const Domain& domain : {line, plane, box}) {
    std::vector<Range> pieces;
    Index begin = 0;
    for (Index n = 0; begin < domain.values(); ++n) {
      const Index end = std::min(begin + 1 + n * 5 % 37, domain.values());
      if (n % ranks == rank) pieces.push_back({begin, end});
      begin = end;
    }
    const Columns mine(domain.values(), pieces);
    for (const char* spectrum : {"white", "gaussian", "power"}) {
      Config config = Config::parse(
          std::string("[ensemble]\nstd = 0.3\nspectrum = \"") + spectrum + "\"\n", "in.toml");
      const Section section = config.section("ensemble", Perturbation::schema());
      std::vector<Real> whole(static_cast<std::size_t>(domain.values()), 1.0);
      std::vector<Real> part(static_cast<std::size_t>(mine.count()), 1.0);
      Perturbation(section, domain).add(whole.data(), stream_of(8));
      const Perturbation here(section, domain, mine);
      const test_support::AllocationCounter allocations;
      here.add(part.data(), stream_of(8));
      EXPECT_EQ(allocations.count(), 0U);
      for (Index i = 0; i < mine.count(); ++i)
        ASSERT_EQ(part[static_cast<std::size_t>(i)],
                  whole[static_cast<std::size_t>(mine.global(i))])
            << spectrum << " " << i;
    }
  }
}

TEST(PerturbationBox, RefusesWhatHasNoVarianceAndBoundedDomains) {
  const Domain channel({{12, 0, 1, true}, {9, 0, 1, false}}, {{}});
  EXPECT_THROW(make("spectrum = \"power\"", channel), InputError);
  EXPECT_NO_THROW(make("std = 1.0", channel));
  EXPECT_THROW(make("spectrum = \"gaussian\"\ncorrelation_length = 1e3", plane), InputError);
}

}  // namespace
