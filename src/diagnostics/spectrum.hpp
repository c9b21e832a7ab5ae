// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <memory>
#include <span>
#include <vector>

namespace starling::diagnostics {

/// Energy spectrum of real fields on a periodic 1-D domain, averaged over what was added:
///     E(k) = w_k |u^_k|^2 / 2,   u^_k = (1/n) sum_j u_j exp(-2 pi i j k / n),   k = 0..n/2,
/// with w_k = 2 for the modes that stand for k and -k, and 1 for k = 0 and, with even n, the
/// Nyquist mode. So sum_k E(k) = <u^2> / 2. The physical wavenumber is 2 pi k / L. Local.
class Spectrum {
 public:
  /// Makes the transform (an estimated plan: the same bits in every run).
  explicit Spectrum(Index points);
  ~Spectrum();
  Spectrum(Spectrum&&) noexcept;
  Spectrum& operator=(Spectrum&&) noexcept;

  Index points() const { return points_; }
  Index modes() const { return points_ / 2 + 1; }

  /// out[k] = E(k) of one field of points() values, modes() long. Allocates nothing.
  void evaluate(Real* out, const Real* field);

  /// Adds E(k) of a field, or of the difference of two, to the average. Allocates nothing.
  void add(const Real* field);
  void add_difference(const Real* field, const Real* other);

  /// Fields added so far.
  Index count() const { return count_; }
  /// E(k) averaged over the fields added; zeros before the first.
  std::vector<Real> mean() const;

  /// What a checkpoint keeps, and going on from it.
  std::span<const Real> sums() const { return sums_; }
  void restore(std::span<const Real> sums, Index count);

 private:
  struct Plan;
  void transform(Real* out);

  Index points_, count_ = 0;
  std::unique_ptr<Plan> plan_;
  std::vector<Real> sums_, energy_;
};

}  // namespace starling::diagnostics
