// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <memory>
#include <span>
#include <vector>

namespace starling::diagnostics {

/// Energy spectrum of real fields on a periodic domain, averaged over what was added. In one
/// dimension
///     E(k) = w_k |u^_k|^2 / 2,   u^_k = (1/n) sum_j u_j exp(-2 pi i j k / n),   k = 0..n/2,
/// with w_k = 2 for the modes that stand for k and -k, and 1 for k = 0 and, with even n, the
/// Nyquist mode. In more it is the isotropic spectrum: bin b adds up all modes whose wavenumber |k|
/// is nearest to b times the smallest one, of all components. So sum_b E(b) = <|u|^2> / 2. Local.
class Spectrum {
 public:
  /// Makes the transform (an estimated plan: the same bits in every run).
  explicit Spectrum(const Domain& domain);
  /// One field of so many points; wavenumbers are mode numbers.
  explicit Spectrum(Index points);
  ~Spectrum();
  Spectrum(Spectrum&&) noexcept;
  Spectrum& operator=(Spectrum&&) noexcept;

  /// Values of all components.
  Index values() const { return values_; }
  Index modes() const { return static_cast<Index>(sums_.size()); }
  /// Of each bin [radians per unit length].
  std::vector<Real> wavenumbers() const;

  /// out[b] = E(b) of values() values, modes() long. Allocates nothing.
  void evaluate(Real* out, const Real* field);

  /// Adds E of a field, or of the difference of two, to the average. Allocates nothing.
  void add(const Real* field);
  void add_difference(const Real* field, const Real* other);

  /// Fields added so far.
  Index count() const { return count_; }
  /// E averaged over the fields added; zeros before the first.
  std::vector<Real> mean() const;

  /// What a checkpoint keeps, and going on from it.
  std::span<const Real> sums() const { return sums_; }
  void restore(std::span<const Real> sums, Index count);

 private:
  struct Plan;
  void add_component(Real* out);

  Index values_, points_, count_ = 0;
  Real smallest_;  // wavenumber
  std::unique_ptr<Plan> plan_;
  std::vector<Index> bin_;    // of each mode of the transform
  std::vector<Real> weight_;  // of it, with the factor 1/2
  std::vector<Real> sums_, energy_;
};

}  // namespace starling::diagnostics
