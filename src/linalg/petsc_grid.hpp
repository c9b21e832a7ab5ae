// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "linalg/petsc.hpp"

#include <petscdmda.h>

#include <array>
#include <memory>
#include <vector>

/// Finite differences on one rank: grids by PETSc's DMDA, constant stencils as matrices, and their
/// direct solution. There only in builds with PETSc (STARLING_HAVE_PETSC).
namespace starling::linalg::petsc {

using GridHandle = Handle<DM, DMDestroy>;

/// A regular grid of one or two directions, x contiguous, with as many points more across each edge
/// as a stencil reaches.
class Grid {
 public:
  /// What lies across an edge: the other end, or zeros, such as walls.
  enum class Edge { periodic, zero };
  /// `points` of each direction, at least `reach` of them.
  Grid(std::vector<Index> points, Edge edge, Index reach);

  int dimensions() const { return static_cast<int>(points_.size()); }
  Index points(int direction) const { return points_[static_cast<std::size_t>(direction)]; }
  /// Of all directions.
  Index points() const;
  DM dm() const { return grid_; }
  /// The distance in memory, of a Ghosted, from a point to its neighbour in y.
  Index stride() const { return points_[0] + 2 * reach_; }

  /// A term of a stencil: `factor` times the value `x` and `y` points away.
  struct Term {
    int x, y;
    Real factor;
  };
  /// The stencil as a matrix; terms across an edge of zeros are none.
  MatrixHandle matrix(const std::vector<Term>& stencil) const;

 private:
  friend class Ghosted;
  std::shared_ptr<const Session> session_;
  std::vector<Index> points_;
  Edge edge_;
  Index reach_;
  GridHandle grid_;
};

/// A field with what lies across the edges.
class Ghosted {
 public:
  explicit Ghosted(const Grid& grid);
  /// Takes the values at the points and returns where the first of them is now: that at point (i,
  /// j) is at [i + j stride()], also for i and j outside of the grid. Allocates nothing.
  const Real* fill(const Real* values);
  const Real* first() const { return first_; }

 private:
  std::shared_ptr<const Session> session_ = own_session();
  GridHandle grid_;  // the same grid once more
  VectorHandle global_, local_;
  const Real* first_ = nullptr;
};

/// A matrix of one rank in factors, by PETSc's own direct solver.
class Factors {
 public:
  enum class Order { natural, nested_dissection };
  /// Throws NumericalError for a matrix that is singular.
  Factors(const MatrixHandle& matrix, Order order);
  /// x = A^-1 b; they don't overlap. Allocates nothing.
  void solve(Real* x, const Real* b);

 private:
  std::shared_ptr<const Session> session_;
  MatrixHandle factors_;
  VectorHandle x_, b_;
};

}  // namespace starling::linalg::petsc
