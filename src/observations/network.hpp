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

/// Where a twin experiment observes: places, at each of which one or more components of the state
/// are observed. Observations come component by component, those of a component in the order of the
/// places.
class Network {
 public:
  /// Keys of the input:
  ///     network = "all" | "every" | "random" | "random_places" | "places" | "track"
  ///     stride, offset, shift   "every": points offset, offset + stride, ... along each axis, each
  ///                             moved by a part of the spacing
  ///     count, redraw           "random": so many different points, drawn once or anew at each
  ///                             analysis; "random_places": places anywhere, in one dimension
  ///                             ascending
  ///     fraction                "random": in place of count, of all points
  ///     count_least             their number varies from analysis to analysis, from this to count
  ///     places                  "places": coordinates, d numbers each in d dimensions
  ///     count, track_spacing, track_speed, track_angle, track_start
  ///                             "track": as a satellite sees
  ///     components              which are observed; the first if absent
  static Schema schema();

  /// Throws InputError for a key that its network needs and lacks or does not know, and for numbers
  /// that don't fit the domain.
  Network(const Section& section, const Domain& domain, std::uint64_t seed);

  static Network all(const Domain& domain);
  static Network every(const Domain& domain, Index stride, Index offset = 0, Real shift = 0);
  static Network random(const Domain& domain, Index count, bool redraw, std::uint64_t seed);
  static Network random_places(const Domain& domain, Index count, bool redraw, std::uint64_t seed);
  static Network at(const Domain& domain, std::vector<Point> places);

  /// A straight track around a periodic domain. Observation k = 0, ..., count - 1 of analysis n is
  /// at the distance n speed + k spacing along it,
  ///     x = start + (n speed + k spacing) (cos angle, sin angle),
  /// in one dimension along x alone, in three at the height of the start.
  struct Track {
    Index count = 1;
    Real spacing = 1;  ///< [length units]
    Real speed = 0;    ///< [length units from one analysis to the next]
    Real angle = 0;    ///< from the x axis [radians]
    Point start;
  };
  static Network along(const Domain& domain, const Track& track);

  /// The same places, with these components of the domain observed instead of the first alone.
  Network with(std::vector<std::int32_t> components) const;

  const Domain& domain() const { return domain_; }
  /// The most observations of an analysis.
  Index size() const { return size_ * static_cast<Index>(observed_.size()); }

  /// Whether an analysis has other places than the one before.
  bool varies() const { return redraw_; }

  /// Coordinates and components of the observations of analysis number n: a pure function of
  /// (seed, n). Valid until the next call. Allocates nothing.
  const std::vector<Point>& places(Index n);
  const std::vector<std::int32_t>& components(Index n);
  /// The grid points observed at analysis number n, ascending, the same for each component; of
  /// networks "all", "every" without a shift and "random".
  const std::vector<Index>& points(Index n);

 private:
  enum class Draw { nothing, points, places, track };
  Network(const Domain& domain, Index size);
  static Network drawn(Draw what, const Domain& domain, Index count, Index least, bool redraw,
                       std::uint64_t seed);
  static Network from_section(const Section& section, const Domain& domain, std::uint64_t seed);
  static Network drawn_from(const Section& section, const Domain& domain, std::uint64_t seed);
  void update(Index n);
  void draw(Index n);
  void draw_points(Index n, Index count);
  void draw_places(Index n, Index count);
  void follow(Index n);
  void repeat();

  Domain domain_;
  Index size_;  // places
  std::vector<std::int32_t> observed_ = {0};
  Draw draw_ = Draw::nothing;
  Index least_ = 0;  // size_ where the number does not vary
  bool redraw_ = false;
  std::uint64_t seed_ = 0;
  Track track_;
  Index drawn_ = -1;  // the analysis that places_ are for
  std::vector<Index> points_;
  std::vector<Point> places_;  // of all observations
  std::vector<std::int32_t> components_;
  std::vector<std::pair<std::uint64_t, Index>> lots_;
};

}  // namespace starling::observations
