// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/closed_run.hpp"

#include "core/error.hpp"
#include "datasets/field.hpp"
#include "datasets/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace starling::campaigns {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// "velocity_forcing_total_x" is that of "velocity_x".
std::string without_forcing(std::string name) {
  const std::size_t from = name.rfind("_forcing");
  if (from == std::string::npos) return name;
  const std::size_t rest = from + std::string("_forcing").size();
  const std::string total = "_total";
  name.erase(from, rest - from + (name.compare(rest, total.size(), total) == 0 ? total.size() : 0));
  return name;
}

void remove_mean(std::vector<Real>& field) {
  Real mean = 0;
  for (const Real x : field) mean += x / static_cast<Real>(field.size());
  for (Real& x : field) x -= mean;
}

// Of each input over the later half.
template <class FrameOf>
std::vector<Real> variances(Index frames, const FrameOf& frame_of) {
  std::vector<datasets::Moments> moments;
  for (Index f = frames / 2; f < frames; ++f) {
    const datasets::Inputs& frame = frame_of(f);
    moments.resize(frame.size());
    for (std::size_t i = 0; i < frame.size(); ++i)
      moments[i].merge(
          datasets::moments_of(frame[i].data(), static_cast<Index>(frame[i].size()), 1));
  }
  std::vector<Real> out;
  for (const datasets::Moments& each : moments) out.push_back(each.variance());
  return out;
}

}  // namespace

ClosedSystem::ClosedSystem(models::Model& model, const std::vector<std::string>& derived,
                           const datasets::ClosureFields& fields, const datasets::Closure* closure)
    : model_(&model),
      fields_(&fields),
      closure_(closure),
      snapshot_(model, derived),
      members_("closed::members", at(model.members_per_state()), at(model.dofs())),
      added_("closed::added", 1, at(model.width())),
      forcing_("closed::forcing", at(model.members_per_state()), at(model.dofs())) {
  const auto known = datasets::group_fields(snapshot_.arrays(), snapshot_.grid().dimensions());
  const auto find = [&](const std::string& name) {
    for (const datasets::Field& field : known)
      for (Index e = 0; e < field.elements(); ++e)
        if (name == datasets::element_name(field.name, e, field.elements()))
          return field.arrays[at(e)];
    throw InputError(fmt::format(
        "a closure of '{}', which the low level does not know; allowed: its fields", name));
  };
  for (const std::string& name : fields.inputs) arrays_.push_back(find(name));
  for (Index p = 0; p < snapshot_.grid().points(); ++p)
    place_.push_back(datasets::transposed(snapshot_.grid(), p));
  if (closure == nullptr) return;
  for (const std::string& name : fields.targets) {
    conserved_.push_back(name.find("_total") == std::string::npos);
    components_.push_back(find(without_forcing(name)));
    require(components_.back() < snapshot_.components(),
            "a closure of '{}', which is derived; allowed: forcings of components", name);
  }
  STARLING_ASSERT(closure->targets() == static_cast<Index>(components_.size()));
  forcings_.assign(components_.size(), std::vector<Real>(at(snapshot_.grid().points())));
}

datasets::Inputs ClosedSystem::inputs(const Real* state) {
  snapshot_.take(state);
  datasets::Inputs out;
  for (std::size_t i = 0; i < arrays_.size(); ++i) {
    out.emplace_back(at(snapshot_.grid().points()));
    datasets::place_element(out.back().data(), snapshot_[arrays_[i]], snapshot_.grid(), 0, 1,
                            fields_->input_scales[i]);
  }
  return out;
}

void ClosedSystem::set(Rows state, const datasets::Inputs& inputs) const {
  const Index points = snapshot_.grid().points();
  for (std::size_t i = 0; i < arrays_.size(); ++i) {
    if (arrays_[i] >= snapshot_.components()) continue;
    for (Index m = 0; m < model_->members_per_state(); ++m)
      for (Index p = 0; p < points; ++p)
        members_(at(m), at(static_cast<Index>(arrays_[i]) * points + place_[at(p)])) =
            static_cast<Real>(inputs[i][at(p)]) * fields_->input_scales[i];
  }
  model_->to_states(state, ConstRows(members_));
}

const std::vector<Real>& ClosedSystem::spectra(const datasets::Inputs& inputs) {
  spectra_.resize(model_->spectra().size() * model_->bins().size());
  if (spectra_.empty()) return spectra_;
  set(added_, inputs);
  model_->measure_spectra(spectra_.data(), ConstRows(added_));
  return spectra_;
}

void ClosedSystem::nonlinear(Rows out, ConstRows u, Real t) {
  model_->nonlinear(out, u, t);
  if (closure_ == nullptr) return;
  const Index points = snapshot_.grid().points();
  for (Index r = 0; r < rows_of(u); ++r) {
    closure_->apply(forcings_, inputs(u.data() + r * width_of(u)));
    for (std::size_t f = 0; f < forcings_.size(); ++f)
      if (conserved_[f]) remove_mean(forcings_[f]);
    for (Index m = 0; m < model_->members_per_state(); ++m)
      for (std::size_t f = 0; f < forcings_.size(); ++f)
        for (Index p = 0; p < points; ++p)
          forcing_(at(m), at(static_cast<Index>(components_[f]) * points + place_[at(p)])) =
              forcings_[f][at(p)] * fields_->target_scales[f];
    model_->to_states(added_, ConstRows(forcing_));
    Real* to = out.data() + r * width_of(out);
    for (Index i = 0; i < width(); ++i) to[i] += added_.data()[i];
  }
}

std::vector<datasets::Inputs> run_closed(const LevelSystem& level,
                                         const datasets::Settings& settings,
                                         const datasets::PairFile& file,
                                         const datasets::Closure* closure) {
  ClosedSystem system(*level.model, settings.derived, file.fields(), closure);
  const auto stepper = level.stepper(system);
  Array<Real**> state("closed::state", 1, at(system.width()));
  Array<Real**> history("closed::history", 1, at(stepper->history() * system.width()));
  system.set(state, file.frame_inputs(0));
  std::vector<datasets::Inputs> frames = {system.inputs(state.data())};
  const Real dt = stepper->dt();
  const auto steps = static_cast<Index>(std::llround((file.times()[1] - file.times()[0]) / dt));
  for (Index frame = 1, step = 0; frame < file.frames(); ++frame) {
    for (Index s = 0; s < steps; ++s, ++step) {
      stepper->step(state, history, step, static_cast<Real>(step) * dt);
      level.model->kick(state, 0, step, dt);
    }
    datasets::Inputs inputs = system.inputs(state.data());
    const auto finite = [](const std::vector<float>& field) {
      return std::all_of(field.begin(), field.end(),
                         [](float x) { return std::isfinite(x) && std::abs(x) < 1e6F; });
    };
    if (!std::all_of(inputs.begin(), inputs.end(), finite)) break;
    frames.push_back(std::move(inputs));
  }
  return frames;
}

bool is_stable(const LevelSystem& level, const datasets::Settings& settings,
               const datasets::PairFile& file, const datasets::Closure& closure) {
  const std::vector<datasets::Inputs> frames = run_closed(level, settings, file, &closure);
  if (static_cast<Index>(frames.size()) < file.frames()) return false;
  const auto of_run =
      variances(file.frames(), [&](Index f) -> const datasets::Inputs& { return frames[at(f)]; });
  const auto of_high = variances(file.frames(), [&](Index f) { return file.frame_inputs(f); });
  for (std::size_t i = 0; i < of_run.size(); ++i)
    if (of_run[i] > 4 * of_high[i]) return false;
  return true;
}

}  // namespace starling::campaigns
