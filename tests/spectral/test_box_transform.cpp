// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "spectral/box_transform.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <fftw3.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace {

using namespace starling;
using namespace starling::spectral;

using Complexes = std::vector<Complex>;
using Reals = std::vector<Real>;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Reals noise(Index count, std::uint64_t member = 0) {
  const Stream stream(17, Purpose::initial_perturbation, member, 0);
  Reals u(at(count));
  for (Index i = 0; i < count; ++i) u[at(i)] = stream.normal(static_cast<std::uint64_t>(i));
  return u;
}

// The numbers of all that are in `pieces`.
template <class T>
std::vector<T> mine(const std::vector<T>& all, const std::vector<Range>& pieces) {
  std::vector<T> part;
  for (const Range piece : pieces)
    part.insert(part.end(), all.begin() + piece.begin, all.begin() + piece.end);
  return part;
}

Complex direct_sum(const Box& box, const Reals& u, const std::array<Index, 3>& mode) {
  std::complex<Real> sum = 0;
  const auto [nx, ny, nz] = box.points;
  for (Index z = 0; z < nz; ++z)
    for (Index y = 0; y < ny; ++y)
      for (Index x = 0; x < nx; ++x) {
        const Real turns = static_cast<Real>(mode[0] * x) / static_cast<Real>(nx) +
                           static_cast<Real>(mode[1] * y) / static_cast<Real>(ny) +
                           static_cast<Real>(mode[2] * z) / static_cast<Real>(nz);
        sum += u[at((z * ny + y) * nx + x)] * std::polar(1.0, -2 * std::numbers::pi * turns);
      }
  sum /= static_cast<Real>(box.all_points());
  return {sum.real(), sum.imag()};
}

Real largest_difference(const Complexes& a, const Complexes& b) {
  EXPECT_EQ(a.size(), b.size());
  Real largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(
        {largest, std::abs(a[i].real() - b[i].real()), std::abs(a[i].imag() - b[i].imag())});
  return largest;
}

bool same_bits(const Complexes& a, const Complexes& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](Complex x, Complex y) {
           return x.real() == y.real() && x.imag() == y.imag();
         });
}

// All numbers of ranks in each direction that the ranks of the test allow.
std::vector<std::array<int, 2>> process_grids(int dimensions) {
  const int ranks = test_support::world_size();
  std::vector<std::array<int, 2>> all{{0, 0}};
  for (int p2 = 1; p2 <= (dimensions == 2 ? 1 : ranks); ++p2)
    if (ranks % p2 == 0) all.push_back({ranks / p2, p2});
  return all;
}

BoxTransform make(const Box& box, Dealiasing dealiasing, int degree = 2,
                  std::array<int, 2> ranks = {0, 0}, MPI_Comm space = test_support::world()) {
  return {box, {.dealiasing = dealiasing, .degree = degree, .space = space, .ranks = ranks}};
}

BoxTransform make_local(const Box& box, Dealiasing dealiasing, int degree = 2) {
  return make(box, dealiasing, degree, {0, 0}, MPI_COMM_SELF);
}

// Coefficients of a random field, as one rank has all of them.
Complexes random_coefficients(const BoxTransform& local, Index fields, std::uint64_t member = 0) {
  Complexes c(at(fields * local.coefficients()));
  const Reals u = noise(fields * local.points(), member);
  local.to_coefficients(c.data(), u.data(), fields);
  return c;
}

Complexes mine_of_fields(const BoxTransform& local, const BoxTransform& spread,
                         const Complexes& all, Index fields) {
  Complexes part;
  for (Index f = 0; f < fields; ++f) {
    const auto begin = all.begin() + f * local.coefficients();
    const Complexes one =
        mine(Complexes(begin, begin + local.coefficients()), spread.coefficient_pieces());
    part.insert(part.end(), one.begin(), one.end());
  }
  return part;
}

const std::vector<Box>& boxes() {
  static const std::vector<Box> all{Box(4, 4, 1, 1),        Box(6, 10, 2, 1),
                                    Box(16, 8, 1, 3),       Box(4, 4, 4, 1, 1, 1),
                                    Box(8, 6, 10, 1, 2, 3), Box(10, 14, 6, 1, 1, 1)};
  return all;
}

constexpr std::array rules{Dealiasing::truncation, Dealiasing::padding, Dealiasing::none};

