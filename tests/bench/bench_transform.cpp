// SPDX-License-Identifier: BSD-3-Clause
// Products of fields on a box over the same number of FFTW's own transforms of full size (real,
// several dimensions, measured, out of place), timed in turn in the same program, and speed-up over
// the product of rank 0 alone, while the others wait. Minimum over many short blocks of the wall
// time of the slowest rank.
//     mpirun -n 2 bench_transform [256^2] [64^3] ...
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
  const bool root = rank_of(MPI_COMM_WORLD) == 0;
  const auto product_of = [=](const BoxTransform& of) {
    const auto own = static_cast<std::size_t>(of.coefficients());
    const Array<Complex*> in("in", own * static_cast<std::size_t>(ins));
    const Array<Complex*> out("out", own * static_cast<std::size_t>(outs));
    return [=, &of] {
      of.product(out.data(), outs, in.data(), ins,
                 [=](Real* const* o, Real* const* i, Index count) { sum(o, i, count, outs); });
    };
  };
  const BoxTransform whole(box, {.dealiasing = dealiasing, .planning = planning});
  const auto shared = product_of(transform), alone = product_of(whole);
  const auto repeats = std::max<Index>(1, static_cast<Index>(2e-3 / seconds(shared)));
  const auto repeated = [&](const auto& work, bool here = true) {
    return seconds([&] {
             for (Index i = 0; here && i < repeats; ++i) work();
           }) /
           static_cast<double>(repeats);
  };
  double time = 1e9, alone_time = 1e9, fftw = 1e9;
  for (int block = 0; block < 60; ++block) {
    time = std::min(time, repeated(shared));
    alone_time = std::min(alone_time, repeated(alone, root));
    fftw = std::min(fftw, repeated([&] { full.run(ins, outs); }, root));
  }
  if (root)
    fmt::print(
        "{:6} {:10} {:8} {} in {} out: {:9.1f} us, {} ranks {:9.1f} us: {:5.2f} times as fast; "
        "FFTW {:9.1f} us, ratio {:.3f}\n",
        name, dealiasing == Dealiasing::padding ? "padding" : "truncation",
        planning == Planning::measured ? "measured" : "estimate", ins, outs, 1e6 * alone_time,
        size_of(MPI_COMM_WORLD), 1e6 * time, alone_time / time, 1e6 * fftw, alone_time / fftw);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    const std::vector<std::string> names(argv + 1, argv + argc);
    const auto asked = [&](Index n, int dimensions) {
      return names.empty() || std::find(names.begin(), names.end(),
                                        fmt::format("{}^{}", n, dimensions)) != names.end();
    };
    const auto time = [&](Index n, int dimensions, Planning planning, Dealiasing dealiasing) {
      if (!asked(n, dimensions)) return;
      if (dimensions == 2)
        run(fmt::format("{}^2", n), Box(n, n, 1, 1), 2, 2, planning, dealiasing);
      else
        run(fmt::format("{}^3", n), Box(n, n, n, 1, 1, 1), 6, 3, planning, dealiasing);
    };
    for (const Planning planning : {Planning::measured, Planning::estimate}) {
      for (const Index n : {128, 256, 512}) time(n, 2, planning, Dealiasing::truncation);
      for (const Index n : {64, 128}) time(n, 3, planning, Dealiasing::truncation);
    }
    time(256, 2, Planning::measured, Dealiasing::padding);
    time(64, 3, Planning::measured, Dealiasing::padding);
  }
  MPI_Finalize();
  return 0;
}
