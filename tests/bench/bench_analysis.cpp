// SPDX-License-Identifier: BSD-3-Clause
// What an analysis costs, and its parts: the eigenproblem against LAPACK's three drivers, the
// combination of members against OpenBLAS and against the peak of the processor, the rotation,
// singular vectors. CPU time of one thread; counters are from the fastest of many blocks of calls.
// Counters of etkf: milliseconds, over the time of another code on the same sizes where one is
// known (on another day of the same kind of machine), and the shares of its parts.
#include "core/random.hpp"
#include "filters/etkf.hpp"
#include "filters/stochastic_enkf.hpp"
#include "linalg/products.hpp"
#include "linalg/random_rotation.hpp"
#include "linalg/simd.hpp"
#include "linalg/singular_vectors.hpp"
#include "linalg/symmetric_eigen.hpp"
#include "timing.hpp"

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <lapacke.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace {

using namespace starling;
using linalg::Matrix;

// Shortest time of one call among blocks of calls of about a millisecond.
template <class F>
double seconds(const F& work) {
  constexpr int blocks = 20;
  double best = 1e9;
  for (int block = 0; block < blocks; ++block) {
    int calls = 0;
    const double start = cpu_seconds();
    double time = 0;
    do {
      work();
      ++calls;
      time = cpu_seconds() - start;
    } while (time < 1e-3);
    best = std::min(best, time / calls);
  }
  return best;
}

// Multiply-adds a second of independent chains in registers.
double peak() {
  static const double value = [] {
    constexpr int chains = 12, turns = 1000;
    linalg::Vector sums[chains] = {}, factor = linalg::Vector{} + 0.999;
    const double time = seconds([&] {
      for (int turn = 0; turn < turns; ++turn)
        for (auto& sum : sums) sum = sum * factor + factor;
      benchmark::DoNotOptimize(sums);
    });
    return chains * turns * static_cast<double>(linalg::vector_width) / time;
  }();
  return value;
}

void fill(Real* out, Index count, std::uint64_t number) {
  Stream(1, Purpose::initial_perturbation, number, 0).normals(out, count);
}

// The Gram matrix of an ensemble of `n` members, observed more often than it has members.
Matrix spread(Index n) {
  const Index observations = n + n / 2;
  Matrix transposed(observations, n), product(n, n);
  for (Index i = 0; i < observations; ++i) {
    Real* row = transposed.row(i);
    fill(row, n, static_cast<std::uint64_t>(i));
    Real mean = 0;
    for (Index m = 0; m < n; ++m) mean += row[m] / static_cast<Real>(n);
    for (Index m = 0; m < n; ++m) row[m] = 0.3 * (row[m] - mean);
  }
  linalg::multiply({product.row(0), product.stride()}, {transposed.row(0), 1, transposed.stride()},
                   {transposed.row(0), transposed.stride()}, n, n, observations);
  return product;
}

void copy(Matrix& to, const Matrix& from) {
  for (Index i = 0; i < from.rows(); ++i) std::copy_n(from.row(i), from.columns(), to.row(i));
}

void symmetric_eigen(benchmark::State& state) {
  const Index n = state.range(0);
  const Matrix a = spread(n);
  Matrix work(n, n);
  linalg::SymmetricEigen eigen(n);
  for (auto _ : state) {
    copy(work, a);
    eigen.solve(work);
  }
}

enum Driver { dsyev, dsyevd, dsyevr };

template <Driver driver>
void lapack_eigen(benchmark::State& state) {
  const Index n = state.range(0);
  const Matrix a = spread(n);
  Matrix work(n, n), vectors(n, n);
  std::vector<Real> values(static_cast<std::size_t>(n)), reals(1 << 20);
  std::vector<lapack_int> integers(1 << 16), support(static_cast<std::size_t>(2 * n));
  const auto size = static_cast<lapack_int>(n), stride = static_cast<lapack_int>(a.stride());
  const auto real_size = static_cast<lapack_int>(reals.size());
  const auto integer_size = static_cast<lapack_int>(integers.size());
  for (auto _ : state) {
    copy(work, a);
    lapack_int found = 0;
    if constexpr (driver == dsyev)
      LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', size, work.row(0), stride, values.data(),
                         reals.data(), real_size);
    else if constexpr (driver == dsyevd)
      LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', size, work.row(0), stride, values.data(),
                          reals.data(), real_size, integers.data(), integer_size);
    else
      LAPACKE_dsyevr_work(LAPACK_COL_MAJOR, 'V', 'A', 'L', size, work.row(0), stride, 0, 0, 0, 0, 0,
                          &found, values.data(), vectors.row(0), stride, support.data(),
                          reals.data(), real_size, integers.data(), integer_size);
  }
}

