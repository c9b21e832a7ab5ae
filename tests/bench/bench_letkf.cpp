// SPDX-License-Identifier: BSD-3-Clause
// The LETKF on the deterministic problems B and C (tests/filters/canonical.hpp), which PDAF was
// timed on, on as many ranks as the program is given:
//     mpirun -n 2 bench_letkf [B] [C] [eigen] [phases] [half] [coarse]
// does the named parts, or all: `half` is B observed in one half of the plane, `coarse` B with
// weights interpolated between every k-th point and line. CPU time of every rank, and wall time of
// the slowest; the fastest of a few analyses. `bits` is the exclusive or of all numbers of the
// analysis ensemble, which any number of ranks must agree on. `eigen` is 65,536 times LAPACK's
// dsyev of 40 x 40 matrices of problem B, what PDAF spends most of its time on: the yardstick
// between machines.
#include "filters/canonical.hpp"
#include "filters/letkf.hpp"
#include "linalg/products.hpp"
#include "timing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <lapacke.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace starling;
using namespace starling::filters;

constexpr Index side = 256, members = 40;

LocalSettings settings(Real support) {
  return {.localization = {Taper(Taper::Shape::gaspari_cohn, support), 0}};
}

bool is_root() { return rank_of(MPI_COMM_WORLD) == 0; }

std::uint64_t bits(const canonical::Problem& problem) {
  std::uint64_t all = 0;
  for (Index m = 0; m < problem.members; ++m)
    for (Index j = 0; j < problem.dofs.size(); ++j) {
      std::uint64_t one = 0;
      std::memcpy(&one, &problem.ensemble(m, j), sizeof one);
      // Told apart by where they are: a rotation by the index.
      const auto turn = static_cast<unsigned>((problem.dofs.begin + j + 7 * m) % 63 + 1);
      all ^= one << turn | one >> (64 - turn);
    }
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_UINT64_T, MPI_BXOR, problem.comm);
  return all;
}

struct Time {
  std::vector<double> cpu;  // of each rank
  double wall;
  double busiest() const { return *std::max_element(cpu.begin(), cpu.end()); }
  double total() const {
    double sum = 0;
    for (const double rank : cpu) sum += rank;
    return sum;
  }
};

