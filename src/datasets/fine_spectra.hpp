// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/snapshot.hpp"
#include "spectral/real_transform.hpp"

#include <map>
#include <tuple>
#include <vector>

namespace starling::datasets {

/// Fourier coefficients of what a snapshot has taken last: of its arrays, of their products and of
/// its tendency, each computed once however many operators and coarse grids want it. Between walls
/// those of the odd extensions (datasets/coarsening.hpp).
class FineSpectra {
 public:
  /// `snapshot` must outlive this.
  explicit FineSpectra(Snapshot& snapshot);

  Snapshot& snapshot() const { return *snapshot_; }

  const Complex* array(std::size_t a);
  /// Of the product of two arrays.
  const Complex* product(std::size_t a, std::size_t b);
  /// Of the divergence of the products of an array with the velocities, one a direction; known by
  /// the first of them. Derivatives are those of the Fourier series. Of periodic boxes.
  const Complex* divergence(const std::vector<std::size_t>& velocity, std::size_t a);
  /// Of component c of dq/dt at time t.
  const Complex* tendency(std::size_t c, Real t);

 private:
  // What is transformed: an array, a product of two, its divergence, or a tendency.
  enum class Kind { array, product, divergence, tendency };
  using Key = std::tuple<Kind, std::size_t, std::size_t>;
  struct Entry {
    long version = -1;  // of the snapshot
    std::vector<Complex> coefficients{};
  };
  const Complex* transform(Key key, const Real* values);
  bool is_known(Key key);

  Snapshot* snapshot_;
  bool walls_;
  spectral::RealTransform transform_;
  std::map<Key, Entry> entries_;
  std::vector<Real> product_, extended_;
  long tendency_version_ = -1;
  const Real* tendency_ = nullptr;
};

}  // namespace starling::datasets
