// SPDX-License-Identifier: BSD-3-Clause
// How fast files of data sets are written: the bandwidth of WellFile over that of plain write() of
// the same bytes by the same ranks, both brought to the storage, one after the other, several
// times.
//
//     mpirun -n 2 bench_datasets [FOLDER [MEGABYTES A RANK]]
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "datasets/well_file.hpp"

#include <Kokkos_Core.hpp>
#include <fcntl.h>
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace starling;

constexpr Index points = 256;

datasets::WellLayout layout(Index trajectories, Index frames) {
  datasets::WellLayout layout;
  layout.name = "bench";
  const Axis axis{points, 0, 1, true};
  layout.grid = Domain({axis, axis}, {{}});
  for (Index f = 0; f < frames; ++f) layout.times.push_back(static_cast<Real>(f));
  layout.trajectories = trajectories;
  layout.fields = datasets::group_fields({{"q", "q", "1"}, {"u", "u", "1"}, {"v", "v", "1"}}, 2);
  return layout;
}

Real seconds(MPI_Comm comm, Real start) {
  Real mine = MPI_Wtime() - start, most = 0;
  MPI_Allreduce(&mine, &most, 1, MPI_DOUBLE, MPI_MAX, comm);
  return most;
}

Real write_well(MPI_Comm comm, const std::string& path, Index frames) {
  const Real start = MPI_Wtime();
  datasets::WellFile file(comm, path, layout(size_of(comm), frames));
  file.create();
  const std::vector<float> numbers(static_cast<std::size_t>(2 * points * points), 1.5F);
  for (Index f = 0; f < frames; ++f)
    for (std::size_t field = 0; field < 2; ++field)
      file.write(field, rank_of(comm), f, numbers.data());
  file.close();
  return seconds(comm, start);
}

Real write_plain(MPI_Comm comm, const std::string& path, Index frames) {
  const Real start = MPI_Wtime();
  const std::string mine = path + std::to_string(rank_of(comm));
  const int file = ::open(mine.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const std::vector<float> numbers(static_cast<std::size_t>(3 * points * points), 1.5F);
  const std::size_t bytes = numbers.size() * sizeof(float);
  bool done = file >= 0;
  for (Index f = 0; f < frames && done; ++f)
    done = ::write(file, numbers.data(), bytes) == static_cast<ssize_t>(bytes);
  done = ::fsync(file) == 0 && done;
  ::close(file);
  if (!done) throw IoError(mine + ": cannot be written");
  return seconds(comm, start);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    MPI_Comm comm = MPI_COMM_WORLD;
    const std::string folder = argc > 1 ? argv[1] : ".";
    const Index megabytes = argc > 2 ? std::atol(argv[2]) : 256;
    const Index frames = std::max<Index>(1, megabytes * (1 << 20) / (12 * points * points));
    const std::string path = folder + "/bench_datasets.hdf5", plain = folder + "/bench_plain.";
    const Real bytes = static_cast<Real>(12 * points * points * frames * size_of(comm)) / 1e6;
    std::vector<Real> ratios;
    for (int round = 0; round < 7; ++round) {
      const Real ours = write_well(comm, path, frames), theirs = write_plain(comm, plain, frames);
      ratios.push_back(theirs / ours);
      if (rank_of(comm) == 0) {
        std::printf("%7.0f MB on %d ranks: files %7.0f MB/s, write() %7.0f MB/s, ratio %.2f\n",
                    bytes, size_of(comm), bytes / ours, bytes / theirs, theirs / ours);
        ::unlink(path.c_str());
      }
      ::unlink((plain + std::to_string(rank_of(comm))).c_str());
      MPI_Barrier(comm);
    }
    std::sort(ratios.begin(), ratios.end());
    if (rank_of(comm) == 0)
      std::printf("median ratio %.2f (limit 0.8)\n", ratios[ratios.size() / 2]);
  }
  MPI_Finalize();
  return 0;
}