template <class F>
void report_products(benchmark::State& state, Index members, Index columns, const F& work) {
  const double rate = static_cast<double>(members * members * columns) / seconds(work);
  state.counters["Gflop/s"] = 2e-9 * rate;
  state.counters["of_peak"] = rate / peak();
}

void row_combination(benchmark::State& state) {
  const Index n = state.range(0), columns = state.range(1);
  Matrix w(n, n);
  for (Index i = 0; i < n; ++i) w(i, (i + 1) % n) = 1;
  Array<Real**> block("block", static_cast<std::size_t>(n), static_cast<std::size_t>(columns));
  fill(block.data(), n * columns, 0);
  linalg::RowCombination combination(n);
  const auto work = [&] { combination.assign(block, w, block); };
  for (auto _ : state) work();
  report_products(state, n, columns, work);
}

void dgemm(benchmark::State& state) {
  const Index n = state.range(0), columns = state.range(1);
  const auto rows = static_cast<int>(n), width = static_cast<int>(columns);
  std::vector<Real> w(static_cast<std::size_t>(n * n)),
      block(static_cast<std::size_t>(n * columns)), out(block.size());
  fill(block.data(), n * columns, 0);
  const auto work = [&] {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, width, rows, 1.0, w.data(), rows,
                block.data(), width, 0.0, out.data(), width);
    std::copy(out.begin(), out.end(), block.begin());
  };
  for (auto _ : state) work();
  report_products(state, n, columns, work);
}

void random_rotation(benchmark::State& state) {
  const Index n = state.range(0);
  Matrix a(n, n);
  for (Index i = 0; i < n; ++i) a(i, i) = 1;
  linalg::RandomRotation rotation(n);
  std::uint64_t cycle = 0;
  for (auto _ : state) rotation.rotate(a, Stream(1, Purpose::rotation, 0, ++cycle));
}

// An ensemble of `members` x `dofs`, the first dofs observed, and what an analysis of it takes.
struct Case {
  Case(Index members, Index dofs, Index observations)
      : background("background", static_cast<std::size_t>(members), static_cast<std::size_t>(dofs)),
        ensemble("ensemble", background.extent(0), background.extent(1)),
        observed("observed", background.extent(0), static_cast<std::size_t>(observations)),
        value(static_cast<std::size_t>(observations)),
        variance(value.size(), 1.0),
        context{MPI_COMM_SELF, members, observations, 1} {
    fill(background.data(), members * dofs, 0);
    for (Index i = 0; i < members * dofs; ++i) background.data()[i] *= 0.3;
    for (Index m = 0; m < members; ++m)
      std::copy_n(background.data() + m * dofs, observations, observed.data() + m * observations);
    fill(value.data(), observations, 1);
  }
  filters::Analysis analysis() const {
    return {ensemble, observed, value.data(), variance.data(), 0, static_cast<Index>(value.size()),
            cycle};
  }
  void analyse(filters::Filter& filter) {
    std::copy_n(background.data(), background.size(), ensemble.data());
    filter.analyse(analysis());
    ++cycle;
  }

  Array<Real**> background, ensemble, observed;
  std::vector<Real> value, variance;
  filters::FilterContext context;
  Index cycle = 0;
};

