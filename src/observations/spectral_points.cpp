// SPDX-License-Identifier: BSD-3-Clause
#include "observations/spectral_points.hpp"

#include "core/error.hpp"
#include "linalg/products.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::observations {
namespace {

constexpr Index strip = 16;  // rows of one product

}  // namespace

SpectralPoints::SpectralPoints(const Domain& domain, const Columns& values)
    : domain_(domain),
      tables_(static_cast<std::size_t>(domain.dimensions())),
      groups_(domain.components().size()),
      values_(0, 0) {
  for (int d = 0; d < domain.dimensions(); ++d) {
    Table& table = tables_[static_cast<std::size_t>(d)];
    const Index points = domain.axis(d).points;
    const Real angle = std::numbers::pi / static_cast<Real>(points);
    for (Index i = 0; i < points; ++i) {
      table.sines.push_back(std::sin(angle * static_cast<Real>(i)));
      table.cosines.push_back(std::cos(angle * static_cast<Real>(i)));
    }
  }
  for (Group& group : groups_) group.weights.resize(tables_.size(), linalg::Matrix(0, 0));
  find_blocks(values);
}

void SpectralPoints::find_blocks(const Columns& values) {
  const Index width = domain_.axis().points, points = domain_.points();
  Index column = 0;
  for (const Range& piece : values.pieces())
    for (Index at = piece.begin; at < piece.end;) {
      const Index component = at / points, row = at % points / width, first = at % width;
      const Index here = std::min(piece.end, (component + 1) * points) - at;
      const bool whole = first == 0 && here >= width;
      const Index rows = whole ? here / width : 1;
      const Index along = whole ? width : std::min(here, width - first);
      blocks_.push_back({static_cast<std::size_t>(component), column, row, rows, first, along});
      column += rows * along;
      at += rows * along;
    }
}

void SpectralPoints::clear() {
  for (Group& group : groups_) {
    group.observations.clear();
    group.places.clear();
  }
}

void SpectralPoints::add(const Batch& batch, Index j, const std::string& source) {
  require(domain_.periodic(),
          "{}: observation {} at time {}: spectral interpolation needs a periodic domain; allowed: "
          "other kinds",
          source, batch.first + j, batch.time);
  const auto at = static_cast<std::size_t>(j);
  Group& group = groups_[static_cast<std::size_t>(batch.component[at])];
  group.observations.push_back(j);
  group.places.push_back(batch.location[at]);
}

void SpectralPoints::prepare() {
  for (Group& group : groups_) {
    if (group.places == group.weighed) continue;
    const auto places = static_cast<Index>(group.places.size());
    if (places > values_.columns()) values_ = linalg::Matrix(strip, places);
    for (int d = 0; d < domain_.dimensions(); ++d) {
      linalg::Matrix& weights = group.weights[static_cast<std::size_t>(d)];
      if (places > weights.columns()) weights = linalg::Matrix(domain_.axis(d).points, places);
      for (Index k = 0; k < places; ++k)
        weigh(weights, d, k, group.places[static_cast<std::size_t>(k)][d]);
    }
    group.weighed = group.places;
  }
}

// From the nearest grid point i0 at a distance of `part` spacings, |part| <= 1/2, point i0 + m is
// at t = pi (part - m) / n: sin(n t) = (-1)^m sin(pi part), and nothing cancels in sin(t) for m !=
// 0.
void SpectralPoints::weigh(linalg::Matrix& weights, int d, Index column, Real x) const {
  const Axis& axis = domain_.axis(d);
  const Table& table = tables_[static_cast<std::size_t>(d)];
  const Index n = axis.points;
  const Real s = (x - axis.origin) / axis.spacing;
  const Real nearest = std::round(s);
  Real part = s - nearest;
  // As linear interpolation has it: what is at a grid point but for rounding is at it.
  if (std::abs(part) < 1e-13 * (1 + std::abs(s))) part = 0;
  const Index centre = ((static_cast<Index>(nearest) % n) + n) % n;
  const Real numerator = std::sin(std::numbers::pi * part) / static_cast<Real>(n);
  const Real angle = std::numbers::pi * part / static_cast<Real>(n);
  const Real sine = std::sin(angle), cosine = std::cos(angle);
  const bool even = n % 2 == 0;
  for (Index m = 0; m < n; ++m) {
    const auto at = static_cast<std::size_t>(m);
    const Real below = sine * table.cosines[at] - cosine * table.sines[at];
    const Real above = even ? cosine * table.cosines[at] + sine * table.sines[at] : 1;
    const Real weight = (m % 2 == 0 ? numerator : -numerator) * above / below;
    weights(centre + m < n ? centre + m : centre + m - n, column) = weight;
  }
  if (part == 0) weights(centre, column) = 1;
}

void SpectralPoints::apply(Rows out, ConstRows members) const {
  const Index size = width_of(out), width = width_of(members);
  for (const Group& group : groups_)
    for (Index r = 0; r < rows_of(members) && !group.observations.empty(); ++r)
      for (const Index observation : group.observations) out.data()[r * size + observation] = 0;
  for (const Block& block : blocks_) {
    const Group& group = groups_[block.component];
    if (group.observations.empty()) continue;
    if (domain_.dimensions() == 1) {
      apply_line(group, block, out, members);
      continue;
    }
    for (Index r = 0; r < rows_of(members); ++r)
      apply_rows(group, block, out.data() + r * size, members.data() + r * width);
  }
}

// In one dimension the members are the rows of the product.
void SpectralPoints::apply_line(const Group& group, const Block& block, Rows out,
                                ConstRows members) const {
  const Index size = width_of(out), width = width_of(members);
  const auto places = static_cast<Index>(group.places.size());
  const linalg::Matrix& weights = group.weights[0];
  for (Index first = 0; first < rows_of(members); first += strip) {
    const Index here = std::min(strip, rows_of(members) - first);
    linalg::multiply({values_.row(0), values_.stride()},
                     {members.data() + first * width + block.column, width, 1},
                     {weights.row(block.first), weights.stride()}, here, places, block.points);
    for (Index r = 0; r < here; ++r)
      for (Index k = 0; k < places; ++k)
        out.data()[(first + r) * size + group.observations[static_cast<std::size_t>(k)]] +=
            values_(r, k);
  }
}

// Sums along x by a product, then along the other axes.
void SpectralPoints::apply_rows(const Group& group, const Block& block, Real* y,
                                const Real* member) const {
  const auto places = static_cast<Index>(group.places.size());
  const Index height = domain_.axis(1).points;
  const linalg::Matrix& weights = group.weights[0];
  for (Index first = 0; first < block.rows; first += strip) {
    const Index here = std::min(strip, block.rows - first);
    linalg::multiply({values_.row(0), values_.stride()},
                     {member + block.column + first * block.points, block.points, 1},
                     {weights.row(block.first), weights.stride()}, here, places, block.points);
    for (Index r = 0; r < here; ++r) {
      const Index row = block.row + first + r;
      const Real* along_y = group.weights[1].row(row % height);
      const Real* along_z = group.weights.size() > 2 ? group.weights[2].row(row / height) : nullptr;
      const Real* value = values_.row(r);
      for (Index k = 0; k < places; ++k)
        y[group.observations[static_cast<std::size_t>(k)]] +=
            along_y[k] * (along_z == nullptr ? 1 : along_z[k]) * value[k];
    }
  }
}

}  // namespace starling::observations
