// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/inverse_root.hpp"

#include "linalg/simd.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace starling::linalg {
namespace {

using std::numbers::pi;

constexpr Index most_poles = 144;

// K(k) of modulus k = sqrt(1 - complement^2), and the elliptic functions sc = sn / cn and dn / cn^2
// at u, by the arithmetic-geometric mean (abramowitz1964, 16.4 and 17.6).
class Elliptic {
 public:
  explicit Elliptic(Real complement) {
    Real a = 1, b = complement;
    a_[0] = 1;
    for (steps_ = 0; std::abs(a - b) > 1e-15 * a; ++steps_) {
      const Real next = (a + b) / 2;
      c_[steps_ + 1] = (a - b) / 2;
      b = std::sqrt(a * b);
      a = next;
      a_[steps_ + 1] = a;
    }
  }
  Real quarter_period() const { return pi / (2 * a_[steps_]); }
  struct Values {
    Real sc, derivative;
  };
  Values at(Real u) const {
    Real angle = std::ldexp(a_[steps_] * u, static_cast<int>(steps_)), before = angle;
    for (std::size_t n = steps_; n > 0; --n) {
      before = angle;
      angle = (angle + std::asin(c_[n] * std::sin(angle) / a_[n])) / 2;
    }
    const Real cosine = std::cos(angle), dn = steps_ > 0 ? cosine / std::cos(before - angle) : 1;
    return {std::tan(angle), dn / (cosine * cosine)};
  }

 private:
  std::size_t steps_ = 0;
  std::array<Real, 40> a_{}, c_{};
};

}  // namespace

// The nodes s_j = sc((j - 1/2) K / n) come in pairs whose product is the root of the range.
RootRule root_rule(Index poles) {
  const Real n = static_cast<Real>(poles);
  const Real log_range = std::max(0.5, n / 2.15 - 2.8), root = std::exp(log_range / 2);
  const Elliptic elliptic(1 / root);
  const Real quarter = elliptic.quarter_period(), scale = 2 * quarter / (pi * n);
  RootRule rule{std::expm1(log_range), {}, {}};
  for (Index j = 0; j < poles; ++j) {
    const Index mirrored = std::min(j, poles - 1 - j);
    const auto [s, derivative] = elliptic.at((static_cast<Real>(mirrored) + 0.5) * quarter / n);
    const Real node = mirrored == j ? s : root / s;
    const Real slope = mirrored == j ? derivative : root * derivative / (s * s);
    const Real shift = 1 + node * node;
    rule.shift.push_back(shift);
    rule.weight.push_back(scale * slope / shift);
  }
  return rule;
}

InverseRoot::InverseRoot(Index capacity)
    : tridiagonal_(capacity),
      inverse_pivot_(static_cast<std::size_t>(capacity * most_poles)),
      lower_(inverse_pivot_.size()),
      work_(inverse_pivot_.size()),
      single_(static_cast<std::size_t>(2 * capacity)) {
  for (Index poles = 8; poles <= most_poles; poles += std::max<Index>(4, vector_width))
    rules_.push_back(root_rule(poles));
}

void InverseRoot::prepare(Matrix& a, Index size) {
  tridiagonal_.reduce(a, size);
  const Real *d = tridiagonal_.diagonal(), *e = tridiagonal_.off_diagonal();
  Real largest = 0;  // by Gershgorin's circles
  for (Index i = 0; i < size; ++i)
    largest = std::max(largest, d[i] + std::abs(e[i]) + (i > 0 ? std::abs(e[i - 1]) : 0));
  auto chosen = std::find_if(rules_.begin(), rules_.end(),
                             [=](const RootRule& rule) { return rule.largest >= largest; });
  if (chosen == rules_.end()) --chosen;
  rule_ = &*chosen;
  factorise();
}

// T + shift = L D L^T for all poles at once. A pivot of a positive semidefinite T is never below
// the shift but by rounding.
void InverseRoot::factorise() {
  const Index n = size(), poles = static_cast<Index>(rule_->shift.size());
  const Real *d = tridiagonal_.diagonal(), *e = tridiagonal_.off_diagonal();
  for (Index j = 0; j < poles; j += vector_width) {
    const Vector shift = load(rule_->shift.data() + j);
    Vector carried{};
    for (Index i = 0; i < n; ++i) {
      Vector pivot = d[i] + shift - carried;
      pivot = pivot > shift ? pivot : shift;
      const Vector inverse = 1 / pivot, lower = e[i] * inverse;
      store(inverse_pivot_.data() + i * poles + j, inverse);
      store(lower_.data() + i * poles + j, lower);
      carried = e[i] * lower;
    }
  }
  Real* inverse = single_.data();
  Real* lower = inverse + n;
  Real carried = 0;
  for (Index i = 0; i < n; ++i) {
    inverse[i] = 1 / std::max(d[i] + 1 - carried, 1.0);
    lower[i] = e[i] * inverse[i];
    carried = e[i] * lower[i];
  }
}

void InverseRoot::multiply(Real* out, const Real* x) {
  const Index n = size(), poles = static_cast<Index>(rule_->shift.size());
  Real* z = work_.data();
  for (Index j = 0; j < poles; j += vector_width) {
    const Vector weight = load(rule_->weight.data() + j);
    store(z + j, x[0] * weight);
  }
  for (Index i = 1; i < n; ++i) {
    const Real *lower = lower_.data() + (i - 1) * poles, *before = z + (i - 1) * poles;
    Real* here = z + i * poles;
    for (Index j = 0; j < poles; j += vector_width)
      store(here + j, x[i] * load(rule_->weight.data() + j) - load(lower + j) * load(before + j));
  }
  for (Index i = n - 1; i >= 0; --i) {
    Real* here = z + i * poles;
    const Real *inverse = inverse_pivot_.data() + i * poles, *lower = lower_.data() + i * poles;
    Vector total{};
    if (i == n - 1) {
      for (Index j = 0; j < poles; j += vector_width) {
        const Vector y = load(here + j) * load(inverse + j);
        store(here + j, y);
        total += y;
      }
    } else {
      const Real* after = here + poles;
      for (Index j = 0; j < poles; j += vector_width) {
        const Vector y = load(here + j) * load(inverse + j) - load(lower + j) * load(after + j);
        store(here + j, y);
        total += y;
      }
    }
    out[i] = sum(total);
  }
}

void InverseRoot::solve(Real* x) {
  const Index n = size();
  const Real *inverse = single_.data(), *lower = inverse + n;
  for (Index i = 1; i < n; ++i) x[i] -= lower[i - 1] * x[i - 1];
  for (Index i = n - 1; i >= 0; --i)
    x[i] = x[i] * inverse[i] - (i + 1 < n ? lower[i] * x[i + 1] : 0);
}

void InverseRoot::multiply_tridiagonal(Real* out, const Real* x) const {
  const Index n = size();
  const Real *d = tridiagonal_.diagonal(), *e = tridiagonal_.off_diagonal();
  for (Index i = 0; i < n; ++i)
    out[i] = d[i] * x[i] + (i > 0 ? e[i - 1] * x[i - 1] : 0) + (i + 1 < n ? e[i] * x[i + 1] : 0);
}

}  // namespace starling::linalg