TEST(Box, KnowsItsSpacingsAndWavenumbers) {
  const Box box(8, 4, 6, 2, 3, 5);
  EXPECT_EQ(box.dimensions, 3);
  EXPECT_EQ(box.all_points(), 192);
  EXPECT_DOUBLE_EQ(box.spacing(0), 0.25);
  EXPECT_DOUBLE_EQ(box.spacing(2), 5.0 / 6);
  EXPECT_DOUBLE_EQ(box.unit(1), 2 * std::numbers::pi / 3);
  EXPECT_EQ(Box(8, 4, 2, 3).dimensions, 2);
}

TEST(Box, ThatCannotBeIsAnInputError) {
  EXPECT_THROW(Box(7, 8, 1, 1), InputError);
  EXPECT_THROW(Box(8, 2, 1, 1), InputError);
  EXPECT_THROW(Box(8, 8, 1, -1), InputError);
  EXPECT_THROW(Box(8, 8, 1, 0), InputError);
  EXPECT_THROW(Box(8, 8, 5, 1, 1, 1), InputError);
  EXPECT_THROW(Box(8, 8, 8, 1, 1, std::nan("")), InputError);
}

TEST(BoxTransform, RefusesRanksThatDoNotFit) {
  const int ranks = test_support::world_size();
  EXPECT_THROW(make(Box(8, 8, 8, 1, 1, 1), Dealiasing::none, 2, {ranks, 2}), InputError);
  EXPECT_THROW(make(Box(8, 8, 8, 1, 1, 1), Dealiasing::none, 2, {-1, -ranks}), InputError);
  EXPECT_THROW(make(Box(8, 8, 1, 1), Dealiasing::none, 2, {ranks, 2}), InputError);
  if (ranks > 1) {
    EXPECT_THROW(make(Box(8, 8, 1, 1), Dealiasing::none, 2, {1, ranks}), InputError);
  }
}

TEST(BoxTransform, CutsAndProductGridsAreThoseOfTheRules) {
  const Box box(96, 64, 48, 1, 1, 1);
  const BoxTransform truncation = make(box, Dealiasing::truncation);
  EXPECT_EQ(truncation.cut(0), 32);
  EXPECT_EQ(truncation.cut(1), 22);
  EXPECT_EQ(truncation.cut(2), 16);
  EXPECT_EQ(truncation.product_points(1), 64);
  const BoxTransform padding = make(box, Dealiasing::padding);
  EXPECT_EQ(padding.cut(0), 48);
  EXPECT_EQ(padding.product_points(0), 144);
  EXPECT_EQ(padding.product_points(1), 96);
  EXPECT_EQ(padding.product_points(2), 72);
  EXPECT_EQ(padding.all_coefficients(), 48 * 63 * 47);
  const BoxTransform cubic = make(box, Dealiasing::truncation, 3);
  EXPECT_EQ(cubic.cut(0), 24);
}

TEST(BoxTransform, PiecesCoverAllOnceAndModesCountThem) {
  for (const Box& box : boxes())
    for (const auto& ranks : process_grids(box.dimensions)) {
      const BoxTransform transform = make(box, Dealiasing::truncation, 2, ranks);
      std::vector<int> seen(at(transform.all_coefficients())), places(at(transform.all_points()));
      Index own = 0, own_points = 0;
      for (const Range piece : transform.coefficient_pieces())
        for (Index j = piece.begin; j < piece.end; ++j) {
          ++seen[at(j)];
          const auto [mx, my, mz] = transform.mode(own++);
          const Index ny = 2 * transform.cut(1) - 1;
          const Index nz = box.dimensions == 2 ? 1 : 2 * transform.cut(2) - 1;
          EXPECT_EQ((mx * ny + (my + ny) % ny) * nz + (mz + nz) % nz, j);
          EXPECT_LT(std::abs(my), transform.cut(1));
        }
      for (const Range piece : transform.point_pieces())
        for (Index j = piece.begin; j < piece.end; ++j, ++own_points) ++places[at(j)];
      EXPECT_EQ(own, transform.coefficients());
      EXPECT_EQ(own_points, transform.points());
      for (auto* counts : {&seen, &places}) {
        MPI_Allreduce(MPI_IN_PLACE, counts->data(), static_cast<int>(counts->size()), MPI_INT,
                      MPI_SUM, test_support::world());
        EXPECT_TRUE(std::all_of(counts->begin(), counts->end(), [](int n) { return n == 1; }));
      }
    }
}

