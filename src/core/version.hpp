// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// What this binary is made of, for `--version` and for the provenance in every file written.

namespace starling {

/// Semantic version of the program, e.g. "0.1.0".
const char* version();

/// Commit the binary was built from, "-dirty" appended if the tree had changes; "unknown" when
/// built from a source archive that does not carry one. Up to date at every build.
const char* git_hash();

/// Compiler and its version, e.g. "GNU 12.2.0".
const char* compiler();

/// Compile flags that decide the bits of the results, e.g. "-O3 -DNDEBUG -march=native".
const char* build_flags();

/// Libraries found at configure time, e.g. "Kokkos 3.4.01 (SERIAL), HDF5 1.10.8, FFTW 3.3.10".
const char* library_versions();

}  // namespace starling
