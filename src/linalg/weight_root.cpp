// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/weight_root.hpp"

#include "linalg/products.hpp"

#include <cmath>
#include <numbers>

namespace starling::linalg {
namespace {

// What lies beyond is below e^first and e^-last, the step's error exp(-pi^2 / step).
constexpr Real step = 0.25, first = -39, last = 37;
constexpr Index nodes = static_cast<Index>((last - first) / step) + 1;

}  // namespace

WeightRoot::WeightRoot(Index size) : size_(size), terms_(nodes, size) {
  for (Index k = 0; k < nodes; ++k) node_.push_back(std::exp(first + step * static_cast<Real>(k)));
}

void WeightRoot::compute(Matrix& out, const Real* v) {
  for (Index k = 0; k < nodes; ++k) {
    const Real s = node_[static_cast<std::size_t>(k)], square = s * s;
    Real* g = terms_.row(k);
    Real sum = 0;
    for (Index i = 0; i < size_; ++i) sum += g[i] = v[i] / (v[i] + square);
    const Real factor = std::sqrt(2 * step / std::numbers::pi * s / sum);
    for (Index i = 0; i < size_; ++i) g[i] *= factor;
  }
  gram({out.row(0), out.stride()}, {terms_.row(0), terms_.stride()}, size_, nodes);
  for (Index i = 0; i < size_; ++i) {
    for (Index j = 0; j < i; ++j) out(j, i) = out(i, j) = -out(i, j);
    out(i, i) = 0;
  }
  for (Index i = 0; i < size_; ++i) {
    Real others = 0;
    for (Index j = 0; j < size_; ++j) others += out(i, j);
    out(i, i) = -others;
  }
}

}  // namespace starling::linalg