TEST(BoxTransform, CoefficientsAreTheSumsOfTheirDefinition) {
  for (const Box& box : boxes())
    for (const Dealiasing rule : rules)
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform transform = make(box, rule, 2, ranks);
        const Reals all = noise(2 * box.all_points());
        Reals u;
        for (const Index f : {0, 1}) {
          const auto begin = all.begin() + f * box.all_points();
          const Reals one = mine(Reals(begin, begin + box.all_points()), transform.point_pieces());
          u.insert(u.end(), one.begin(), one.end());
        }
        Complexes c(at(2 * transform.coefficients()));
        transform.to_coefficients(c.data(), u.data(), 2);
        Complexes expected;
        for (const Index f : {0, 1}) {
          const auto begin = all.begin() + f * box.all_points();
          const Reals one(begin, begin + box.all_points());
          for (Index i = 0; i < transform.coefficients(); ++i)
            expected.push_back(direct_sum(box, one, transform.mode(i)));
        }
        EXPECT_LT(largest_difference(c, expected), 1e-15);
      }
}

TEST(BoxTransform, ValuesAreTheSumsOfTheirDefinition) {
  for (const Box& box : boxes())
    for (const Dealiasing rule : rules)
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform local = make_local(box, rule);
        const BoxTransform transform = make(box, rule, 2, ranks);
        const Complexes all = random_coefficients(local, 1);
        const Complexes c = mine(all, transform.coefficient_pieces());
        Reals u(at(transform.points()));
        transform.to_points(u.data(), c.data(), 1);
        const auto [nx, ny, nz] = box.points;
        Reals expected(at(box.all_points()));
        for (Index j = 0; j < box.all_points(); ++j)
          for (Index i = 0; i < local.coefficients(); ++i) {
            const auto [kx, ky, kz] = local.mode(i);
            const Real turns = static_cast<Real>(kx * (j % nx)) / static_cast<Real>(nx) +
                               static_cast<Real>(ky * (j / nx % ny)) / static_cast<Real>(ny) +
                               static_cast<Real>(kz * (j / nx / ny)) / static_cast<Real>(nz);
            const std::complex<Real> wave = std::polar(1.0, 2 * std::numbers::pi * turns);
            expected[at(j)] += local.weight(i) *
                               (all[at(i)].real() * wave.real() - all[at(i)].imag() * wave.imag());
          }
        const Reals part = mine(expected, transform.point_pieces());
        EXPECT_EQ(part.size(), u.size());
        for (std::size_t j = 0; j < u.size(); ++j) EXPECT_NEAR(u[j], part[j], 2e-14);
      }
}

// FFTW's own transform of several dimensions.
TEST(BoxTransform, AgreesWithTheRealTransformOfFftw) {
  for (const Box& box : {Box(24, 20, 1, 1), Box(18, 12, 20, 1, 1, 1), Box(32, 32, 32, 1, 1, 1)}) {
    const auto [nx, ny, nz] = box.points;
    Reals all = noise(box.all_points());
    Complexes spectrum(at((nx / 2 + 1) * ny * nz));
    const fftw_plan plan = fftw_plan_dft_r2c_3d(
        static_cast<int>(nz), static_cast<int>(ny), static_cast<int>(nx), all.data(),
        reinterpret_cast<fftw_complex*>(spectrum.data()), FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    fftw_execute(plan);
    fftw_destroy_plan(plan);
    for (const Dealiasing rule : rules)
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform transform = make(box, rule, 2, ranks);
        const Reals u = mine(all, transform.point_pieces());
        Complexes c(at(transform.coefficients()));
        transform.to_coefficients(c.data(), u.data(), 1);
        for (Index i = 0; i < transform.coefficients(); ++i) {
          const auto [kx, ky, kz] = transform.mode(i);
          const Complex expected =
              spectrum[at((((kz + nz) % nz) * ny + (ky + ny) % ny) * (nx / 2 + 1) + kx)] /
              static_cast<Real>(box.all_points());
          EXPECT_NEAR(c[at(i)].real(), expected.real(), 1e-15);
          EXPECT_NEAR(c[at(i)].imag(), expected.imag(), 1e-15);
        }
      }
  }
}

