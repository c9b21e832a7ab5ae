// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/point_samples.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Stream stream(std::uint64_t seed, Purpose purpose, Index trajectory, std::uint64_t step) {
  return Stream(seed, purpose, static_cast<std::uint64_t>(trajectory), step);
}

// sin(n t) / (n tan t) with t = pi s / L: 1 at its own point, 0 at the others.
Real weight(Real t, Index n) {
  const Real sine = std::sin(t);
  if (std::abs(sine) < 1e-14) return 1;
  return std::sin(static_cast<Real>(n) * t) * std::cos(t) / (static_cast<Real>(n) * sine);
}

}  // namespace

std::vector<std::vector<Real>> interpolation_weights(const Domain& grid, const Point& place) {
  std::vector<std::vector<Real>> weights;
  for (int d = 0; d < grid.dimensions(); ++d) {
    const Axis& axis = grid.axis(d);
    std::vector<Real> row(at(axis.points), 0);
    if (axis.periodic) {
      for (Index i = 0; i < axis.points; ++i)
        row[at(i)] =
            weight(std::numbers::pi * (place[d] - axis.coordinate(i)) / axis.length(), axis.points);
    } else {
      const Index nearest = std::lround((place[d] - axis.origin) / axis.spacing);
      row[at(std::clamp<Index>(nearest, 0, axis.points - 1))] = 1;
    }
    weights.push_back(std::move(row));
  }
  return weights;
}

Real interpolate(const Domain& grid, const Real* values,
                 const std::vector<std::vector<Real>>& weights) {
  static const std::vector<Real> one = {1};
  const std::vector<Real>& x = weights[0];
  const std::vector<Real>& y = grid.dimensions() > 1 ? weights[1] : one;
  const std::vector<Real>& z = grid.dimensions() > 2 ? weights[2] : one;
  Real sum = 0;
  for (const Real wz : z)
    for (const Real wy : y) {
      Real line = 0;
      for (std::size_t i = 0; i < x.size(); ++i) line += x[i] * values[i];
      sum += wz * wy * line;
      values += x.size();
    }
  return sum;
}

const Schema& PointSamples::probes_schema() {
  static const Schema keys = {
      Key::integer("count", "grid points that are followed").at_least(1),
      Key::real("interval", "time between two looks, a part of dataset.frame_interval").above(0),
  };
  return keys;
}

const Schema& PointSamples::sensors_schema() {
  static const Schema keys = {
      Key::integer("count", "observations of a trajectory, at places and frames of their own")
          .at_least(1),
      Key::real("error_std", "of their errors, in the units of the state")
          .at_least(0)
          .otherwise(0.0),
  };
  return keys;
}

PointSamples::PointSamples(Config& config, Real dt, Real interval, Index frames, std::uint64_t seed)
    : frames_(frames), interval_(interval), seed_(seed) {
  if (config.has("probes")) {
    const Section section = config.section("probes", probes_schema());
    probes_ = section.integer("count");
    const Real steps = section.real("interval") / dt, looks = interval / section.real("interval");
    probe_steps_ = std::lround(steps);
    per_frame_ = std::lround(looks);
    if (std::abs(steps - std::round(steps)) > 1e-6 || probe_steps_ == 0 ||
        std::abs(looks - std::round(looks)) > 1e-6)
      section.fail("interval", "does not divide the time between frames in whole steps",
                   "a multiple of stepper.dt that divides dataset.frame_interval");
  }
  if (config.has("sensors")) {
    const Section section = config.section("sensors", sensors_schema());
    sensors_ = section.integer("count");
    error_std_ = section.real("error_std");
  }
}

