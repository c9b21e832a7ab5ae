// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/types.hpp"
#include "filters/filter.hpp"

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace starling::filters {

/// What a filter must know of the run to make its workspace.
struct FilterContext {
  MPI_Comm comm;       ///< the ranks that share the columns of an analysis
  Index members;       ///< of the ensemble
  Index observations;  ///< the most this rank has in any analysis
  std::uint64_t seed;  ///< of the run
};

/// A filter as the registry knows it: what `describe` prints and how the input makes one.
struct FilterEntry {
  std::string name;
  std::string summary;
  std::string reference;  ///< key in docs/papers.bib, empty for what needs none
  Schema schema;          ///< the keys of [filter] besides `name`
  /// Collective on the context's communicator; throws InputError for values that can't be.
  std::unique_ptr<Filter> (*make)(const Section& section, const FilterContext& context);
};

/// The filters that come with Starling.
const std::vector<FilterEntry>& builtin();

}  // namespace starling::filters
