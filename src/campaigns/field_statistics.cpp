// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/field_statistics.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::campaigns {
namespace {

std::vector<Index> separations_of(Index line) {
  std::vector<Index> all;
  for (Real r = 1; r <= static_cast<Real>(line) / 2 + 0.5; r *= std::sqrt(2.0)) {
    const Index points = std::lround(r);
    if (points <= line / 2 && (all.empty() || points > all.back())) all.push_back(points);
  }
  return all;
}

Index fields_of(const Domain& domain, const std::vector<std::string>& derived) {
  return std::ssize(domain.components()) + std::ssize(derived);
}

}  // namespace

FieldStatistics::FieldStatistics(const ProcessGrid& processes, diagnostics::Measurable& model,
                                 const ensemble::Ensemble& ensemble, const Domain& domain,
                                 io::SeriesFile& file, const std::vector<std::string>& derived)
    : processes_(&processes),
      model_(&model),
      ensemble_(&ensemble),
      file_(&file),
      line_(domain.axis().points),
      all_points_(domain.points()),
      separations_(separations_of(line_)),
      spacing_(domain.axis().spacing),
      counts_(static_cast<std::size_t>(fields_of(domain, derived) * bins)),
      sums_(processes.members(), blocks_of(ensemble.owned(), 2),
            fields_of(domain, derived) * std::ssize(orders) * std::ssize(separations_),
            processes.space()) {
  require(domain.periodic() && ensemble.members_per_state() == 1,
          "simulation.statistics: the model has no periodic fields of several dimensions; allowed: "
          "false");
  points_ = ensemble.dofs() / std::ssize(domain.components());
  const std::vector<Component> known = model.derived();
  const auto declare = [&](const std::string& name, Index number, bool is_derived) {
    const std::string group = "/statistics/" + name;
    Field field{is_derived ? number : -1, number, {}, {}};
    field.density = file.fixed(
        {.name = group + "/density",
         .shape = {bins},
         .long_name = "probability density of " + name + ", without mean, in standard deviations"});
    field.structure = file.fixed(
        {.name = group + "/structure_function",
         .shape = {std::ssize(orders), std::ssize(separations_)},
         .long_name = "mean of |" + name + "(x + r) - " + name + "(x)|^n along x, n = 2, 3, 4"});
    fields_.push_back(field);
  };
  for (std::size_t c = 0; c < domain.components().size(); ++c)
    declare(domain.components()[c].name, static_cast<Index>(c), false);
  for (const std::string& name : derived) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Component& each) { return each.name == name; });
    STARLING_ASSERT(found != known.end());
    declare(name, found - known.begin(), true);
  }
  bins_ = file.fixed({.name = "/statistics/standard_deviations",
                      .shape = {bins},
                      .long_name = "middle of each bin of the densities"});
  separation_ = file.fixed({.name = "/statistics/separation",
                            .shape = {std::ssize(separations_)},
                            .units = "length",
                            .long_name = "separation r along x"});
  derived_.resize(known.size() * static_cast<std::size_t>(points_));
  now_.resize(fields_.size() * orders.size() * separations_.size());
  structure_.resize(now_.size());
}

