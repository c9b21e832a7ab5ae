// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/box_transform.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "spectral/box_layout.hpp"
#include "spectral/box_passes.hpp"

#include <algorithm>
#include <optional>

namespace starling::spectral {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// Values of a batch of rows that stay in the first cache, and what pairs of rows that makes.
constexpr Index batch_bytes = 48 * 1024;

Index pairs_of(Index fields, Index points, Index most) {
  return std::clamp<Index>(batch_bytes / (fields * points * Index{sizeof(Complex)}) / 2 * 2, 2,
                           most);
}

}  // namespace

struct BoxTransform::Impl {
  Impl(const Box& of, const Settings& s);

  std::array<Index, 3> mode(Index i) const {
    const Index z = i % modes[2], line = i / modes[2];
    const Index y = line % own_ky.size(), x = line / own_ky.size();
    return {own_kx.begin + x, signed_mode(own_ky.begin + y, cuts[1]),
            box.dimensions == 2 ? 0 : signed_mode(z, cuts[2])};
  }
  Real* in_values(Index field) const { return values.data() + field * value_stride; }
  Real* out_values(Index field) const { return in_values(most_fields + field); }

  Box box;
  Index most_fields;
  std::array<Index, 3> product_points{1, 1, 1}, cuts{1, 1, 1}, modes{1, 1, 1};
  std::optional<BoxRanks> ranks;
  Range own_kx, own_ky;
  std::optional<BoxPasses> product, members;  // `members` where its grid is another
  std::vector<Range> coefficient_pieces, point_pieces;
  Index value_stride = 0;
  Array<Real*> values;  // of a batch of rows of every field
  std::vector<Real*> ins, outs;
  // Coefficients with kx = 0, [ky][kz], where this rank has some of them, and who has which.
  Array<Complex*> zero_plane;
  std::vector<int> zero_counts, zero_begins;

  const BoxPasses& on_members() const { return members ? *members : *product; }
  // Fields that it takes at a time.
  Index at_once() const { return members ? 1 : most_fields; }
};

BoxTransform::Impl::Impl(const Box& of, const Settings& s) : box(of), most_fields(s.most_fields) {
  require(s.most_fields > 0, "a transform of {} fields; allowed: > 0", s.most_fields);
  for (int axis = 0; axis < box.dimensions; ++axis) {
    const Index n = box.points[at(axis)];
    product_points[at(axis)] = product_size(n, s.dealiasing, s.degree);
    cuts[at(axis)] = cut_mode(n, s.dealiasing, s.degree);
    modes[at(axis)] = axis == 0 ? cuts[0] : 2 * cuts[at(axis)] - 1;
  }
  ranks.emplace(s.space, s.ranks, box.dimensions, modes, box.points[2]);
  own_kx = Parts(modes[0], ranks->parts1())[ranks->p1()];
  own_ky = Parts(modes[1], ranks->parts2())[ranks->p2()];
  product.emplace(*ranks, box.dimensions, product_points, cuts, most_fields, s.planning,
                  s.share_memory);
  if (product_points != box.points)
    members.emplace(*ranks, box.dimensions, box.points, cuts, 1, s.planning, s.share_memory);
  coefficient_pieces = pieces(own_kx, own_ky, modes[1], modes[2]);
  point_pieces = pieces(on_members().planes(), on_members().rows(), box.points[1], box.points[0]);

  // Batches a cache line further apart than a power of two.
  value_stride = product->along_x().most_pairs() * 2 * product_points[0] + 8;
  values = Array<Real*>("spectral::values", at(2 * most_fields * value_stride));
  ins.resize(at(most_fields));
  outs.resize(at(most_fields));
  for (Index f = 0; f < most_fields; ++f) {
    ins[at(f)] = in_values(f);
    outs[at(f)] = out_values(f);
  }

  if (!own_kx.contains(0)) return;
  zero_plane = Array<Complex*>("spectral::zero_plane", at(modes[1] * modes[2]));
  for (const Range& part : Parts(modes[1], ranks->parts2()).of) {
    zero_counts.push_back(static_cast<int>(part.size() * modes[2]));
    zero_begins.push_back(static_cast<int>(part.begin * modes[2]));
  }
}

BoxTransform::BoxTransform(const Box& box, const Settings& settings)
    : impl_(std::make_unique<Impl>(box, settings)) {}
BoxTransform::~BoxTransform() = default;
BoxTransform::BoxTransform(BoxTransform&&) noexcept = default;

const Box& BoxTransform::box() const { return impl_->box; }
Index BoxTransform::product_points(int axis) const { return impl_->product_points[at(axis)]; }
Index BoxTransform::cut(int axis) const { return impl_->cuts[at(axis)]; }

bool BoxTransform::keeps(const std::array<Index, 3>& mode) const {
  for (int axis = 0; axis < box().dimensions; ++axis)
    if (std::abs(mode[at(axis)]) >= cut(axis)) return false;
  return true;
}

Index BoxTransform::coefficients() const {
  return impl_->own_kx.size() * impl_->own_ky.size() * impl_->modes[2];
}
Index BoxTransform::all_coefficients() const {
  return impl_->modes[0] * impl_->modes[1] * impl_->modes[2];
}
const std::vector<Range>& BoxTransform::coefficient_pieces() const {
  return impl_->coefficient_pieces;
}