TEST(BoxTransform, GoesToPointsAndBack) {
  for (const Box& box : boxes())
    for (const Dealiasing rule : rules)
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform local = make_local(box, rule);
        const BoxTransform transform = make(box, rule, 2, ranks);
        constexpr Index fields = 8;  // more than most_fields
        const Complexes c =
            mine_of_fields(local, transform, random_coefficients(local, fields), fields);
        Reals u(at(fields * transform.points()));
        Complexes back(c.size());
        transform.to_points(u.data(), c.data(), fields);
        transform.to_coefficients(back.data(), u.data(), fields);
        EXPECT_LT(largest_difference(back, c), 1e-15);
      }
}

TEST(BoxTransform, WeightsMakeTheSumsOfParseval) {
  const Box box(20, 12, 16, 1, 2, 3);
  const BoxTransform transform = make(box, Dealiasing::truncation);
  const BoxTransform local = make_local(box, Dealiasing::truncation);
  const Complexes c = mine(random_coefficients(local, 1), transform.coefficient_pieces());
  Reals u(at(transform.points()));
  transform.to_points(u.data(), c.data(), 1);
  std::array<Real, 2> sums{0, 0};
  for (Index i = 0; i < transform.coefficients(); ++i)
    sums[0] += transform.weight(i) * Kokkos::real(c[at(i)] * Kokkos::conj(c[at(i)]));
  for (const Real value : u) sums[1] += value * value / static_cast<Real>(box.all_points());
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_DOUBLE, MPI_SUM, test_support::world());
  EXPECT_NEAR(sums[0], sums[1], 1e-14 * sums[1]);
}

// The coefficients of a product are the convolution of those of its factors: exactly, for all modes
// that are kept, if there are no aliases.
Complex convolution(const BoxTransform& local, const Complex* a, const Complex* b,
                    const std::array<Index, 3>& mode) {
  const auto coefficient = [&](const Complex* c, Index kx, Index ky, Index kz) {
    const Index ny = 2 * local.cut(1) - 1,
                nz = local.box().dimensions == 2 ? 1 : 2 * local.cut(2) - 1;
    if (std::abs(kx) >= local.cut(0) || 2 * std::abs(ky) > ny || 2 * std::abs(kz) > nz)
      return Complex(0);
    if (kx < 0) return Kokkos::conj(c[(-kx * ny + (-ky + ny) % ny) * nz + (-kz + nz) % nz]);
    return c[(kx * ny + (ky + ny) % ny) * nz + (kz + nz) % nz];
  };
  const Index cy = local.cut(1), cz = local.box().dimensions == 2 ? 1 : local.cut(2);
  Complex sum = 0;
  for (Index kx = 1 - local.cut(0); kx < local.cut(0); ++kx)
    for (Index ky = 1 - cy; ky < cy; ++ky)
      for (Index kz = 1 - cz; kz < cz; ++kz)
        sum +=
            coefficient(a, kx, ky, kz) * coefficient(b, mode[0] - kx, mode[1] - ky, mode[2] - kz);
  return sum;
}

constexpr auto two_products = [](Real* const* out, Real* const* in, Index count) {
  for (Index j = 0; j < count; ++j) {
    const Real u = in[0][j], v = in[1][j];
    out[0][j] = u * v;
    out[1][j] = u * u - v * v;
  }
};

TEST(BoxTransform, ProductsHaveNoAliases) {
  for (const Box& box : boxes())
    for (const Dealiasing rule : {Dealiasing::truncation, Dealiasing::padding})
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform local = make_local(box, rule);
        const BoxTransform transform = make(box, rule, 2, ranks);
        const Complexes all = random_coefficients(local, 2);
        Complexes c = mine_of_fields(local, transform, all, 2);
        transform.product(c.data(), 2, c.data(), 2, two_products);
        const Complex *u = all.data(), *v = u + local.coefficients();
        Complexes expected;
        for (Index i = 0; i < transform.coefficients(); ++i)
          expected.push_back(convolution(local, u, v, transform.mode(i)));
        for (Index i = 0; i < transform.coefficients(); ++i)
          expected.push_back(convolution(local, u, u, transform.mode(i)) -
                             convolution(local, v, v, transform.mode(i)));
        EXPECT_LT(largest_difference(c, expected), 5e-15);
      }
}

