// SPDX-License-Identifier: BSD-3-Clause
// Products of fields on a box over the same number of FFTW's own transforms of full size (real,
// several dimensions, measured, out of place), which are timed in turn in the same program, each
// rank for itself. Minimum over many short blocks; wall time of the slowest rank.
//     mpirun -n 2 bench_transform
#include "core/process_grid.hpp"
#include "spectral/box_transform.hpp"
#include "timing.hpp"

#include <fftw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace starling;
using namespace starling::spectral;

template <class F>
double seconds(const F& work) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  work();
  double took = MPI_Wtime() - start;
  MPI_Allreduce(MPI_IN_PLACE, &took, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return took;
}

// FFTW's transforms between values and coefficients of all of a box.
class FullSize {
 public:
  explicit FullSize(const Box& box) {
    const auto [nx, ny, nz] = box.points;
    values_ = Array<Real*>("values", static_cast<std::size_t>(box.all_points()));
    spectrum_ = Array<Complex*>("spectrum", static_cast<std::size_t>((nx / 2 + 1) * ny * nz));
    auto* spectrum = reinterpret_cast<fftw_complex*>(spectrum_.data());
    const int x = static_cast<int>(nx), y = static_cast<int>(ny), z = static_cast<int>(nz);
    forward_ = fftw_plan_dft_r2c_3d(z, y, x, values_.data(), spectrum, FFTW_MEASURE);
    inverse_ = fftw_plan_dft_c2r_3d(z, y, x, spectrum, values_.data(), FFTW_MEASURE);
    Kokkos::deep_copy(values_, 0.0);
    Kokkos::deep_copy(spectrum_, Complex(0));
  }
  ~FullSize() {
    fftw_destroy_plan(forward_);
    fftw_destroy_plan(inverse_);
  }
  FullSize(const FullSize&) = delete;
  FullSize& operator=(const FullSize&) = delete;

  void run(Index inverses, Index forwards) const {
    for (Index i = 0; i < inverses; ++i) fftw_execute(inverse_);
    for (Index i = 0; i < forwards; ++i) fftw_execute(forward_);
  }

 private:
  Array<Real*> values_;
  Array<Complex*> spectrum_;
  fftw_plan forward_, inverse_;
};

void sum(Real* const* out, Real* const* in, Index count, Index outs) {
  for (Index o = 0; o < outs; ++o) {
    Real* to = out[o];
    const Real *a = in[o], *b = in[(o + 1) % outs];
#pragma GCC ivdep
    for (Index j = 0; j < count; ++j) to[j] = a[j] + b[j];
  }
}

void run(const std::string& name, const Box& box, Index ins, Index outs, Planning planning,
         Dealiasing dealiasing) {
  const BoxTransform transform(
      box, {.dealiasing = dealiasing, .planning = planning, .space = MPI_COMM_WORLD});
  std::array<Index, 3> grid{1, 1, 1};
  for (int axis = 0; axis < box.dimensions; ++axis)
    grid[static_cast<std::size_t>(axis)] = transform.product_points(axis);
  const FullSize full(box.dimensions == 2 ? Box(grid[0], grid[1], 1, 1)
                                          : Box(grid[0], grid[1], grid[2], 1, 1, 1));
  const auto own = static_cast<std::size_t>(transform.coefficients());
  Array<Complex*> in("in", own * static_cast<std::size_t>(ins));
  Array<Complex*> out("out", own * static_cast<std::size_t>(outs));
  const auto product = [&] {
    transform.product(
        out.data(), outs, in.data(), ins,
        [outs](Real* const* o, Real* const* i, Index count) { sum(o, i, count, outs); });
  };
  double once = seconds(product);
  const Index repeats = std::max<Index>(1, static_cast<Index>(2e-3 / once));
  double own_time = 1e9, fftw = 1e9;
  for (int block = 0; block < 60; ++block) {
    own_time = std::min(own_time, seconds([&] {
                                    for (Index i = 0; i < repeats; ++i) product();
                                  }) / static_cast<double>(repeats));
    fftw = std::min(fftw, seconds([&] {
                            for (Index i = 0; i < repeats; ++i) full.run(ins, outs);
                          }) / static_cast<double>(repeats));
  }
  if (rank_of(MPI_COMM_WORLD) == 0)
    fmt::print(
        "{:6} {:10} {:8} {} in {} out, {} ranks: {:9.1f} us; FFTW {:9.1f} us; ratio {:.3f}\n", name,
        dealiasing == Dealiasing::padding ? "padding" : "truncation",
        planning == Planning::measured ? "measured" : "estimate", ins, outs,
        size_of(MPI_COMM_WORLD), 1e6 * own_time, 1e6 * fftw, own_time / fftw);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    for (const Planning planning : {Planning::measured, Planning::estimate}) {
      for (const Index n : {128, 256, 512})
        run(fmt::format("{}^2", n), Box(n, n, 1, 1), 2, 2, planning, Dealiasing::truncation);
      for (const Index n : {64, 128})
        run(fmt::format("{}^3", n), Box(n, n, n, 1, 1, 1), 6, 3, planning, Dealiasing::truncation);
    }
    run("256^2", Box(256, 256, 1, 1), 2, 2, Planning::measured, Dealiasing::padding);
    run("64^3", Box(64, 64, 64, 1, 1, 1), 6, 3, Planning::measured, Dealiasing::padding);
  }
  MPI_Finalize();
  return 0;
}