std::vector<Extra> PointSamples::extras(const Domain& grid) const {
  std::vector<Extra> extras;
  const Index d = grid.dimensions();
  if (probes_ > 0) {
    extras.push_back({"probes/time", {looks()}, "time", "model time"});
    extras.push_back({"probes/place", {probes_, d}, "coordinates of the probes", "length"});
    for (const Component& c : grid.components())
      extras.push_back({"probes/" + c.name, {looks(), probes_}, c.long_name, c.units});
  }
  if (sensors_ > 0) {
    extras.push_back({"sensors/time", {sensors_}, "time", "model time"});
    extras.push_back({"sensors/place", {sensors_, d}, "coordinates of the sensors", "length"});
    for (const Component& c : grid.components())
      extras.push_back(
          {"sensors/" + c.name, {sensors_}, "observed " + c.long_name + ", with errors", c.units});
  }
  return extras;
}

PointSamples::Samples PointSamples::start(const Domain& grid, Index trajectory) const {
  Samples samples;
  samples.trajectory = trajectory;
  for (const Extra& extra : extras(grid)) samples.rows.emplace_back(at(extra.size()), 0);
  const Index d = grid.dimensions();
  std::size_t row = 0;
  const Stream probes = stream(seed_, Purpose::probe_place, trajectory, 0);
  for (Index p = 0; p < probes_; ++p) {
    samples.points.push_back(static_cast<Index>(probes.uniform(static_cast<std::uint64_t>(p)) *
                                                static_cast<Real>(grid.points())));
    const Point place = grid.point(samples.points.back());
    for (Index i = 0; i < d; ++i) samples.rows[1][at(p * d + i)] = place[static_cast<int>(i)];
  }
  if (probes_ > 0) row = 2 + grid.components().size();
  if (sensors_ == 0) return samples;
  const Stream sensors = stream(seed_, Purpose::sensor_place, trajectory, 0);
  for (Index s = 0; s < sensors_; ++s)
    samples.frames.push_back(static_cast<Index>(sensors.uniform(static_cast<std::uint64_t>(4 * s)) *
                                                static_cast<Real>(frames_ + 1)));
  std::sort(samples.frames.begin(), samples.frames.end());
  for (Index s = 0; s < sensors_; ++s) {
    Point place;
    for (Index i = 0; i < d; ++i) {
      const Axis& axis = grid.axis(static_cast<int>(i));
      const Real reach =
          axis.periodic ? axis.length() : axis.coordinate(axis.points - 1) - axis.origin;
      place.at[at(i)] =
          axis.origin + reach * sensors.uniform(static_cast<std::uint64_t>(4 * s + 1 + i));
      samples.rows[row + 1][at(s * d + i)] = place[static_cast<int>(i)];
    }
    samples.places.push_back(place);
    samples.rows[row][at(s)] = interval_ * static_cast<Real>(samples.frames[at(s)]);
  }
  return samples;
}

void PointSamples::probe(Samples& samples, const Snapshot& snapshot, Real time) const {
  if (probes_ == 0) return;
  STARLING_ASSERT(samples.looks < looks());
  samples.rows[0][at(samples.looks)] = time;
  for (std::size_t c = 0; c < snapshot.components(); ++c)
    for (Index p = 0; p < probes_; ++p)
      samples.rows[2 + c][at(samples.looks * probes_ + p)] = snapshot[c][samples.points[at(p)]];
  ++samples.looks;
}

void PointSamples::sense(Samples& samples, const Snapshot& snapshot, Index frame) const {
  const std::size_t first = (probes_ > 0 ? 2 + snapshot.components() : 0) + 2;
  const Stream errors = stream(seed_, Purpose::sensor_error, samples.trajectory, 0);
  for (; samples.seen < sensors_ && samples.frames[at(samples.seen)] == frame; ++samples.seen) {
    const Index s = samples.seen;
    const auto weights = interpolation_weights(snapshot.grid(), samples.places[at(s)]);
    for (std::size_t c = 0; c < snapshot.components(); ++c)
      samples.rows[first + c][at(s)] =
          interpolate(snapshot.grid(), snapshot[c], weights) +
          error_std_ * errors.normal(static_cast<std::uint64_t>(s) * snapshot.components() + c);
  }
}

}  // namespace starling::datasets
