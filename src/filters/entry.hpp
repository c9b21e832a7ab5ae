// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/geometry.hpp"
#include "core/types.hpp"
#include "filters/filter.hpp"
#include "filters/iterative_filter.hpp"
#include "filters/particle_filter.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace starling::filters {

/// What a filter must know of the run to make its workspace.
struct FilterContext {
  MPI_Comm comm;       ///< the ranks that share the columns of an analysis
  Index members;       ///< of the ensemble
  Index observations;  ///< the most this rank has in any analysis
  std::uint64_t seed;  ///< of the run
  // What local filters need besides.
  Range columns = {};                      ///< of the dofs: this rank's
  Index dofs = 0;                          ///< of all ranks
  Index all_observations = 0;              ///< the most of all ranks in any analysis
  Geometry geometry = {};                  ///< how far places are from one another
  std::function<Place(Index)> place = {};  ///< where a dof is, any of 0 to dofs - 1
  /// Which of all grid-point values a dof is, where ranks share members and `dofs` are those here;
  /// empty: the same number.
  std::function<Index(Index)> number = {};
  Index line = 0;         ///< dofs of a line of the grid; 0: it has one line; -1: it is no plane
  Index climatology = 0;  ///< rank of the static covariance, 0: there is none
};

/// A filter of any kind. Each kind has its own way to make one, and its own cycle
/// (campaigns/cycle.hpp).
using AnyFilter = std::variant<std::unique_ptr<Filter>, std::unique_ptr<ParticleFilter>,
                               std::unique_ptr<IterativeFilter>>;
using FilterMaker = std::unique_ptr<Filter> (*)(const Section&, const FilterContext&);
using ParticleFilterMaker = std::unique_ptr<ParticleFilter> (*)(const Section&,
                                                                const ParticleContext&);
using IterativeFilterMaker = std::unique_ptr<IterativeFilter> (*)(const Section&,
                                                                  const FilterContext&);
using AnyFilterMaker = std::variant<FilterMaker, ParticleFilterMaker, IterativeFilterMaker>;

/// A filter as the registry knows it: what `describe` prints and how the input makes one.
struct FilterEntry {
  std::string name;
  std::string summary;
  std::string reference;  ///< key in docs/papers.bib, empty for what needs none
  Schema schema;          ///< the keys of [filter] besides `name`
  /// Collective on the context's communicator; throws InputError for values that can't be.
  AnyFilterMaker make;
};

/// The filters that come with Starling.
const std::vector<FilterEntry>& builtin();

}  // namespace starling::filters
