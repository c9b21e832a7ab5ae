// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/schema.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace starling::observations {

/// Which grid points a twin experiment observes.
class Network {
 public:
  /// Keys of the input:
  ///     network = "all" | "every" | "random"
  ///     stride, offset   "every": points offset, offset + stride, ...
  ///     count, redraw    "random": so many different points, drawn once or anew at each analysis
  static Schema schema();

  /// Throws InputError for a key that its network needs and lacks or does not know, and for numbers
  /// that don't fit the domain.
  Network(const Section& section, const Domain& domain, std::uint64_t seed);

  static Network all(const Domain& domain);
  static Network every(const Domain& domain, Index stride, Index offset = 0);
  static Network random(const Domain& domain, Index count, bool redraw, std::uint64_t seed);

  const Domain& domain() const { return domain_; }
  /// Observations of one analysis.
  Index size() const { return static_cast<Index>(points_.size()); }

  /// The grid points observed at analysis number n, ascending: a pure function of (seed, n).
  /// Allocates nothing.
  const std::vector<Index>& points(Index n);

 private:
  Network(const Domain& domain, Index size)
      : domain_(domain), points_(static_cast<std::size_t>(size)) {}
  void draw(Index n);

  Domain domain_;
  bool redraw_ = false;
  std::uint64_t seed_ = 0;
  Index drawn_ = -1;  // the analysis that points_ are for
  std::vector<Index> points_;
  std::vector<std::pair<std::uint64_t, Index>> lots_;
};

}  // namespace starling::observations
