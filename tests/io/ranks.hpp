// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "support/mpi_test.hpp"

#include <mpi.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace starling::io {

using test_support::SharedDirectory;
using test_support::world;
using test_support::world_rank;
using test_support::world_size;

using Reals = std::vector<Real>;
using Integers = std::vector<std::int64_t>;
using Shape = std::vector<Index>;
using Names = std::vector<std::string>;

/// The first `ranks` ranks of the world; MPI_COMM_NULL inside on the others.
inline Communicator first_ranks(int ranks) {
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(world(), world_rank() < ranks ? 0 : MPI_UNDEFINED, 0, &part);
  return Communicator(part);
}

/// What `work` throws as an `E`; "" if it does not.
template <class E, class F>
std::string message_of(const F& work) {
  try {
    work();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

/// "" if `text` has `part` in it; else what it is, for EXPECT_EQ(lacks(...), "").
inline std::string lacks(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in '" + text + "'" : "";
}

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace starling::io
