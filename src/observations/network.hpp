// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/schema.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace starling::observations {

/// Where a twin experiment observes.
class Network {
 public:
  /// Keys of the input:
  ///     network = "all" | "every" | "random" | "random_places" | "places"
  ///     stride, offset, shift   "every": points offset, offset + stride, ..., each moved by a part
  ///                             of the spacing
  ///     count, redraw           "random": so many different points, drawn once or anew at each
  ///                             analysis; "random_places": places anywhere, ascending
  ///     count_least             their number varies from analysis to analysis, from this to count
  ///     places                  "places": coordinates
  static Schema schema();

  /// Throws InputError for a key that its network needs and lacks or does not know, and for numbers
  /// that don't fit the domain.
  Network(const Section& section, const Domain& domain, std::uint64_t seed);

  static Network all(const Domain& domain);
  static Network every(const Domain& domain, Index stride, Index offset = 0, Real shift = 0);
  static Network random(const Domain& domain, Index count, bool redraw, std::uint64_t seed);
  static Network random_places(const Domain& domain, Index count, bool redraw, std::uint64_t seed);
  static Network at(const Domain& domain, std::vector<Real> places);

  const Domain& domain() const { return domain_; }
  /// The most observations of an analysis.
  Index size() const { return size_; }

  /// Whether an analysis has other places than the one before.
  bool varies() const { return redraw_; }

  /// Coordinates of the observations of analysis number n: a pure function of (seed, n). Allocates
  /// nothing.
  const std::vector<Real>& places(Index n);
  /// The grid points observed at analysis number n, ascending; of networks "all", "every" without a
  /// shift and "random".
  const std::vector<Index>& points(Index n);

 private:
  enum class Draw { nothing, points, places };
  Network(const Domain& domain, Index size);
  static Network drawn(Draw what, const Domain& domain, Index count, Index least, bool redraw,
                       std::uint64_t seed);
  static Network from_section(const Section& section, const Domain& domain, std::uint64_t seed);
  void draw(Index n);
  void draw_points(Index n, Index count);
  void draw_places(Index n, Index count);

  Domain domain_;
  Index size_;
  Draw draw_ = Draw::nothing;
  Index least_ = 0;  // size_ where the number does not vary
  bool redraw_ = false;
  std::uint64_t seed_ = 0;
  Index drawn_ = -1;  // the analysis that places_ are for
  std::vector<Index> points_;
  std::vector<Real> places_;
  std::vector<std::pair<std::uint64_t, Index>> lots_;
};

}  // namespace starling::observations
