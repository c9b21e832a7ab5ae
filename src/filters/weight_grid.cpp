// SPDX-License-Identifier: BSD-3-Clause
#include "filters/weight_grid.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::filters {

WeightGrid::WeightGrid(const FilterContext& context, Index spacing) : points_(context.dofs) {
  STARLING_ASSERT(spacing > 1);
  while (points_ > 0 && context.place(points_ - 1).everywhere) --points_;
  const Index line = context.line > 0 ? context.line : points_;
  STARLING_ASSERT(line == points_ || points_ % line == 0);
  const Index lines = line > 0 ? points_ / line : 0;
  along_ = {std::max<Index>(line, 1), spacing, context.geometry.period[0] > 0};
  across_ = {std::max<Index>(lines, 1), spacing, context.geometry.period[1] > 0};
  const Index kept = lines > 1 ? 3 * along_.coarse() : 3;
  weights_.reserve(static_cast<std::size_t>(kept));
  for (Index k = 0; k < kept; ++k)
    weights_.push_back({-1, false, linalg::Matrix(context.members, context.members)});
}

Index WeightGrid::Axis::coarse() const {
  const Index regular = (points + spacing - 1) / spacing;
  return regular + (!periodic && (points - 1) % spacing != 0 ? 1 : 0);
}

// Neighbours, the last and the first among them, have different slots of three.
Index WeightGrid::Axis::slot(Index point, Index slots) const {
  const Index number = (point + spacing - 1) / spacing, count = coarse();
  if (slots == count) return number;
  return number == count - 1 ? 2 : number % 2;
}

WeightGrid::Bracket WeightGrid::bracket(const Axis& axis, Index point) {
  const Index low = point / axis.spacing * axis.spacing, last = axis.points - 1;
  if (low == point || (point == last && !axis.periodic)) return {point, point, 0};
  Index next = low + axis.spacing;
  if (next > last) next = axis.periodic ? axis.points : last;
  const Real above = static_cast<Real>(point - low) / static_cast<Real>(next - low);
  return {low, next % axis.points, above};
}

WeightGrid::Stencil WeightGrid::around(Index dof) const {
  if (dof >= points_) return {1, {dof}, {1}};
  const Bracket x = bracket(along_, dof % along_.points), y = bracket(across_, dof / along_.points);
  Stencil out;
  const auto add = [&](Index i, Index j, Real share) {
    if (share == 0) return;
    const auto k = static_cast<std::size_t>(out.count++);
    out.dof[k] = i + along_.points * j;
    out.share[k] = share;
  };
  add(x.low, y.low, (1 - x.above) * (1 - y.above));
  add(x.high, y.low, x.above * (1 - y.above));
  add(x.low, y.high, (1 - x.above) * y.above);
  add(x.high, y.high, x.above * y.above);
  return out;
}

WeightGrid::Weights& WeightGrid::at(Index dof) {
  if (dof >= points_) return weights_.front();
  const Index i = dof % along_.points, j = dof / along_.points;
  const Index slot = across_.points == 1
                         ? along_.slot(i, 3)
                         : across_.slot(j, 3) * along_.coarse() + along_.slot(i, along_.coarse());
  return weights_[static_cast<std::size_t>(slot)];
}

void WeightGrid::forget() {
  for (Weights& each : weights_) each.dof = -1;
}

Real WeightGrid::bytes() const {
  const linalg::Matrix& one = weights_.front().change;
  return 8 * static_cast<Real>(one.rows() * one.stride()) * static_cast<Real>(weights_.size());
}

}  // namespace starling::filters
