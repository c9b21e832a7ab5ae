// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/box_passes.hpp"

#include <algorithm>
#include <vector>

namespace starling::spectral {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// An odd number of cache lines: columns of a block with this stride fall into different sets.
Index odd_lines(Index count) {
  constexpr Index line = 64 / sizeof(Complex);
  const Index lines = (count + line - 1) / line;
  return (lines + 1 - lines % 2) * line;
}

// Rows that go through the last pass together, at most.
constexpr Index most_pairs = 8;

void prefetch(const Complex* from, Index count) {
  constexpr Index line = 64 / sizeof(Complex);
  for (Index i = 0; i < count; i += line) __builtin_prefetch(from + i);
}

// to[j * to_stride + i] = from[i * from_stride + j], i < rows, j < columns. Four columns at a time:
// whole cache lines are read, and written one after the other.
void transpose(Complex* to, Index to_stride, const Complex* from, Index from_stride, Index rows,
               Index columns) {
  Index j = 0;
  for (; j + 4 <= columns; j += 4) {
    Complex* t = to + j * to_stride;
    const Complex* f = from + j;
    for (Index ahead = 4; ahead < 8; ++ahead) prefetch(t + ahead * to_stride, rows);
    for (Index i = 0; i < rows; ++i, f += from_stride) {
      t[i] = f[0];
      t[i + to_stride] = f[1];
      t[i + 2 * to_stride] = f[2];
      t[i + 3 * to_stride] = f[3];
    }
  }
  for (; j < columns; ++j)
    for (Index i = 0; i < rows; ++i) to[j * to_stride + i] = from[i * from_stride + j];
}

// from[j * from_stride + i] to to[i * to_stride + j].
void transpose_back(Complex* to, Index to_stride, const Complex* from, Index from_stride,
                    Index rows, Index columns) {
  Index j = 0;
  for (; j + 4 <= columns; j += 4) {
    Complex* t = to + j;
    const Complex* f = from + j * from_stride;
    for (Index ahead = 4; ahead < 8; ++ahead) prefetch(f + ahead * from_stride, rows);
    for (Index i = 0; i < rows; ++i, t += to_stride) {
      t[0] = f[i];
      t[1] = f[i + from_stride];
      t[2] = f[i + 2 * from_stride];
      t[3] = f[i + 3 * from_stride];
    }
  }
  for (; j < columns; ++j)
    for (Index i = 0; i < rows; ++i) to[i * to_stride + j] = from[j * from_stride + i];
}

}  // namespace

BoxPasses::BoxPasses(const BoxRanks& ranks, int dimensions, std::array<Index, 3> points,
                     std::array<Index, 3> cuts, Index most_fields, Planning planning,
                     bool share_memory)
    : p1_(ranks.p1()),
      p2_(ranks.p2()),
      parts1_(ranks.parts1()),
      parts2_(ranks.parts2()),
      by_plane_(parts1_ == 1),
      flat_(dimensions == 2),
      points_(points),
      kx_(cuts[0], parts1_),
      ky_(2 * cuts[1] - 1, parts2_),
      y_(points[1], parts1_, 2),
      z_(points[2], parts2_),
      own_kx_(kx_[p1_].size()),
      own_ky_(ky_[p2_].size()),
      modes_z_(flat_ ? 1 : 2 * cuts[2] - 1),
      own_coefficients_(own_kx_ * own_ky_ * modes_z_),
      sheet_stride_(odd_lines(points[2])),
      plane_size_(odd_lines(own_kx_ * odd_lines(points[1]))),
      along_x_(points[0], cuts[0], most_pairs, planning),
      along_y_(points[1], cuts[1], planning) {
  const Index own_z = planes().size();
  for (const Range part : y_.of)
    row_stride_.push_back(part.size() > 0 ? odd_lines(part.size()) : 0);
  if (!flat_) {
    along_z_.emplace(points[2], cuts[2], planning);
    sheet_ = Array<Complex*>("spectral::sheet", at(own_ky_ * sheet_stride_));
    std::vector<Index> front, back;
    for (int q = 0; q < parts2_; ++q) {
      front.push_back(z_[q].size() * own_kx_ * own_ky_);
      back.push_back(own_z * own_kx_ * ky_[q].size());
    }
    over_y_.emplace(ranks.over_y(), front, back, most_fields, share_memory);
  }
  if (by_plane_) {
    planes_ = Array<Complex*>("spectral::planes", at(most_fields * plane_size_));
  } else {
    line_ = Array<Complex*>("spectral::line", at(points[1]));
    std::vector<Index> front, back;
    for (int q = 0; q < parts1_; ++q) {
      front.push_back(own_z * own_kx_ * row_stride(q));
      back.push_back(own_z * kx_[q].size() * row_stride(p1_));
    }
    over_x_.emplace(ranks.over_x(), front, back, most_fields, share_memory);
  }
}

