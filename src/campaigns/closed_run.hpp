// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "datasets/closure.hpp"
#include "datasets/pair_file.hpp"
#include "steppers/semilinear.hpp"

#include <memory>
#include <vector>

namespace starling::campaigns {

/// A model with a closure added to its tendency: what steppers see of it. One state at a time.
class ClosedSystem final : public steppers::Semilinear {
 public:
  /// Null: the model alone. Inputs and forcings are divided by the scales of `file`, as published.
  /// Everything must outlive this. Throws InputError if the model does not know the file's fields.
  ClosedSystem(models::Model& model, const datasets::Settings& settings,
               const datasets::PairFile& file, const datasets::Closure* closure);

  Index width() const override { return model_->width(); }
  std::vector<std::complex<Real>> linear() const override { return model_->linear(); }
  std::vector<Real> filter() const override { return model_->filter(); }
  void nonlinear(Rows out, ConstRows u, Real t) override;

  /// The file's inputs of a state.
  datasets::Inputs inputs(const Real* state);
  /// A state from the file's inputs.
  void set(Rows state, const datasets::Inputs& inputs) const;

 private:
  models::Model* model_;
  const datasets::PairFile* file_;
  const datasets::Closure* closure_;
  datasets::Snapshot snapshot_;
  std::vector<std::size_t> arrays_;  // of the snapshot, one an input
  std::vector<std::vector<Real>> forcings_;
  Array<Real**> members_, added_;
};

/// Frames of a free run of the low level, with a closure or without, from the first frame of the
/// loaded trajectory of `file` on: inputs at each of its times. Ends early where it blows up.
std::vector<datasets::Inputs> run_closed(LevelSystem& level, const datasets::Settings& settings,
                                         const datasets::PairFile& file,
                                         const datasets::Closure* closure);

}  // namespace starling::campaigns
