// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/measurements.hpp"

#include "core/error.hpp"
#include "io/agree.hpp"
#include "io/results.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace starling::campaigns {
namespace {

std::string diagnostic(const std::string& name) { return "/diagnostics/" + name; }

std::vector<std::string> budgets_of(const std::vector<diagnostics::Quantity>& quantities) {
  std::vector<std::string> names;
  for (const auto& each : quantities)
    if (!each.budget_of.empty() &&
        std::find(names.begin(), names.end(), each.budget_of) == names.end())
      names.push_back(each.budget_of);
  return names;
}

}  // namespace

Measurements::Measurements(const ProcessGrid& processes, diagnostics::Measurable& model,
                           const ensemble::Ensemble& ensemble, io::SeriesFile& file,
                           CommonOutput& common, io::Axis outputs, Index outputs_count,
                           const OutputSettings& settings)
    : processes_(&processes),
      model_(&model),
      ensemble_(&ensemble),
      file_(&file),
      outputs_(outputs_count),
      quantities_(model.quantities()),
      spectra_(model.spectra()),
      bins_(static_cast<Index>(model.bins().size())),
      budgets_(budgets_of(quantities_)),
      sums_(processes.members(), blocks_of(ensemble.owned(), 2), std::ssize(quantities_)),
      spectrum_sums_(processes.members(), blocks_of(ensemble.owned(), 2),
                     std::ssize(spectra_) * bins_),
      numbers_(quantities_.size() * static_cast<std::size_t>(ensemble.owned().size())),
      now_(quantities_.size()),
      spectra_now_(spectra_.size() * static_cast<std::size_t>(bins_)),
      spectra_sum_(spectra_now_.size()) {
  STARLING_ASSERT(ensemble.members_per_state() == 1 || (quantities_.empty() && spectra_.empty()));
  // Of the ranks that share members, the first brings their numbers.
  const Range mine = rank_of(processes.space()) == 0 ? ensemble.owned() : Range{};
  for (const auto& each : quantities_) {
    means_.push_back(file.series(
        outputs,
        {.name = diagnostic(each.name), .units = each.units, .long_name = each.long_name}));
    if (ensemble.size() > 1)
      each_.push_back(file.series(outputs, {.name = "/diagnostics_of_members/" + each.name,
                                            .shape = {ensemble.size()},
                                            .mine = mine,
                                            .units = each.units,
                                            .long_name = each.long_name + " of each member"}));
  }
  for (const auto& each : spectra_)
    spectrum_series_.push_back(common.spectrum(
        "/spectra/" + each.name, each.long_name + ", mean over members and outputs", each.units));
  for (const std::string& name : budgets_)
    residuals_.push_back(
        file.fixed({.name = "/budgets/" + name + "_residual",
                    .shape = {outputs_count},
                    .long_name = "d/dt " + name + " less the sum of its terms, mean member"}));
  declare_derived(settings, common);
}