// Rows along x are whole on every rank.
void FieldStatistics::add_field(Real* structure, std::int64_t* counts, const Real* values) const {
  std::array<Real, 2> moments{};
  for (Index i = 0; i < points_; ++i) moments[0] += values[i];
  const auto over_space = [&](Real& sum) {
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, processes_->space()));
  };
  over_space(moments[0]);
  const Real mean = moments[0] / static_cast<Real>(all_points_);
  for (Index i = 0; i < points_; ++i) moments[1] += (values[i] - mean) * (values[i] - mean);
  over_space(moments[1]);
  const Real deviation = std::sqrt(moments[1] / static_cast<Real>(all_points_));
  const Real scale = deviation > 0 ? static_cast<Real>(bins) / (2 * end * deviation) : 0;
  for (Index i = 0; i < points_; ++i) {
    const Real place = (values[i] - mean) * scale + static_cast<Real>(bins) / 2;
    ++counts[static_cast<Index>(std::clamp(place, 0.0, static_cast<Real>(bins) - 0.5))];
  }
  const Index several = std::ssize(separations_);
  for (Index s = 0; s < several; ++s) {
    const Index r = separations_[static_cast<std::size_t>(s)];
    std::array<Real, 3> sum{};
    for (Index row = 0; row < points_; row += line_)
      for (Index i = 0; i < line_; ++i) {
        const Real other = values[row + (i + r < line_ ? i + r : i + r - line_)];
        const Real square = (other - values[row + i]) * (other - values[row + i]);
        sum[0] += square;
        sum[1] += square * std::sqrt(square);
        sum[2] += square * square;
      }
    for (std::size_t n = 0; n < orders.size(); ++n)
      structure[static_cast<Index>(n) * several + s] += sum[n];
  }
}

void FieldStatistics::add() {
  const Rows members = ensemble_->members(), states = ensemble_->states();
  const Index each = std::ssize(orders) * std::ssize(separations_);
  for (Index m = 0; m < rows_of(members); ++m) {
    if (fields_.back().derived >= 0)
      model_->derive(derived_.data(), row_range(ConstRows(states), m, 1));
    Real* sum = sums_.next();
    if (m % 2 == 0) std::fill_n(sum, now_.size(), 0.0);
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const Real* values = fields_[f].derived >= 0 ? derived_.data() + fields_[f].derived * points_
                                                   : members.data() + m * width_of(members) +
                                                         fields_[f].number * points_;
      add_field(sum + static_cast<Index>(f) * each, counts_.data() + static_cast<Index>(f) * bins,
                values);
    }
    if (m % 2 == 1 || m + 1 == rows_of(members)) sums_.add();
  }
  sums_.finish(now_.data());
  for (std::size_t i = 0; i < now_.size(); ++i) structure_[i] += now_[i];
  added_ += ensemble_->size();
}

// Of all ranks; as Reals, which hold integers up to 2^53.
std::vector<Real> FieldStatistics::all_counts() const {
  std::vector<std::int64_t> all(counts_.size());
  STARLING_MPI(MPI_Allreduce(counts_.data(), all.data(), static_cast<int>(all.size()), MPI_INT64_T,
                             MPI_SUM, processes_->world()));
  return {all.begin(), all.end()};
}

void FieldStatistics::finish() {
  const Real samples = static_cast<Real>(std::max<std::int64_t>(1, added_) * all_points_);
  const Real width = 2 * end / static_cast<Real>(bins);
  std::vector<Real> middles, separations, counts = all_counts();
  for (Index b = 0; b < bins; ++b) middles.push_back((static_cast<Real>(b) + 0.5) * width - end);
  for (const Index r : separations_) separations.push_back(spacing_ * static_cast<Real>(r));
  file_->write(bins_, middles.data());
  file_->write(separation_, separations.data());
  for (Real& count : counts) count /= samples * width;
  std::vector<Real> structure = structure_;
  for (Real& sum : structure) sum /= samples;
  const std::size_t each = orders.size() * separations_.size();
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    file_->write(fields_[f].density, counts.data() + f * static_cast<std::size_t>(bins));
    file_->write(fields_[f].structure, structure.data() + f * each);
  }
}

void FieldStatistics::save(io::CheckpointWriter& file) {
  file.reals("statistics_counts", all_counts());
  file.reals("statistics_structure", structure_);
  file.integer("statistics_added", added_);
}

void FieldStatistics::load(const io::Checkpoint& file) {
  const std::vector<Real>& counts = file.reals("statistics_counts");
  const bool root = processes_->is_root();
  for (std::size_t i = 0; i < counts_.size(); ++i)
    counts_[i] = root ? static_cast<std::int64_t>(counts[i]) : 0;
  structure_ = file.reals("statistics_structure");
  added_ = file.integer("statistics_added");
}

}  // namespace starling::campaigns
