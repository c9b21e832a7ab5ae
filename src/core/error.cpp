// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"

#include <array>

namespace starling::detail {

void assertion_failed(const char* condition, const char* file, int line) {
  throw LogicError(fmt::format("{}:{}: this must hold but does not: {}", file, line, condition));
}

void mpi_failed(int code, const char* call, const char* file, int line) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw IoError(fmt::format("{}:{}: {}: {}", file, line, call, text.data()));
}

}  // namespace starling::detail