TEST(BoxTransform, WithoutDealiasingProductsAreThoseOfTheGrid) {
  const Box box(8, 6, 10, 1, 1, 1);
  const BoxTransform transform = make(box, Dealiasing::none);
  const BoxTransform local = make_local(box, Dealiasing::none);
  const Complexes c = mine(random_coefficients(local, 1), transform.coefficient_pieces());
  Reals u(at(transform.points()));
  transform.to_points(u.data(), c.data(), 1);
  for (Real& value : u) value = std::exp(value);
  Complexes expected(c.size()), got(c.size());
  transform.to_coefficients(expected.data(), u.data(), 1);
  transform.product(got.data(), 1, c.data(), 1, [](Real* const* out, Real* const* in, Index count) {
    for (Index j = 0; j < count; ++j) out[0][j] = std::exp(in[0][j]);
  });
  EXPECT_LT(largest_difference(got, expected), 1e-14);
}

// Cubes on grids for products of three.
TEST(BoxTransform, DegreeThreeKeepsCubesFreeOfAliases) {
  const Box box(8, 12, 1, 1);
  for (const Dealiasing rule : {Dealiasing::truncation, Dealiasing::padding}) {
    const BoxTransform local = make_local(box, rule, 3);
    const BoxTransform fine = make_local(Box(32, 48, 1, 1), Dealiasing::none);
    const Complexes c = random_coefficients(local, 1);
    Complexes on_fine(at(fine.coefficients()), Complex(0)), cube(c.size()), exact(on_fine.size());
    const auto place = [&](std::array<Index, 3> m) {
      const Index ny = 2 * fine.cut(1) - 1;
      return at(m[0] * ny + (m[1] + ny) % ny);
    };
    for (Index i = 0; i < local.coefficients(); ++i) on_fine[place(local.mode(i))] = c[at(i)];
    const auto cubed = [](Real* const* out, Real* const* in, Index count) {
      for (Index j = 0; j < count; ++j) out[0][j] = in[0][j] * in[0][j] * in[0][j];
    };
    local.product(cube.data(), 1, c.data(), 1, cubed);
    fine.product(exact.data(), 1, on_fine.data(), 1, cubed);
    for (Index i = 0; i < local.coefficients(); ++i) {
      EXPECT_NEAR(cube[at(i)].real(), exact[place(local.mode(i))].real(), 1e-15);
      EXPECT_NEAR(cube[at(i)].imag(), exact[place(local.mode(i))].imag(), 1e-15);
    }
  }
}

TEST(BoxTransform, ReadsFewFieldsAndWritesMany) {
  const Box box(12, 10, 8, 1, 1, 1);
  for (const auto& ranks : process_grids(3)) {
    const BoxTransform transform = make(box, Dealiasing::padding, 2, ranks);
    const BoxTransform local = make_local(box, Dealiasing::padding);
    const Complexes c = mine(random_coefficients(local, 1), transform.coefficient_pieces());
    Complexes multiples(5 * c.size()), sum(c.size()), expected(c.size());
    transform.product(multiples.data(), 5, c.data(), 1,
                      [](Real* const* out, Real* const* in, Index count) {
                        for (Index o = 0; o < 5; ++o)
                          for (Index j = 0; j < count; ++j)
                            out[o][j] = static_cast<Real>(o + 1) * in[0][j];
                      });
    transform.product(sum.data(), 1, multiples.data(), 5,
                      [](Real* const* out, Real* const* in, Index count) {
                        for (Index j = 0; j < count; ++j) {
                          out[0][j] = 0;
                          for (Index i = 0; i < 5; ++i)
                            out[0][j] += static_cast<Real>(i + 1) * in[i][j];
                        }
                      });
    for (std::size_t i = 0; i < c.size(); ++i) expected[i] = 55 * c[i];
    EXPECT_LT(largest_difference(sum, expected), 1e-14);
  }
}

TEST(BoxTransform, GivesTheSameBitsOnAnyRanks) {
  for (const Box& box : {Box(32, 24, 1, 1), Box(4, 40, 1, 1), Box(16, 24, 20, 1, 1, 1),
                         Box(24, 4, 30, 1, 1, 1), Box(40, 36, 32, 1, 1, 1)})
    for (const Dealiasing rule : rules)
      for (const auto& ranks : process_grids(box.dimensions)) {
        const BoxTransform local = make_local(box, rule);
        const BoxTransform transform = make(box, rule, 2, ranks);
        const Complexes all = random_coefficients(local, 2);
        const Complexes c = mine_of_fields(local, transform, all, 2);
        Complexes whole(all.size()), part(c.size());
        local.product(whole.data(), 2, all.data(), 2, two_products);
        transform.product(part.data(), 2, c.data(), 2, two_products);
        EXPECT_TRUE(same_bits(part, mine_of_fields(local, transform, whole, 2)))
            << box.points[0] << " " << ranks[0] << " " << ranks[1];
      }
}