void BoxPasses::inverse_z(const Complex* in, Index fields) const {
  if (flat_) return;
  for (Index f = 0; f < fields; ++f)
    for (Index kx = 0; kx < own_kx_; ++kx) {
      const Complex* lines = in + f * own_coefficients_ + kx * own_ky_ * modes_z_;
      for (Index ky = 0; ky < own_ky_; ++ky) {
        prefetch(lines + (ky + 2) * modes_z_, modes_z_);
        along_z_->load(lines + ky * modes_z_, {0, modes_z_});
        along_z_->inverse(sheet_.data() + ky * sheet_stride_);
      }
      for (int q = 0; q < parts2_; ++q)
        transpose(over_y_->front(q, f) + kx * own_ky_, own_kx_ * own_ky_,
                  sheet_.data() + z_[q].begin, sheet_stride_, own_ky_, z_[q].size());
    }
  over_y_->to_back(fields);
}

void BoxPasses::forward_z(Complex* out, Index fields) const {
  if (flat_) return;
  over_y_->to_front(fields);
  for (Index f = 0; f < fields; ++f)
    for (Index kx = 0; kx < own_kx_; ++kx) {
      for (int q = 0; q < parts2_; ++q)
        transpose_back(sheet_.data() + z_[q].begin, sheet_stride_,
                       over_y_->front(q, f) + kx * own_ky_, own_kx_ * own_ky_, own_ky_,
                       z_[q].size());
      Complex* lines = out + f * own_coefficients_ + kx * own_ky_ * modes_z_;
      for (Index ky = 0; ky < own_ky_; ++ky) {
        along_z_->forward(sheet_.data() + ky * sheet_stride_);
        prefetch(lines + (ky + 2) * modes_z_, modes_z_);
        along_z_->store(lines + ky * modes_z_, {0, modes_z_});
      }
    }
}

// Kept modes of y, from part q, of the line (kx, z): where the exchange, or the caller in two
// dimensions, has them.
Complex* BoxPasses::line_modes(int q, Index field, Index z, Index kx) const {
  return over_y_->back(q, field) + (z * own_kx_ + kx) * ky_[q].size();
}

void BoxPasses::inverse_y(const Complex* in, Index field, Index z) const {
  for (Index kx = 0; kx < own_kx_; ++kx) {
    if (flat_) {
      const Complex* line = in + field * own_coefficients_ + kx * own_ky_;
      prefetch(line + 2 * own_ky_, own_ky_);
      along_y_.load(line, {0, own_ky_});
    } else {
      for (int q = 0; q < parts2_; ++q) {
        prefetch(line_modes(q, field, z, kx + 2), ky_[q].size());
        along_y_.load(line_modes(q, field, z, kx), ky_[q]);
      }
    }
    if (by_plane_) {
      along_y_.inverse(modes_of_rows(0, field, z) + kx * row_stride(0));
      continue;
    }
    along_y_.inverse(line_.data());
    for (int q = 0; q < parts1_; ++q)
      std::copy(line_.data() + y_[q].begin, line_.data() + y_[q].end,
                over_x_->front(q, field) + (z * own_kx_ + kx) * row_stride(q));
  }
}

void BoxPasses::forward_y(Complex* out, Index field, Index z) const {
  for (Index kx = 0; kx < own_kx_; ++kx) {
    if (by_plane_) {
      along_y_.forward(modes_of_rows(0, field, z) + kx * row_stride(0));
    } else {
      for (int q = 0; q < parts1_; ++q)
        std::copy_n(over_x_->front(q, field) + (z * own_kx_ + kx) * row_stride(q), y_[q].size(),
                    line_.data() + y_[q].begin);
      along_y_.forward(line_.data());
    }
    if (flat_) {
      Complex* line = out + field * own_coefficients_ + kx * own_ky_;
      prefetch(line + 2 * own_ky_, own_ky_);
      along_y_.store(line, {0, own_ky_});
    } else {
      for (int q = 0; q < parts2_; ++q) {
        prefetch(line_modes(q, field, z, kx + 2), ky_[q].size());
        along_y_.store(line_modes(q, field, z, kx), ky_[q]);
      }
    }
  }
}

// [kx of part q][my y] of plane z.
Complex* BoxPasses::modes_of_rows(int q, Index field, Index z) const {
  if (by_plane_) return planes_.data() + field * plane_size_;
  return over_x_->back(q, field) + z * kx_[q].size() * row_stride(p1_);
}

void BoxPasses::load_rows(Real* values, Index field, Index z, Index y, Index pairs) const {
  for (int q = 0; q < parts1_; ++q)
    along_x_.load(modes_of_rows(q, field, z) + y, kx_[q], row_stride(p1_), pairs);
  along_x_.inverse(values, pairs);
}

void BoxPasses::store_rows(const Real* values, Index field, Index z, Index y, Index pairs) const {
  const Real all = static_cast<Real>(points_[0] * points_[1] * points_[2]);
  along_x_.forward(values, pairs);
  for (int q = 0; q < parts1_; ++q)
    along_x_.store(modes_of_rows(q, field, z) + y, kx_[q], row_stride(p1_), pairs, 1 / all);
}

}  // namespace starling::spectral
