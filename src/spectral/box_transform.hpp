// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/box.hpp"
#include "spectral/plan.hpp"
#include "spectral/transform.hpp"

#include <mpi.h>

#include <array>
#include <memory>
#include <type_traits>
#include <vector>

namespace starling::spectral {

/// Coefficients <=> values of real fields on a periodic box, on one rank or spread over the ranks
/// of a communicator.
///
///     u^_k = 1/N sum_j u_j exp(-i k.x_j),   N all grid points.
///
/// Only coefficients that the discretisation keeps are stored, |mode| < cut(axis) in each direction
/// (Nyquist modes never), as [kx][ky][kz], kz contiguous (in two dimensions [kx][ky]): modes
/// 0, 1, ..., cut - 1 of x, for the others stand by u^_-k = conj(u^_k), and 0, 1, ..., cut - 1,
/// -(cut - 1), ..., -1 of y and z. Grid-point values are [z][y][x], x contiguous.
///
/// Products are taken on a grid that keeps the coefficients of products of `degree` fields free of
/// aliases (spectral/transform.hpp); the padded part and what truncation drops is never transformed
/// further nor sent.
///
/// Coefficients of a state are those of real fields: with kx = 0, that of (-ky, -kz) must be the
/// conjugate of that of (ky, kz). Their transform along y and z is taken as real; what comes back
/// has the symmetry up to rounding.
///
/// Over P1 x P2 ranks coefficients are dealt by kx to P1 and by ky to P2, points by pairs of y to
/// P1 and by z to P2; in two dimensions P2 = 1. Any sizes and numbers of ranks: a rank may have
/// nothing. With estimated plans all numbers of ranks give the same bits. Every member function
/// that moves data is collective on the communicator and allocates nothing. A transform has one
/// workspace: one call at a time.
class BoxTransform {
 public:
  struct Settings {
    Dealiasing dealiasing = Dealiasing::truncation;
    int degree = 2;
    Planning planning = Planning::estimate;
    MPI_Comm space = MPI_COMM_SELF;     ///< not owned; must outlive this
    std::array<int, 2> ranks = {0, 0};  ///< P1 and P2; 0, 0: as src/spectral/box_layout.hpp says
    Index most_fields = 6;              ///< that one call has as input or output
    bool share_memory = true;           ///< between ranks of a node, instead of messages
  };
  /// Throws InputError for numbers of ranks that do not fit `space`, and where a rank would have
  /// more than MPI can count. Collective on `space`, as is the destructor.
  BoxTransform(const Box& box, const Settings& settings);
  ~BoxTransform();
  BoxTransform(BoxTransform&&) noexcept;

  const Box& box() const;
  /// Points of an axis of the grid on which products are evaluated.
  Index product_points(int axis) const;
  /// Modes |mode| < cut(axis) are kept.
  Index cut(int axis) const;
  /// Whether the mode with these signed numbers is.
  bool keeps(const std::array<Index, 3>& mode) const;

  /// Coefficients of a field, on this rank and on all.
  Index coefficients() const;
  Index all_coefficients() const;
  /// Where this rank's coefficients are among all of a field, in their order.
  const std::vector<Range>& coefficient_pieces() const;
  /// Signed mode numbers of my coefficient i, and its wavenumbers [radians per unit length].
  std::array<Index, 3> mode(Index i) const;
  std::array<Real, 3> wavenumber(Index i) const;
  /// How many coefficients of the full set coefficient i stands for: 1 if kx = 0, else 2.
  Real weight(Index i) const;

  /// Grid-point values of a field, on this rank and on all, and where this rank's are.
  Index points() const;
  Index all_points() const;
  const std::vector<Range>& point_pieces() const;

  /// `fields` fields one after the other: points() values each of coefficients() coefficients each,
  /// and back (normalised, truncated).
  void to_points(Real* values, const Complex* coefficients, Index fields) const;
  void to_coefficients(Complex* coefficients, const Real* values, Index fields) const;

  /// Makes coefficients with kx = 0 those of real fields: means of each and of the conjugate of its
  /// partner. Transforms do not see the other part, so that it stays at rounding, unless something
  /// in wavenumbers makes it grow.
  void make_hermitian(Complex* coefficients, Index fields) const;

  /// The coefficients of `outs` fields that are pointwise functions of `ins` fields. For each batch
  /// of grid points f(out, in, count) computes out[o][j], j < count, from all in[i][j]; points come
  /// in an order of the transform's own, so f must not depend on where it is. f may overwrite
  /// `in`. out (outs fields one after the other) may be the same memory as in (ins fields). A batch
  /// is small enough to stay in the first cache; values are never in memory all at once.
  template <class F>
  void product(Complex* out, Index outs, const Complex* in, Index ins, const F& f) const {
    const auto call = [](const void* context, Real* const* o, Real* const* i, Index count) {
      (*static_cast<const F*>(context))(o, i, count);
    };
    product(out, outs, in, ins, Pointwise{&f, call});
  }

 private:
  struct Pointwise {
    const void* context;
    void (*call)(const void* context, Real* const* out, Real* const* in, Index count);
  };
  void product(Complex* out, Index outs, const Complex* in, Index ins, const Pointwise& f) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::spectral