TEST(BoxTransform, MakesCoefficientsThoseOfRealFields) {
  for (const Box& box : boxes())
    for (const auto& ranks : process_grids(box.dimensions)) {
      const BoxTransform local = make_local(box, Dealiasing::padding);
      const BoxTransform transform = make(box, Dealiasing::padding, 2, ranks);
      const Complexes all = random_coefficients(local, 2);
      Complexes c = mine_of_fields(local, transform, all, 2);
      const Complexes before = c;
      transform.make_hermitian(c.data(), 2);
      EXPECT_LT(largest_difference(c, before), 1e-15);
      // i times those of a real field are orthogonal to all of them where kx = 0.
      for (Complex& each : c) each *= Complex(0, 1);
      Complexes expected = c;
      for (Index i = 0; i < 2 * transform.coefficients(); ++i)
        if (transform.mode(i % transform.coefficients())[0] == 0) expected[at(i)] = 0;
      transform.make_hermitian(c.data(), 2);
      EXPECT_LT(largest_difference(c, expected), 1e-15);
    }
}

// Ranks of one node exchange through memory; messages, as between nodes, must bring the same.
TEST(BoxTransform, MessagesBringWhatSharedMemoryHas) {
  for (const Box& box :
       {Box(32, 24, 1, 1), Box(4, 40, 1, 1), Box(16, 24, 20, 1, 1, 1), Box(4, 4, 4, 1, 1, 1)})
    for (const auto& ranks : process_grids(box.dimensions)) {
      const BoxTransform local = make_local(box, Dealiasing::padding);
      const BoxTransform transform(box, {.dealiasing = Dealiasing::padding,
                                         .space = test_support::world(),
                                         .ranks = ranks,
                                         .share_memory = false});
      const Complexes all = random_coefficients(local, 3);
      const Complexes c = mine_of_fields(local, transform, all, 3);
      Complexes whole(all.size()), part(c.size()), back(c.size());
      const auto products = [](Real* const* out, Real* const* in, Index count) {
        for (Index j = 0; j < count; ++j) out[0][j] = in[0][j] * in[1][j] + in[2][j];
      };
      local.product(whole.data(), 1, all.data(), 3, products);
      whole.resize(at(local.coefficients()));
      part.resize(at(transform.coefficients()));
      transform.product(part.data(), 1, c.data(), 3, products);
      EXPECT_TRUE(same_bits(part, mine_of_fields(local, transform, whole, 1)));
      Reals u(at(3 * transform.points()));
      transform.to_points(u.data(), c.data(), 3);
      transform.to_coefficients(back.data(), u.data(), 3);
      EXPECT_LT(largest_difference(back, c), 1e-15);
    }
}

// What was planned before, measured plans of the same sizes among it, leaves no trace.
TEST(BoxTransform, EstimatedPlansGiveTheSameBitsAgain) {
  const Box box(48, 32, 24, 1, 1, 1);
  const BoxTransform first = make_local(box, Dealiasing::padding);
  const Complexes c = random_coefficients(first, 2);
  Complexes one(c.size()), other(c.size());
  first.product(one.data(), 2, c.data(), 2, two_products);
  const BoxTransform measured(box,
                              {.dealiasing = Dealiasing::padding, .planning = Planning::measured});
  measured.product(other.data(), 2, c.data(), 2, two_products);
  EXPECT_LT(largest_difference(one, other), 1e-14);
  const BoxTransform second = make_local(box, Dealiasing::padding);
  second.product(other.data(), 2, c.data(), 2, two_products);
  EXPECT_TRUE(same_bits(one, other));
}

TEST(BoxTransform, AllocatesNothingAfterConstruction) {
  for (const Box& box : {Box(16, 12, 1, 1), Box(16, 12, 8, 1, 1, 1)}) {
    const BoxTransform transform = make_local(box, Dealiasing::padding);
    Complexes c = random_coefficients(transform, 2);
    Reals u(at(2 * transform.points()));
    const test_support::AllocationCounter allocations;
    transform.to_points(u.data(), c.data(), 2);
    transform.to_coefficients(c.data(), u.data(), 2);
    transform.product(c.data(), 2, c.data(), 2, two_products);
    EXPECT_EQ(allocations.count(), 0u);
  }
}

}  // namespace