// The fastest of a few calls on every rank.
template <class Prepare, class Work>
Time timed(int calls, const Prepare& prepare, const Work& work) {
  double cpu = 1e9, wall = 1e9;
  for (int call = 0; call < calls; ++call) {
    prepare();
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = cpu_seconds(), begin = MPI_Wtime();
    work();
    cpu = std::min(cpu, cpu_seconds() - start);
    double took = MPI_Wtime() - begin;
    MPI_Allreduce(MPI_IN_PLACE, &took, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    wall = std::min(wall, took);
  }
  Time time{std::vector<double>(static_cast<std::size_t>(size_of(MPI_COMM_WORLD))), wall};
  MPI_Allgather(&cpu, 1, MPI_DOUBLE, time.cpu.data(), 1, MPI_DOUBLE, MPI_COMM_WORLD);
  return time;
}

Time analysis(const std::string& name, canonical::Problem& problem, const LocalSettings& with,
              double pdaf) {
  Letkf filter(problem.context(), with);
  const Time time = timed(
      5, [&] { problem.reset(); }, [&] { filter.analyse(problem.analysis()); });
  const canonical::Scores scores = problem.score();
  const std::uint64_t all = bits(problem);
  if (is_root())
    fmt::print(
        "{:12} CPU of each rank {:.3f} s, all {:.3f} s, wall {:.3f} s, {:.1f} us a point{}; cost "
        "of "
        "the busiest rank over the mean {:.2f}, as owned {:.2f}; RMSE {:.12f}, spread {:.12f}, "
        "bits "
        "{:016x}\n",
        name, fmt::join(time.cpu, " "), time.total(), time.wall,
        1e6 * time.total() / static_cast<double>(side * side),
        pdaf > 0 ? fmt::format(" (PDAF {:.1f} s: {:.1f} times)", pdaf, pdaf / time.total()) : "",
        filter.balance().imbalance(), filter.balance().owned_imbalance(), scores.rmse,
        scores.spread, all);
  return time;
}

// The parts of an analysis, each as what it adds to the parts before it.
class Phases {
 public:
  Phases(canonical::Problem& problem, Real support)
      : problem_(problem),
        taper_(Taper::Shape::gaspari_cohn, support),
        neighbours_(problem.context().geometry, support, problem.context().all_observations),
        observations_(problem.context()),
        transform_(members, KalmanTransform::Space::members),
        local_(256, members + 1),
        product_(members, members),
        weight_(problem.places.size()),
        x_(static_cast<std::size_t>(members + 8)),
        anomalies_(x_.size()) {
    transform_.reserve(local_.rows());
  }

  enum Part { search, gather, gram, prepare, apply };

  void run(Part last) {
    neighbours_.build(problem_.places.data(), problem_.variance.data(),
                      static_cast<Index>(problem_.places.size()));
    if (last >= gather)
      observations_.collect(problem_.analysis(), std::vector<char>(problem_.places.size(), 1));
    for (Index j = problem_.dofs.begin; j < problem_.dofs.end; ++j) {
      const Place here = canonical::Problem::place(side, j);
      const Index count = find(here);
      if (last >= gather) copy(count);
      if (last == gram)
        linalg::gram({product_.row(0), product_.stride()}, {local_.row(0), local_.stride()},
                     members, count);
      if (last >= prepare) transform_.prepare(local_, count);
      if (last < apply) continue;
      for (Index m = 0; m < members; ++m)
        x_[static_cast<std::size_t>(m)] = problem_.ensemble(m, j - problem_.dofs.begin);
      anomalies_ = x_;
      transform_.apply(x_.data(), anomalies_.data());
    }
  }

  // The Gram matrix at one point.
  const linalg::Matrix& product_at(Index point) {
    observations_.collect(problem_.analysis(), std::vector<char>(problem_.places.size(), 1));
    const Index count = find(canonical::Problem::place(side, point));
    copy(count);
    linalg::gram({product_.row(0), product_.stride()}, {local_.row(0), local_.stride()}, members,
                 count);
    return product_;
  }
  void build() {
    neighbours_.build(problem_.places.data(), problem_.variance.data(),
                      static_cast<Index>(problem_.places.size()));
  }

 private:
  Index find(const Place& here) {
    const Index found = neighbours_.find(&here);
    taper_.weigh(weight_.data(), neighbours_.distances(), found);
    return found;
  }
  void copy(Index count) {
    for (Index i = 0; i < count; ++i) {
      const Real root = std::sqrt(weight_[static_cast<std::size_t>(i)]);
      const Real* from = observations_.anomalies(neighbours_.found()[i]);
      Real* to = local_.row(i);
      for (Index m = 0; m <= members; ++m) to[m] = root * from[m];
    }
  }

  canonical::Problem& problem_;
  Taper taper_;
  Neighbours neighbours_;
  LocalObservations observations_;
  KalmanTransform transform_;
  linalg::Matrix local_, product_;
  std::vector<Real> weight_, x_, anomalies_;
};

void phases(canonical::Problem& problem, Real support) {
  problem.reset();
  Phases parts(problem, support);
  std::vector<double> until;
  for (const auto part :
       {Phases::search, Phases::gather, Phases::gram, Phases::prepare, Phases::apply})
    until.push_back(timed(
                        3, [] {}, [&] { parts.run(part); })
                        .total());
  const double scale = 1e6 / static_cast<double>(side * side);
  if (is_root())
    fmt::print(
        "  us a point: search {:.2f}, gather {:.2f}, Gram {:.2f}, reduction {:.2f}, apply "
        "{:.2f}\n",
        scale * until[0], scale * (until[1] - until[0]), scale * (until[2] - until[1]),
        scale * (until[3] - until[2]), scale * (until[4] - until[3]));
}

Time eigenproblems(canonical::Problem& problem) {
  constexpr Index problems = side * side;
  Phases parts(problem, 16);
  parts.build();
  std::vector<linalg::Matrix> matrices;
  for (Index k = 0; k < 64; ++k) {
    matrices.push_back(parts.product_at(k * 1021 % problems));
    linalg::Matrix& a = matrices.back();
    for (Index i = 0; i < members; ++i)
      for (Index j = i + 1; j < members; ++j) a(i, j) = a(j, i);
  }
  const Range mine = deal(problems, size_of(problem.comm), rank_of(problem.comm));
  std::vector<Real> a(members * members), values(members), work(64 * members);
  const Time time = timed(
      1, [] {},
      [&] {
        for (Index k = mine.begin; k < mine.end; ++k) {
          const linalg::Matrix& from = matrices[static_cast<std::size_t>(k % 64)];
          for (Index i = 0; i < members; ++i)
            std::copy_n(from.row(i), members, &a[static_cast<std::size_t>(i * members)]);
          LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'U', members, a.data(), members, values.data(),
                             work.data(), static_cast<lapack_int>(work.size()));
        }
      });
  if (is_root())
    fmt::print("65,536 dsyev of 40 x 40: CPU of each rank {:.3f} s, all {:.3f} s, {:.1f} us each\n",
               fmt::join(time.cpu, " "), time.total(),
               1e6 * time.total() / static_cast<double>(problems));
  return time;
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    const std::vector<std::string> parts(argv + 1, argv + argc);
    const auto asked = [&](const char* part) {
      return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    canonical::Problem b(MPI_COMM_WORLD, side, members, 4);
    Time on_b{{0}, 0};
    if (asked("B")) on_b = analysis("B", b, settings(16), 14.6);
    if (asked("B") && asked("phases")) phases(b, 16);
    if (asked("eigen")) {
      const Time eigen = eigenproblems(b);
      if (is_root() && asked("B"))
        fmt::print("B takes {:.3f} of the eigenproblems alone\n", on_b.total() / eigen.total());
    }
    if (asked("coarse")) {
      const canonical::Scores prior = (b.reset(), b.score());
      for (const Index spacing : {1, 2, 4, 8}) {
        LocalSettings coarse = settings(16);
        coarse.weight_spacing = spacing;
        analysis(fmt::format("B, 1 in {}", spacing), b, coarse, 0);
        const canonical::Scores scores = b.score();
        if (is_root()) fmt::print("  {:.4f} of the background's error\n", scores.rmse / prior.rmse);
      }
    }
    if (asked("half")) {
      canonical::Problem half(MPI_COMM_WORLD, side, members, 4, side / 2);
      analysis("B, half", half, settings(16), 0);
    }
    if (asked("C")) {
      canonical::Problem c(MPI_COMM_WORLD, side, members, 2);
      const Time on_c = analysis("C", c, settings(8), 28.0);
      if (is_root() && asked("B"))
        fmt::print("C takes {:.3f} of B, four times the observations\n",
                   on_c.total() / on_b.total());
      if (asked("phases")) phases(c, 8);
    }
  }
  MPI_Finalize();
  return 0;
}
