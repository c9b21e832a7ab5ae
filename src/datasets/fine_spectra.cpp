// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/fine_spectra.hpp"

#include "datasets/coarsening.hpp"

#include <algorithm>

namespace starling::datasets {

FineSpectra::FineSpectra(Snapshot& snapshot)
    : snapshot_(&snapshot),
      walls_(!snapshot.grid().periodic()),
      transform_(odd_extension(snapshot.grid())),
      product_(static_cast<std::size_t>(snapshot.grid().points())),
      extended_(static_cast<std::size_t>(walls_ ? transform_.points() : 0)) {}

bool FineSpectra::is_known(Key key) { return entries_[key].version == snapshot_->version(); }

const Complex* FineSpectra::transform(Key key, const Real* values) {
  Entry& entry = entries_[key];
  entry.coefficients.resize(static_cast<std::size_t>(transform_.coefficients()));
  if (walls_) {
    extend_oddly(extended_.data(), values, snapshot_->grid());
    values = extended_.data();
  }
  transform_.to_coefficients(entry.coefficients.data(), values);
  entry.version = snapshot_->version();
  return entry.coefficients.data();
}

const Complex* FineSpectra::array(std::size_t a) {
  const Key key = {Kind::array, a, 0};
  return is_known(key) ? entries_[key].coefficients.data() : transform(key, (*snapshot_)[a]);
}

const Complex* FineSpectra::product(std::size_t a, std::size_t b) {
  const Key key = {Kind::product, std::min(a, b), std::max(a, b)};
  if (is_known(key)) return entries_[key].coefficients.data();
  const Real *first = (*snapshot_)[a], *second = (*snapshot_)[b];
  for (std::size_t i = 0; i < product_.size(); ++i) product_[i] = first[i] * second[i];
  return transform(key, product_.data());
}

const Complex* FineSpectra::divergence(const std::vector<std::size_t>& velocity, std::size_t a) {
  const Key key = {Kind::divergence, velocity.front(), a};
  Entry& entry = entries_[key];
  if (entry.version == snapshot_->version()) return entry.coefficients.data();
  entry.coefficients.assign(static_cast<std::size_t>(transform_.coefficients()), Complex(0, 0));
  for (std::size_t d = 0; d < velocity.size(); ++d)
    transform_.add_derivative(entry.coefficients.data(), product(velocity[d], a),
                              static_cast<int>(d));
  entry.version = snapshot_->version();
  return entry.coefficients.data();
}

const Complex* FineSpectra::tendency(std::size_t c, Real t) {
  const Key key = {Kind::tendency, c, 0};
  if (is_known(key)) return entries_[key].coefficients.data();
  if (tendency_version_ != snapshot_->version()) {
    tendency_ = snapshot_->tendency(t);
    tendency_version_ = snapshot_->version();
  }
  return transform(key, tendency_ + static_cast<Index>(c) * snapshot_->grid().points());
}

}  // namespace starling::datasets
