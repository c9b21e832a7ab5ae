// SPDX-License-Identifier: BSD-3-Clause
#include "observations/spectral_points.hpp"

#include "core/error.hpp"
#include "linalg/products.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::observations {
namespace {

constexpr Index strip = 16;  // members of one product

}  // namespace

SpectralPoints::SpectralPoints(const Domain& domain)
    : domain_(domain),
      sines_(static_cast<std::size_t>(domain.axis().points)),
      cosines_(static_cast<std::size_t>(domain.axis().points)),
      weights_(0, 0),
      values_(0, 0) {
  const Real angle = std::numbers::pi / static_cast<Real>(domain.axis().points);
  for (std::size_t i = 0; i < sines_.size(); ++i) {
    sines_[i] = std::sin(angle * static_cast<Real>(i));
    cosines_[i] = std::cos(angle * static_cast<Real>(i));
  }
}

void SpectralPoints::clear() {
  observations_.clear();
  places_.clear();
}

void SpectralPoints::add(const Batch& batch, Index j, const std::string& source) {
  require(domain_.axis().periodic,
          "{}: observation {} at time {}: spectral interpolation needs a periodic domain; allowed: "
          "other kinds",
          source, batch.first + j, batch.time);
  observations_.push_back(j);
  places_.push_back(batch.location[static_cast<std::size_t>(j)]);
}

void SpectralPoints::prepare() {
  if (places_ == weighed_) return;
  const auto places = static_cast<Index>(places_.size());
  if (places > weights_.columns()) {
    weights_ = linalg::Matrix(domain_.axis().points, places);
    values_ = linalg::Matrix(strip, places);
  }
  for (Index k = 0; k < places; ++k) weigh(k, places_[static_cast<std::size_t>(k)]);
  weighed_ = places_;
}

// From the nearest grid point i0 at a distance of `part` spacings, |part| <= 1/2, point i0 + m is
// at t = pi (part - m) / n: sin(n t) = (-1)^m sin(pi part), and nothing cancels in sin(t) for m !=
// 0.
void SpectralPoints::weigh(Index column, Real x) {
  const Index n = domain_.axis().points;
  const Real s = (x - domain_.axis().origin) / domain_.axis().spacing;
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
    const Real below = sine * cosines_[at] - cosine * sines_[at];
    const Real above = even ? cosine * cosines_[at] + sine * sines_[at] : 1;
    const Real weight = (m % 2 == 0 ? numerator : -numerator) * above / below;
    weights_(centre + m < n ? centre + m : centre + m - n, column) = weight;
  }
  if (part == 0) weights_(centre, column) = 1;
}

void SpectralPoints::apply(Rows out, ConstRows members) const {
  if (empty()) return;
  const Index n = domain_.axis().points, size = width_of(out), width = width_of(members);
  const auto places = static_cast<Index>(places_.size());
  for (Index first = 0; first < rows_of(members); first += strip) {
    const Index here = std::min(strip, rows_of(members) - first);
    linalg::multiply({values_.row(0), values_.stride()}, {members.data() + first * width, width, 1},
                     {weights_.row(0), weights_.stride()}, here, places, n);
    for (Index r = 0; r < here; ++r)
      for (Index k = 0; k < places; ++k)
        out.data()[(first + r) * size + observations_[static_cast<std::size_t>(k)]] = values_(r, k);
  }
}

}  // namespace starling::observations
