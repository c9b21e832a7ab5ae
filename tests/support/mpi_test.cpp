// SPDX-License-Identifier: BSD-3-Clause
#include "support/mpi_test.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace starling::test_support {

MPI_Comm world() { return MPI_COMM_WORLD; }

int world_rank() {
  int rank = 0;
  MPI_Comm_rank(world(), &rank);
  return rank;
}

int world_size() {
  int size = 1;
  MPI_Comm_size(world(), &size);
  return size;
}

bool on_all_ranks(bool here) {
  int all = here ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_LAND, world());
  return all != 0;
}

SharedDirectory::SharedDirectory() {
  std::array<char, 4096> name{};
  if (world_rank() == 0) {
    const auto pattern = (std::filesystem::temp_directory_path() / "starling-XXXXXX").string();
    if (pattern.size() < name.size()) {
      pattern.copy(name.data(), pattern.size());
      if (mkdtemp(name.data()) == nullptr) {
        name[0] = '\0';
      }
    }
  }
  MPI_Bcast(name.data(), static_cast<int>(name.size()), MPI_CHAR, 0, world());
  if (name[0] == '\0') {
    throw std::runtime_error("no temporary directory could be made");
  }
  path_ = name.data();
}

SharedDirectory::~SharedDirectory() {
  MPI_Barrier(world());
  if (world_rank() == 0) {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
    if (error) {
      std::fprintf(stderr, "%s: %s\n", path_.c_str(), error.message().c_str());
    }
  }
}

}  // namespace starling::test_support
