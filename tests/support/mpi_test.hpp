// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <filesystem>

namespace starling::test_support {

/// All ranks of the test program. Tests are "drivers": this is the one place below which
/// MPI_COMM_WORLD is not named.
MPI_Comm world();
int world_rank();
int world_size();

/// True on every rank if `here` is true on every rank. Collective.
bool on_all_ranks(bool here);

/// A new empty directory that all ranks see under the same name; removed with all it holds when the
/// object dies. Construction and destruction are collective.
class SharedDirectory {
 public:
  SharedDirectory();
  ~SharedDirectory();
  SharedDirectory(const SharedDirectory&) = delete;
  SharedDirectory& operator=(const SharedDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace starling::test_support