void etkf(benchmark::State& state) {
  const Index n = state.range(0);
  const bool rotates = state.range(3) != 0;
  Case test(n, state.range(1), state.range(2));
  filters::Etkf filter(test.context, {{.posterior = 1.02}, rotates});
  for (auto _ : state) test.analyse(filter);

  const double whole = seconds([&] { test.analyse(filter); });
  const Matrix a = spread(n);
  Matrix work(n, n);
  linalg::SymmetricEigen eigen(n);
  linalg::RowCombination combination(n);
  linalg::RandomRotation rotation(n);
  filters::ObservationSpace space(test.context, false);
  state.counters["ms"] = 1e3 * whole;
  if (state.range(4) != 0)
    state.counters["of_peer"] = 1e6 * whole / static_cast<double>(state.range(4));
  state.counters["observe"] = seconds([&] { space.project(test.analysis()); }) / whole;
  state.counters["eigen"] = seconds([&] {
                              copy(work, a);
                              eigen.solve(work);
                            }) /
                            whole;
  if (rotates)
    state.counters["rotate"] =
        seconds([&] { rotation.rotate(work, Stream(1, Purpose::rotation, 0, 0)); }) / whole;
  const Matrix nothing(n, n);
  state.counters["combine"] = seconds([&] { combination.add(test.ensemble, nothing); }) / whole;
}

void enkf(benchmark::State& state) {
  Case test(state.range(0), state.range(1), state.range(2));
  filters::StochasticEnkf filter(test.context, {{.posterior = 1.06}});
  for (auto _ : state) test.analyse(filter);
  state.counters["ms"] = 1e3 * seconds([&] { test.analyse(filter); });
}

template <linalg::SvdMethod method>
void singular_vectors(benchmark::State& state) {
  const Case test(state.range(0), state.range(1), 0);
  for (auto _ : state)
    linalg::leading_singular_vectors(MPI_COMM_SELF, test.background, state.range(2), method);
}

void sizes(benchmark::internal::Benchmark* each) {
  for (const int n : {20, 28, 40, 50, 64, 128, 256}) each->Arg(n);
}

void products(benchmark::internal::Benchmark* each) {
  each->ArgNames({"members", "columns"});
  for (const auto& [members, columns] : {std::pair{28, 40}, {50, 128}, {40, 1024}, {64, 65536}})
    each->Args({members, columns});
}

}  // namespace

// DAPPER on Lorenz-96 1020 us and on KS 1540 us; PDAF on Lorenz-96 336 us and on 256 x 256 points
// 150 ms, without a rotation.
BENCHMARK(etkf)
    ->ArgNames({"members", "dofs", "observations", "rotation", "peer_us"})
    ->Args({24, 40, 40, 1, 1020})
    ->Args({24, 40, 40, 1, 336})
    ->Args({28, 40, 40, 1, 0})
    ->Args({28, 40, 40, 0, 0})
    ->Args({50, 128, 128, 1, 1540})
    ->Args({40, 65536, 4096, 0, 150000});
BENCHMARK(enkf)
    ->ArgNames({"members", "dofs", "observations"})
    ->Args({40, 40, 40})
    ->Args({50, 128, 128});
BENCHMARK(symmetric_eigen)->Apply(sizes);
BENCHMARK(lapack_eigen<dsyev>)->Name("dsyev")->Apply(sizes);
BENCHMARK(lapack_eigen<dsyevd>)->Name("dsyevd")->Apply(sizes);
BENCHMARK(lapack_eigen<dsyevr>)->Name("dsyevr")->Apply(sizes);
BENCHMARK(row_combination)->Apply(products);
BENCHMARK(dgemm)->Apply(products);
BENCHMARK(random_rotation)->Arg(20)->Arg(28)->Arg(50)->Arg(64);
BENCHMARK(singular_vectors<linalg::SvdMethod::snapshots>)->Name("snapshots")->Args({64, 65536, 16});
#ifdef STARLING_HAVE_PETSC
BENCHMARK(singular_vectors<linalg::SvdMethod::slepc>)->Name("slepc")->Args({64, 65536, 16});
#endif

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    openblas_set_num_threads(1);
    benchmark::Initialize(&argc, argv);
    if (!benchmark::ReportUnrecognizedArguments(argc, argv)) benchmark::RunSpecifiedBenchmarks();
  }
  MPI_Finalize();
  return 0;
}
