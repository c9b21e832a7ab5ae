// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/box_layout.hpp"
#include "spectral/exchange.hpp"
#include "spectral/line_transform.hpp"
#include "spectral/plan.hpp"
#include "spectral/row_transform.hpp"

#include <array>
#include <optional>
#include <vector>

namespace starling::spectral {

/// The way from kept coefficients [kx][ky][kz] of a BoxTransform to rows of values on one grid, and
/// back, in three passes:
///
///     z: lines along z of my (kx, ky), written as planes [z][kx][ky]    exchange over y-parts
///     y: lines along y of my (kx, z), written as [z][kx][y]             exchange over x-parts
///     x: pairs of rows of my (y, z)
///
/// where rows are not dealt (P1 = 1) the last two are done plane by plane, in cache. Only kept
/// modes are transformed, stored and sent. In two dimensions there is no first pass.
class BoxPasses {
 public:
  BoxPasses(const BoxRanks& ranks, int dimensions, std::array<Index, 3> points,
            std::array<Index, 3> cuts, Index most_fields, Planning planning, bool share_memory);

  const std::array<Index, 3>& points() const { return points_; }
  /// My rows of a plane, and my planes.
  Range rows() const { return y_[p1_]; }
  Range planes() const { return z_[p2_]; }
  const RowTransform& along_x() const { return along_x_; }

  /// Takes `ins` fields to rows, calls work(z) for each of my planes z = 0, 1, ..., and takes
  /// `outs` fields back, normalised and truncated. `out` may be `in`. Collective on the ranks.
  template <class Work>
  void run(Complex* out, Index outs, const Complex* in, Index ins, const Work& work) const {
    inverse_z(in, ins);
    if (by_plane_) {
      for (Index z = 0; z < planes().size(); ++z) {
        for (Index f = 0; f < ins; ++f) inverse_y(in, f, z);
        work(z);
        for (Index f = 0; f < outs; ++f) forward_y(out, f, z);
      }
    } else {
      for (Index f = 0; f < ins; ++f)
        for (Index z = 0; z < planes().size(); ++z) inverse_y(in, f, z);
      over_x_->to_back(ins);
      for (Index z = 0; z < planes().size(); ++z) work(z);
      over_x_->to_front(outs);
      for (Index f = 0; f < outs; ++f)
        for (Index z = 0; z < planes().size(); ++z) forward_y(out, f, z);
    }
    forward_z(out, outs);
  }

  /// Within work(z): values of rows y, y + 1, ..., y + 2 pairs - 1 of mine of a field that went in,
  /// as RowTransform has them; and the coefficients of rows of a field that comes out.
  void load_rows(Real* values, Index field, Index z, Index y, Index pairs) const;
  void store_rows(const Real* values, Index field, Index z, Index y, Index pairs) const;

 private:
  void inverse_z(const Complex* in, Index fields) const;
  void forward_z(Complex* out, Index fields) const;
  void inverse_y(const Complex* in, Index field, Index z) const;
  void forward_y(Complex* out, Index field, Index z) const;
  Index row_stride(int q) const { return row_stride_[static_cast<std::size_t>(q)]; }
  Complex* modes_of_rows(int q, Index field, Index z) const;
  Complex* line_modes(int q, Index field, Index z, Index kx) const;

  int p1_, p2_, parts1_, parts2_;
  bool by_plane_, flat_;
  std::array<Index, 3> points_;
  Parts kx_, ky_, y_, z_;
  Index own_kx_, own_ky_, modes_z_, own_coefficients_, sheet_stride_, plane_size_;
  std::vector<Index> row_stride_;  // of one kx to the next in [kx][y of part q]
  RowTransform along_x_;
  LineTransform along_y_;
  std::optional<LineTransform> along_z_;
  std::optional<Exchange> over_y_, over_x_;
  Array<Complex*> sheet_;   // lines along z of one kx
  Array<Complex*> planes_;  // [kx][y] of all fields of one z, where rows are not dealt
  Array<Complex*> line_;
};

}  // namespace starling::spectral
