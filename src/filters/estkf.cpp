// SPDX-License-Identifier: BSD-3-Clause
#include "filters/estkf.hpp"

#include "core/error.hpp"
#include "filters/etkf.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

// The space has checked that there are two members; before that, sizes must not be negative.
Index subspace(const FilterContext& context) { return std::max<Index>(context.members - 1, 1); }

}  // namespace

Estkf::Estkf(const FilterContext& context, const Options& options)
    : GlobalFilter(context, options.inflation, options.rotation),
      eigen_(subspace(context)),
      subspace_(subspace(context), subspace(context)),
      root_(subspace(context), subspace(context)),
      axis_(static_cast<std::size_t>(context.members), 1 / std::sqrt(static_cast<Real>(members()))),
      product_(axis_.size()),
      shrinkage_(axis_.size()) {
  axis_[0] += 1;
}

// H = I - 2 v v^T / (v^T v), and v^T v / 2 is v_0.
void Estkf::reflect(Real* x) const {
  Real along = 0;
  for (Index m = 0; m < members(); ++m) along += axis_[m] * x[m];
  along /= axis_[0];
  for (Index m = 0; m < members(); ++m) x[m] -= along * axis_[m];
}

// H a H.
void Estkf::reflect(linalg::Matrix& a) {
  for (Index m = 0; m < members(); ++m) reflect(a.row(m));
  std::fill(product_.begin(), product_.end(), 0.0);
  for (Index m = 0; m < members(); ++m)
    for (Index k = 0; k < members(); ++k) product_[k] += axis_[m] * a(m, k);
  for (Index m = 0; m < members(); ++m)
    for (Index k = 0; k < members(); ++k) a(m, k) -= axis_[m] * product_[k] / axis_[0];
}

void Estkf::transform(Index, Report&) {
  const Index size = members() - 1;
  const auto degrees = static_cast<Real>(size);
  linalg::Matrix& gram = space().gram();
  std::vector<Real>& shift = update().shift();
  reflect(gram);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j < size; ++j) subspace_(i, j) = gram(i + 1, j + 1);
  eigen_.solve(subspace_);

  std::copy_n(space().innovation(), members(), product_.begin());
  reflect(product_.data());
  for (Index k = 0; k < size; ++k) {
    const Real l = std::max(eigen_.values()[k], 0.0), root = std::sqrt(1 + l / degrees);
    shrinkage_[k] = -l / degrees / (root * (1 + root));
    const Real* v = eigen_.vectors().row(k);
    Real along = 0;
    for (Index i = 0; i < size; ++i) along += v[i] * product_[i + 1];
    along /= degrees + l;
    for (Index i = 0; i < size; ++i) shift[i + 1] += along * v[i];
  }
  reflect(shift.data());

  linalg::Matrix& deviation = update().deviation();
  eigen_.function(root_, shrinkage_.data());
  std::fill_n(deviation.row(0), members(), 0.0);
  for (Index i = 0; i < size; ++i) {
    deviation(i + 1, 0) = 0;
    std::copy_n(root_.row(i), size, deviation.row(i + 1) + 1);
  }
  reflect(deviation);
}

FilterEntry Estkf::entry() {
  return {"estkf", "error-subspace transform Kalman filter, global", "nerger2012",
          InflationSettings::schema() + Schema{rotation_key()},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<Estkf>(
                context, Options{InflationSettings::from(section), section.boolean("rotation")});
          }};
}

}  // namespace starling::filters
