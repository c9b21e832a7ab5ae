// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/products.hpp"

#include "core/error.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace starling::linalg {
namespace {

// A tile of the product stays in registers: its accumulators, one row of b and one element of a
// fit.
constexpr int tile_rows = vector_registers == 32 ? 8 : 6;
constexpr int tile_vectors = vector_registers == 32 ? 3 : 2;

template <bool keep, int rows, int vectors>
void tile(Product out, Left a, Right b, Index terms) {
  Vector sums[rows][vectors];
  for (int i = 0; i < rows; ++i)
    for (int v = 0; v < vectors; ++v)
      sums[i][v] = keep ? load(out.data + i * out.stride + v * vector_width) : Vector{};
  for (Index k = 0; k < terms; ++k) {
    Vector right[vectors];
    for (int v = 0; v < vectors; ++v) right[v] = load(b.data + k * b.stride + v * vector_width);
    for (int i = 0; i < rows; ++i) {
      const Real left = a.data[i * a.row_stride + k * a.term_stride];
      for (int v = 0; v < vectors; ++v) sums[i][v] = multiply_add(left, right[v], sums[i][v]);
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int v = 0; v < vectors; ++v)
      store(out.data + i * out.stride + v * vector_width, sums[i][v]);
}

using Tile = void (*)(Product, Left, Right, Index);

// tiles[i][v] has i + 1 rows and v + 1 vectors.
template <bool keep>
constexpr auto tiles = []<int... i>(std::integer_sequence<int, i...>) {
  return std::array{
      []<int r, int... v>(std::integral_constant<int, r>, std::integer_sequence<int, v...>){
          return std::array<Tile, sizeof...(v)>{tile<keep, r + 1, v + 1>...};
}
(std::integral_constant<int, i>{}, std::make_integer_sequence<int, tile_vectors>{})...
};  // namespace
}  // namespace starling::linalg
(std::make_integer_sequence<int, tile_rows>{});

// `high` rows, high <= tile_rows.
template <bool keep>
void band(Product out, Left a, Right b, Index high, Index columns, Index terms) {
  const Index vectors = round_up(columns) / vector_width;
  for (Index v = 0; v < vectors; v += tile_vectors) {
    const Index wide = std::min<Index>(tile_vectors, vectors - v), j = v * vector_width;
    tiles<keep>[static_cast<std::size_t>(high - 1)][static_cast<std::size_t>(wide - 1)](
        {out.data + j, out.stride}, a, {b.data + j, b.stride}, terms);
  }
}

template <bool keep>
void product(Product out, Left a, Right b, Index rows, Index columns, Index terms) {
  for (Index i = 0; i < rows; i += tile_rows)
    band<keep>({out.data + i * out.stride, out.stride},
               {a.data + i * a.row_stride, a.row_stride, a.term_stride}, b,
               std::min<Index>(tile_rows, rows - i), columns, terms);
}

// Reals of a chunk of columns: a part of the first cache.
constexpr Index chunk_reals = 2048;

}  // namespace

void multiply(Product out, Left a, Right b, Index rows, Index columns, Index terms) {
  product<false>(out, a, b, rows, columns, terms);
}

void add_product(Product out, Left a, Right b, Index rows, Index columns, Index terms) {
  product<true>(out, a, b, rows, columns, terms);
}

void gram(Product out, Right b, Index rows, Index terms) {
  for (Index i = 0; i < rows; i += tile_rows) {
    const Index high = std::min<Index>(tile_rows, rows - i);
    band<false>({out.data + i * out.stride, out.stride}, {b.data + i, 1, b.stride}, b, high,
                i + high, terms);
  }
}

RowCombination::RowCombination(Index rows)
    : rows_(rows),
      chunk_(std::max<Index>(1, chunk_reals / rows / (tile_vectors * vector_width)) * tile_vectors *
             vector_width),
      old_(static_cast<std::size_t>(rows * chunk_)),
      tail_(static_cast<std::size_t>(rows * vector_width)) {}

template <bool keep>
void RowCombination::combine(Rows out, const Matrix& w, ConstRows in) {
  const Index width = width_of(in), results = rows_of(out);
  STARLING_ASSERT(rows_of(in) == rows_ && width_of(out) == width);
  STARLING_ASSERT(w.columns() == rows_ && w.rows() == results && results <= rows_);
  const Left left{w.row(0), w.stride(), 1};
  for (Index first = 0; first < width; first += chunk_) {
    const Index columns = std::min(chunk_, width - first);
    const Index whole = columns / vector_width * vector_width, rest = columns - whole;
    for (Index k = 0; k < rows_; ++k) {
      Real* copy = old_.data() + k * chunk_;
      std::copy_n(in.data() + k * width + first, columns, copy);
      std::fill(copy + columns, copy + round_up(columns), 0.0);
      if (keep && rest > 0) std::copy_n(copy + whole, vector_width, &tail_[k * vector_width]);
    }
    Real* to = out.data() + first;
    product<keep>({to, width}, left, {old_.data(), chunk_}, results, whole, rows_);
    if (rest == 0) continue;
    product<keep>({tail_.data(), vector_width}, left, {old_.data() + whole, chunk_}, results,
                  vector_width, rows_);
    for (Index i = 0; i < results; ++i)
      std::copy_n(&tail_[i * vector_width], rest, to + i * width + whole);
  }
}

void RowCombination::assign(Rows out, const Matrix& w, ConstRows in) { combine<false>(out, w, in); }
void RowCombination::add(Rows block, const Matrix& w) { combine<true>(block, w, block); }

}  // namespace starling::linalg
