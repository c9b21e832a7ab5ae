// SPDX-License-Identifier: BSD-3-Clause
#include "observations/product_sums.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::observations {
namespace {

// Fused where that is fast: a compiler that vectorises the products would not, and the same sum
// would have other bits for another length of a run.
inline Real multiply_add(Real a, Real b, Real c) {
#ifdef FP_FAST_FMA
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

// Point i of an axis, also from before its first; at least its length beyond a bounded one.
Index wrapped(const Axis& axis, Index i) {
  return axis.periodic ? ((i % axis.points) + axis.points) % axis.points : i;
}

}  // namespace

ProductSums::ProductSums(const Domain& domain, const Columns& values)
    : domain_(domain), pieces_(values.pieces()) {
  STARLING_ASSERT(values.all() == domain.values());
  Index column = 0;
  for (const Range& piece : pieces_) {
    columns_.push_back(column);
    column += piece.size();
  }
}

void ProductSums::clear() {
  weights_.clear();
  runs_.clear();
  sums_.clear();
}

Real* ProductSums::weights(int d, Index first, Index count) {
  lines_[static_cast<std::size_t>(d)] = {first, count};
  if (d > 0) {
    std::vector<Real>& line = along_yz_[static_cast<std::size_t>(d - 1)];
    line.assign(static_cast<std::size_t>(count), 0.0);
    return line.data();
  }
  along_x_ = static_cast<Index>(weights_.size());
  weights_.resize(weights_.size() + static_cast<std::size_t>(count), 0.0);
  return weights_.data() + along_x_;
}

void ProductSums::add(Index observation, Index component) {
  const auto first_run = static_cast<Index>(runs_.size());
  const int dimensions = domain_.dimensions();
  const Index base = component * domain_.points(), width = domain_.axis(0).points;
  // f(point, weight) for what has weight along axis d; what is not there is one point.
  const auto along = [&](int d, const auto& f) {
    if (d >= dimensions) {
      f(Index{0}, Real{1});
      return;
    }
    const Line line = lines_[static_cast<std::size_t>(d)];
    const std::vector<Real>& weights = along_yz_[static_cast<std::size_t>(d - 1)];
    for (Index i = 0; i < line.count; ++i)
      if (weights[static_cast<std::size_t>(i)] != 0)
        f(wrapped(domain_.axis(d), line.first + i), weights[static_cast<std::size_t>(i)]);
  };
  along(2, [&](Index z, Real weight_z) {
    along(1, [&](Index y, Real weight_y) {
      const Index rows = dimensions > 1 ? domain_.axis(1).points : 1;
      add_row(base + (z * rows + y) * width, weight_y * weight_z);
    });
  });
  sums_.push_back({observation, first_run, static_cast<Index>(runs_.size())});
}

void ProductSums::add_row(Index row_begin, Real factor) {
  const Axis& axis = domain_.axis(0);
  const Line line = lines_[0];
  for (Index i = 0; i < line.count;) {
    const Index point = wrapped(axis, line.first + i);
    if (point >= axis.points) return;
    const Index count = std::min(line.count - i, axis.points - point);
    add_run(row_begin + point, count, along_x_ + i, factor);
    i += count;
  }
}

void ProductSums::add_run(Index begin, Index count, Index weights, Real factor) {
  const Index end = begin + count;
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), begin,
                                [](Index value, const Range& each) { return value < each.end; });
  for (; piece != pieces_.end() && piece->begin < end; ++piece) {
    const Index from = std::max(begin, piece->begin), to = std::min(end, piece->end);
    const Index column = columns_[static_cast<std::size_t>(piece - pieces_.begin())];
    runs_.push_back({column + from - piece->begin, to - from, weights + from - begin, factor});
  }
}

void ProductSums::apply(Rows out, ConstRows members) const {
  const Index size = width_of(out), width = width_of(members);
  for (Index r = 0; r < rows_of(members); ++r) {
    const Real* member = members.data() + r * width;
    Real* y = out.data() + r * size;
    for (const Sum& sum : sums_) {
      Real total = 0;
      for (Index n = sum.first_run; n < sum.end_run; ++n) {
        const Run& run = runs_[static_cast<std::size_t>(n)];
        const Real* u = member + run.column;
        const Real* weight = weights_.data() + run.weights;
        for (Index i = 0; i < run.count; ++i)
          total = multiply_add(run.factor * weight[i], u[i], total);
      }
      y[sum.observation] = total;
    }
  }
}

}  // namespace starling::observations
