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
  /// Null: the model alone. A target "NAME_forcing[_total][_x]" is added to the tendency of the
  /// component that is the input "NAME[_x]", without its mean unless it is a total; components
  /// without a target get nothing. `derived` are the inputs that the model derives. Everything must
  /// outlive this. Throws InputError if the model does not know the fields.
  ClosedSystem(models::Model& model, const std::vector<std::string>& derived,
               const datasets::ClosureFields& fields, const datasets::Closure* closure);

  Index width() const override { return model_->width(); }
  std::vector<std::complex<Real>> linear() const override { return model_->linear(); }
  std::vector<Real> filter() const override { return model_->filter(); }
  void nonlinear(Rows out, ConstRows u, Real t) override;

  /// The file's inputs of a state.
  datasets::Inputs inputs(const Real* state);
  /// A state from the file's inputs.
  void set(Rows state, const datasets::Inputs& inputs) const;
  /// What the model knows of spectra (diagnostics::Measurable) of the state with these inputs,
  /// [spectrum][bin].
  const std::vector<Real>& spectra(const datasets::Inputs& inputs);

 private:
  models::Model* model_;
  const datasets::ClosureFields* fields_;
  const datasets::Closure* closure_;
  datasets::Snapshot snapshot_;
  std::vector<std::size_t> arrays_;      // of the snapshot, one an input
  std::vector<std::size_t> components_;  // one a target
  std::vector<bool> conserved_;          // whether a target is a divergence, with no mean
  std::vector<Index> place_;             // in the model's order, of each point of a file
  std::vector<std::vector<Real>> forcings_;
  std::vector<Real> spectra_;
  Array<Real**> members_, added_, forcing_;
};

/// Frames of a free run of the low level, with a closure or without, from the first frame of the
/// loaded trajectory of `file` on: inputs at each of its times. Ends early where it blows up.
std::vector<datasets::Inputs> run_closed(const LevelSystem& level,
                                         const datasets::Settings& settings,
                                         const datasets::PairFile& file,
                                         const datasets::Closure* closure);

/// Whether such a run is finite to the end and no input's variance over the later half is more than
/// four times that of the file.
bool is_stable(const LevelSystem& level, const datasets::Settings& settings,
               const datasets::PairFile& file, const datasets::Closure& closure);

}  // namespace starling::campaigns
