// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/error.hpp"

#include <mpi.h>

#include <functional>
#include <string>

/// How the ranks come to the same end when one of them fails.
namespace starling::io {

/// Runs `work` on rank 0 of `comm` alone; what it throws is thrown on every rank. Collective.
void on_root(MPI_Comm comm, const std::function<void()>& work);

/// Runs `work`, which must not communicate, on every rank; an IoError on any is thrown on all.
/// Collective.
void together(MPI_Comm comm, const std::function<void()>& work);

/// Every rank gets the text of rank `source`. Collective.
void share_text(MPI_Comm comm, std::string& text, int source = 0);

/// Throws IoError(failure) of the lowest rank that brings one, on every rank; an empty text is
/// success. Collective.
void agree(MPI_Comm comm, const std::string& failure);

}  // namespace starling::io
