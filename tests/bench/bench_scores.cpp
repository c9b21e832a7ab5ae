// SPDX-License-Identifier: BSD-3-Clause
// What the scores of a cycle cost: all of EnsembleScores, its sort alone, and the rank histogram,
// on the ensembles of Lorenz-96 (28 x 40) and Kuramoto-Sivashinsky (50 x 128), and larger ones.
#include "core/random.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/scores.hpp"

#include <benchmark/benchmark.h>
#include <mpi.h>

#include <vector>

namespace {

using namespace starling;

struct Sample {
  explicit Sample(const benchmark::State& state)
      : members(state.range(0)),
        columns(state.range(1)),
        x(static_cast<std::size_t>(members * columns)),
        truth(static_cast<std::size_t>(columns)) {
    Stream(1, Purpose::initial_perturbation, 0, 0).normals(x.data(), members * columns);
    Stream(1, Purpose::truth_perturbation, 0, 0).normals(truth.data(), columns);
  }
  ConstRows ensemble() const { return make_rows(x.data(), members, columns); }

  Index members, columns;
  std::vector<Real> x, truth;
};

void scores(benchmark::State& state) {
  const Sample sample(state);
  diagnostics::EnsembleScores scores(MPI_COMM_SELF, sample.members, {0, sample.columns},
                                     sample.columns);
  for (auto _ : state)
    benchmark::DoNotOptimize(scores.evaluate(sample.ensemble(), sample.truth.data()));
}

void sort_alone(benchmark::State& state) {
  const Sample sample(state);
  diagnostics::Strip strip(sample.members);
  for (auto _ : state)
    for (Index first = 0; first < sample.columns; first += dof_block) {
      strip.load(sample.ensemble(), first);
      strip.sort();
      benchmark::DoNotOptimize(strip.rows());
      benchmark::ClobberMemory();
    }
}

void ranks(benchmark::State& state) {
  const Sample sample(state);
  diagnostics::RankHistogram histogram(MPI_COMM_SELF, sample.members, {0, sample.columns}, 1, {});
  for (auto _ : state) histogram.add(sample.ensemble(), sample.truth.data(), 0);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const auto& size :
       {std::pair{28, 40}, {50, 128}, {100, 128}, {512, 128}, {8192, 8}, {8193, 8}})
    benchmark->Args({size.first, size.second});
  benchmark->Unit(benchmark::kMicrosecond)->ArgNames({"members", "dofs"});
}

BENCHMARK(scores)->Apply(sizes);
BENCHMARK(sort_alone)->Apply(sizes);
BENCHMARK(ranks)->Apply(sizes);

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  MPI_Finalize();
  return 0;
}