std::array<Index, 3> BoxTransform::mode(Index i) const { return impl_->mode(i); }

std::array<Real, 3> BoxTransform::wavenumber(Index i) const {
  const std::array<Index, 3> m = mode(i);
  const Box& b = impl_->box;
  return {b.unit(0) * static_cast<Real>(m[0]), b.unit(1) * static_cast<Real>(m[1]),
          b.unit(2) * static_cast<Real>(m[2])};
}

Real BoxTransform::weight(Index i) const { return mode(i)[0] == 0 ? 1 : 2; }

Index BoxTransform::points() const {
  const BoxPasses& passes = impl_->on_members();
  return passes.planes().size() * passes.rows().size() * impl_->box.points[0];
}
Index BoxTransform::all_points() const { return impl_->box.all_points(); }
const std::vector<Range>& BoxTransform::point_pieces() const { return impl_->point_pieces; }

void BoxTransform::to_points(Real* values, const Complex* coefficients, Index fields) const {
  const BoxPasses& passes = impl_->on_members();
  const Index nx = impl_->box.points[0], rows = passes.rows().size(), all = points();
  const Index most = passes.along_x().most_pairs(), at_once = impl_->at_once();
  Real* packed = impl_->in_values(0);
  for (Index first = 0; first < fields; first += at_once) {
    const Index now = std::min(at_once, fields - first);
    passes.run(nullptr, 0, coefficients + first * this->coefficients(), now, [&](Index z) {
      for (Index f = 0; f < now; ++f)
        for (Index y = 0; y < rows; y += 2 * most) {
          const Index pairs = std::min(most, (rows - y) / 2);
          passes.load_rows(packed, f, z, y, pairs);
          for (Index b = 0; b < pairs; ++b) {
            const Real* from = packed + 2 * b * nx;
            Real* to = values + (first + f) * all + (z * rows + y + 2 * b) * nx;
            for_each("spectral::unpack", nx, [=](Index x) {
              to[x] = from[2 * x];
              to[nx + x] = from[2 * x + 1];
            });
          }
        }
    });
  }
}

void BoxTransform::to_coefficients(Complex* coefficients, const Real* values, Index fields) const {
  const BoxPasses& passes = impl_->on_members();
  const Index nx = impl_->box.points[0], rows = passes.rows().size(), all = points();
  const Index most = passes.along_x().most_pairs(), at_once = impl_->at_once();
  Real* packed = impl_->out_values(0);
  for (Index first = 0; first < fields; first += at_once) {
    const Index now = std::min(at_once, fields - first);
    passes.run(coefficients + first * this->coefficients(), now, nullptr, 0, [&](Index z) {
      for (Index f = 0; f < now; ++f)
        for (Index y = 0; y < rows; y += 2 * most) {
          const Index pairs = std::min(most, (rows - y) / 2);
          for (Index b = 0; b < pairs; ++b) {
            Real* to = packed + 2 * b * nx;
            const Real* from = values + (first + f) * all + (z * rows + y + 2 * b) * nx;
            for_each("spectral::pack", nx, [=](Index x) {
              to[2 * x] = from[x];
              to[2 * x + 1] = from[nx + x];
            });
          }
          passes.store_rows(packed, f, z, y, pairs);
        }
    });
  }
}

void BoxTransform::make_hermitian(Complex* coefficients, Index fields) const {
  const Impl& my = *impl_;
  if (!my.own_kx.contains(0)) return;
  const Index ny = my.modes[1], nz = my.modes[2], own = my.own_ky.size() * nz;
  Complex* plane = my.zero_plane.data();
  for (Index f = 0; f < fields; ++f) {
    Complex* c = coefficients + f * this->coefficients();
    STARLING_MPI(MPI_Allgatherv(c, static_cast<int>(own), MPI_C_DOUBLE_COMPLEX, plane,
                                my.zero_counts.data(), my.zero_begins.data(), MPI_C_DOUBLE_COMPLEX,
                                my.ranks->over_y()));
    for (Index i = 0; i < own; ++i) {
      const Index y = my.own_ky.begin + i / nz, z = i % nz;
      c[i] = 0.5 * (plane[y * nz + z] + Kokkos::conj(plane[(ny - y) % ny * nz + (nz - z) % nz]));
    }
  }
}

void BoxTransform::product(Complex* out, Index outs, const Complex* in, Index ins,
                           const Pointwise& f) const {
  STARLING_ASSERT(ins <= impl_->most_fields && outs <= impl_->most_fields);
  const BoxPasses& passes = *impl_->product;
  const Index nx = passes.points()[0], rows = passes.rows().size();
  const Index most = pairs_of(ins + outs, nx, passes.along_x().most_pairs());
  passes.run(out, outs, in, ins, [&](Index z) {
    for (Index y = 0; y < rows; y += 2 * most) {
      const Index pairs = std::min(most, (rows - y) / 2);
      for (Index i = 0; i < ins; ++i) passes.load_rows(impl_->in_values(i), i, z, y, pairs);
      f.call(f.context, impl_->outs.data(), impl_->ins.data(), 2 * pairs * nx);
      for (Index o = 0; o < outs; ++o) passes.store_rows(impl_->out_values(o), o, z, y, pairs);
    }
  });
}

}  // namespace starling::spectral
