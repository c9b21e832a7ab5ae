// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/normal_equations.hpp"

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/products.hpp"

#include <algorithm>

namespace starling::datasets {
namespace {

constexpr Index batch = 512;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

NormalEquations::NormalEquations(Index features, Index targets)
    : features_(features),
      targets_(targets),
      rows_(batch, features),
      sum_(features, features),
      partial_(features, features),
      moments_(at(features * targets), 0) {}

void NormalEquations::add(const Real* features, const Real* targets, Index count) {
  for (Index r = 0; r < count; ++r) {
    const Real* x = features + r * features_;
    std::copy_n(x, features_, rows_.row(held_));
    for (Index t = 0; t < targets_; ++t) {
      const Real y = targets[r * targets_ + t];
      Real* moment = moments_.data() + t * features_;
      for (Index i = 0; i < features_; ++i) moment[i] += y * x[i];
    }
    if (++held_ == batch) add_held();
  }
}

void NormalEquations::add_held() {
  linalg::gram({partial_.row(0), partial_.stride()}, {rows_.row(0), rows_.stride()}, features_,
               held_);
  for (Index i = 0; i < features_; ++i)
    for (Index j = 0; j <= i; ++j) sum_(i, j) += partial_(i, j);
  held_ = 0;
}

void NormalEquations::finish(MPI_Comm comm) {
  add_held();
  for (Index i = 0; i < features_; ++i)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sum_.row(i), static_cast<int>(i + 1), MPI_DOUBLE,
                               MPI_SUM, comm));
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, moments_.data(), static_cast<int>(moments_.size()),
                             MPI_DOUBLE, MPI_SUM, comm));
}

std::vector<Real> NormalEquations::solve(Real lambda) const {
  Real mean = 0;
  for (Index i = 0; i < features_; ++i) mean += sum_(i, i) / static_cast<Real>(features_);
  linalg::Matrix a(features_, features_), x(targets_, features_);
  for (Index i = 0; i < features_; ++i) {
    for (Index j = 0; j <= i; ++j) a(i, j) = a(j, i) = sum_(i, j);
    a(i, i) += lambda * mean;
  }
  for (Index t = 0; t < targets_; ++t)
    std::copy_n(moments_.data() + t * features_, features_, x.row(t));
  linalg::divide_by_positive(x, a);
  std::vector<Real> weights;
  for (Index t = 0; t < targets_; ++t)
    weights.insert(weights.end(), x.row(t), x.row(t) + features_);
  return weights;
}

}  // namespace starling::datasets