void Measurements::declare_derived(const OutputSettings& settings, CommonOutput& common) {
  const std::vector<Component> known = model_->derived();
  derived_fields_ = std::ssize(known);
  std::vector<std::string> names;
  for (const Component& each : known) names.push_back(each.name);
  for (const std::string& name : settings.derived)
    require(std::find(names.begin(), names.end(), name) != names.end(),
            "output.derived: {}: the model derives no such field; allowed: {}", name,
            names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
  if (settings.derived.empty() || settings.fields_every == 0) return;
  // The grid points of one field on this rank.
  const Columns values = ensemble_->value_columns();
  std::vector<Range> pieces;
  const Index points = common.domain().points();
  for (const Range& piece : values.pieces()) {
    const Range first{std::min(piece.begin, points), std::min(piece.end, points)};
    if (first.size() > 0) pieces.push_back(first);
    points_ += first.size();
  }
  const Columns mine(points, std::move(pieces));
  for (const std::int64_t m : settings.members)
    for (const std::string& name : settings.derived) {
      const auto field = std::find(names.begin(), names.end(), name) - names.begin();
      const bool owned = ensemble_->owned().contains(m);
      derived_.push_back({m, field,
                          common.field(fmt::format("/members/{}/{}", m, name),
                                       known[static_cast<std::size_t>(field)],
                                       owned ? io::Share(mine) : io::Share(Range{}))});
    }
  fields_.resize(static_cast<std::size_t>(derived_fields_ * points_));
}

// Members are added in pairs, which are the same for any number of groups.
void Measurements::record(Index output, Real time) {
  const Rows states = ensemble_->states();
  const Index members = ensemble_->owned().size();
  const auto quantities = static_cast<Index>(now_.size()), spectra = std::ssize(spectra_now_);
  const auto add = [](Real* sum, const std::vector<Real>& now, bool first) {
    for (std::size_t i = 0; i < now.size(); ++i) sum[i] = first ? now[i] : sum[i] + now[i];
  };
  for (Index m = 0; m < members && quantities + spectra > 0; ++m) {
    const ConstRows state = row_range(ConstRows(states), m, 1);
    const bool last = m % 2 == 1 || m + 1 == members;
    if (quantities > 0) {
      model_->measure(now_.data(), state, time);
      for (Index q = 0; q < quantities; ++q)
        numbers_[static_cast<std::size_t>(q * members + m)] = now_[static_cast<std::size_t>(q)];
      add(sums_.next(), now_, m % 2 == 0);
      if (last) sums_.add();
    }
    if (spectra > 0) {
      model_->measure_spectra(spectra_now_.data(), state);
      add(spectrum_sums_.next(), spectra_now_, m % 2 == 0);
      if (last) spectrum_sums_.add();
    }
  }
  if (quantities > 0) {
    sums_.finish(now_.data());
    for (std::size_t q = 0; q < now_.size(); ++q) {
      file_->put(means_[q], output, now_[q] / static_cast<Real>(ensemble_->size()));
      if (!each_.empty())
        file_->put(each_[q], output, numbers_.data() + static_cast<Index>(q) * members);
    }
  }
  if (spectra > 0) {
    spectrum_sums_.finish(spectra_now_.data());
    for (std::size_t i = 0; i < spectra_now_.size(); ++i) spectra_sum_[i] += spectra_now_[i];
    spectra_added_ += ensemble_->size();
  }
}

void Measurements::record_fields(Index frame) {
  Index known = -1;  // the member whose fields are there
  for (const DerivedSeries& each : derived_) {
    const Range owned = ensemble_->owned();
    if (owned.contains(each.member) && known != each.member) {
      model_->derive(fields_.data(),
                     row_range(ConstRows(ensemble_->states()), each.member - owned.begin, 1));
      known = each.member;
    }
    file_->put(each.series, frame, fields_.data() + each.field * points_);
  }
}

void Measurements::finish(Summary& summary, const std::string& part_path) {
  for (std::size_t s = 0; s < spectra_.size(); ++s) {
    std::vector<Real> mean(spectra_sum_.begin() + static_cast<Index>(s) * bins_,
                           spectra_sum_.begin() + static_cast<Index>(s + 1) * bins_);
    for (Real& value : mean) value /= static_cast<Real>(std::max<std::int64_t>(1, spectra_added_));
    file_->write(spectrum_series_[s], mean.data());
  }
  for (const auto& each : quantities_) {
    std::vector<Real> series;
    io::on_root(processes_->world(),
                [&] { series = io::Results(part_path).read(diagnostic(each.name)); });
    summary.average("diagnostics/" + each.name, diagnostics::estimate_mean(series));
  }
  close_budgets(summary, part_path);
}

// Centred differences of the quantity between outputs against its terms at the output between:
// differs from zero by the square of the time between outputs too.
void Measurements::close_budgets(Summary& summary, const std::string& part_path) {
  for (std::size_t b = 0; b < budgets_.size(); ++b) {
    std::vector<Real> residual(static_cast<std::size_t>(outputs_), 0.0);
    Real squares = 0, largest = 0;
    io::on_root(processes_->world(), [&] {
      const io::Results results(part_path);
      const std::vector<Real> time = results.read("/diagnostics/time");
      const std::vector<Real> stock = results.read(diagnostic(budgets_[b]));
      std::vector<Real> sum(time.size(), 0.0), turnover(time.size(), 0.0);
      for (const auto& each : quantities_) {
        if (each.budget_of != budgets_[b]) continue;
        const std::vector<Real> term = results.read(diagnostic(each.name));
        for (std::size_t i = 0; i < term.size(); ++i) {
          sum[i] += term[i];
          turnover[i] += std::abs(term[i]);
        }
      }
      for (std::size_t i = 1; i + 1 < time.size(); ++i) {
        residual[i] = (stock[i + 1] - stock[i - 1]) / (time[i + 1] - time[i - 1]) - sum[i];
        squares += residual[i] * residual[i];
        largest += turnover[i];
      }
      const auto inner = static_cast<Real>(std::max<std::size_t>(3, time.size()) - 2);
      squares = std::sqrt(squares / inner);
      largest /= inner;
    });
    file_->write(residuals_[b], residual.data());
    summary.shown_number("budgets/" + budgets_[b] + "_residual", squares);
    if (largest > 0)
      summary.shown_number("budgets/" + budgets_[b] + "_relative_residual", squares / largest);
  }
}

void Measurements::save(io::CheckpointWriter& file) const {
  file.reals("model_spectra_sum", spectra_sum_);
  file.integer("model_spectra_added", spectra_added_);
}

void Measurements::load(const io::Checkpoint& file) {
  spectra_sum_ = file.reals("model_spectra_sum");
  spectra_added_ = file.integer("model_spectra_added");
}

}  // namespace starling::campaigns
