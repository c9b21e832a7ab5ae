// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/initial.hpp"

#include "campaigns/settings.hpp"
#include "core/error.hpp"
#include "io/hdf5.hpp"

#include <algorithm>
#include <utility>

namespace starling::campaigns {
namespace {

void require_alive(const std::optional<ensemble::Failure>& failure, const char* what) {
  if (failure)
    throw NumericalError(fmt::format(
        "{} blew up {} steps before the start; a smaller stepper.dt or another start helps", what,
        -failure->step));
}

// Draws that no member has.
constexpr Index truth_number = Index{1} << 60, climatology_number = Index{1} << 61;

// The members, and the row after them if there is one: the truth.
std::vector<Real> read_rows(const Section& section, Index members, const Columns& columns) {
  if (section.text("file").empty())
    section.fail("file", "initial = \"file\" needs one", "the path of an HDF5 file");
  const io::File file = io::File::open(section.text("file"));
  const std::string& name = section.text("dataset");
  const std::vector<Index> shape = file.shape(name);
  if (shape.size() != 2 || shape[0] < members || shape[1] != columns.all())
    section.fail("dataset", fmt::format("in {} has another shape", file.path()),
                 fmt::format("at least {} rows of {} values", members, columns.all()));
  std::vector<Real> values;
  for (Index row = 0; row < std::min(shape[0], members + 1); ++row) {
    const std::vector<Real> all = file.read_reals(name, {row, row + 1});
    for (const Range& piece : columns.pieces())
      values.insert(values.end(), all.begin() + piece.begin, all.begin() + piece.end);
  }
  const auto bad =
      std::find_if_not(values.begin(), values.end(), [](Real x) { return x - x == 0; });
  if (bad != values.end())
    section.fail("dataset",
                 fmt::format("in {} has a value that is not finite in row {}", file.path(),
                             (bad - values.begin()) / std::max<Index>(1, columns.count())),
                 "finite values");
  return values;
}

}  // namespace

const Schema& Initial::schema() {
  static const Schema keys =
      Schema{
          Key::integer("members", "size of the ensemble").at_least(1),
          Key::text("initial",
                    "gaussian: reference + perturbations; random: other draws from the model's "
                    "initial conditions, which then run for spin_up; climatology: as gaussian, "
                    "then each member runs for spin_up; file: rows of a dataset")
              .one_of({"gaussian", "random", "climatology", "file"}),
          Key::real("center_spin_up", "time the reference state runs before it is perturbed")
              .at_least(0)
              .otherwise(0.0),
          Key::real("spin_up", "random, climatology: time each member runs by itself")
              .at_least(0)
              .otherwise(0.0),
          Key::text("file", "file: an HDF5 file").otherwise(""),
          Key::text("dataset",
                    "file: its dataset, rows x dofs; the truth is the row after the last "
                    "member")
              .otherwise("/members"),
      } +
      ensemble::Perturbation::schema();
  return keys;
}

Initial::Initial(const Section& section, const Domain& domain, const Columns& values,
                 std::vector<Real> reference, Draw draw, Real dt, std::uint64_t seed,
                 std::vector<ExtraColumn> extras)
    : values_(values),
      draw_(std::move(draw)),
      is_random_(section.text("initial") == "random"),
      perturbation_(section, domain, values),
      reference_(std::move(reference)),
      seed_(seed),
      members_(section.integer("members")),
      center_steps_(steps_of(section, "center_spin_up", dt)),
      spin_up_steps_(steps_of(section, "spin_up", dt)),
      extras_(std::move(extras)) {
  const std::string& how = section.text("initial");
  if (how != "climatology" && !is_random_ && spin_up_steps_ > 0)
    section.fail("spin_up", "is for initial = \"random\" and \"climatology\" only", "0");
  if (how == "climatology" && spin_up_steps_ == 0)
    section.fail("spin_up", "a climatology needs time to forget its start", "> 0");
  if (is_random_ && center_steps_ > 0)
    section.fail("center_spin_up", "there is no reference state to run on", "0");
  if (how == "file") rows_ = read_rows(section, members_, values_);
}

void Initial::start(ensemble::Ensemble& ensemble, Truth* truth,
                    ensemble::Forecast& forecast) const {
  const Index dofs = values_.count();
  const std::vector<Real> center = rows_.empty() ? this->center(forecast) : reference_;
  const auto fill = [&](Real* out, Index row, Purpose purpose) {
    if (!rows_.empty()) {
      std::copy_n(rows_.data() + row * dofs, dofs, out);
      return;
    }
    const bool is_truth = purpose == Purpose::truth_perturbation;
    if (is_random_) {
      draw_(out, is_truth ? truth_number : row);
      return;
    }
    std::copy_n(center.begin(), dofs, out);
    const Index number = is_truth ? 0 : row;
    perturbation_.add(out, Stream(seed_, purpose, static_cast<std::uint64_t>(number), 0));
  };

  const Rows block = ensemble.members();
  const Index first = ensemble.first_number();
  for (Index r = 0; r < rows_of(block); ++r) {
    Real* member = block.data() + r * width_of(block);
    fill(member, first + r, Purpose::initial_perturbation);
    start_extra_columns(member, extras_, dofs, seed_, first + r);
  }
  ensemble.update_states();
  require_alive(ensemble.advance(-spin_up_steps_, spin_up_steps_), "a member in its spin-up");
  ensemble.update_members();

  if (truth == nullptr) return;
  require(
      rows_.empty() || static_cast<Index>(rows_.size()) > members_ * dofs,
      "ensemble.dataset: has no row after the last member, which would be the truth; allowed: {} "
      "rows",
      members_ + 1);
  std::vector<Real> row(static_cast<std::size_t>(dofs));
  fill(row.data(), members_, Purpose::truth_perturbation);
  truth->start(row.data());
  require_alive(truth->advance(-spin_up_steps_, spin_up_steps_), "the truth");
  truth->publish();
}

void Initial::sample(ensemble::Ensemble& sample, ensemble::Forecast& forecast, Index steps) const {
  const Index dofs = values_.count(), rows = static_cast<Index>(rows_.size()) / dofs;
  const std::vector<Real> center = this->center(forecast);
  const Rows block = sample.members();
  for (Index r = 0; r < rows_of(block); ++r) {
    const Index m = sample.owned().begin + r;
    Real* out = block.data() + r * dofs;
    if (is_random_) {
      draw_(out, climatology_number + m);
      continue;
    }
    std::copy_n(rows > 0 ? rows_.data() + m % rows * dofs : center.data(), dofs, out);
    perturbation_.add(out, Stream(seed_, Purpose::climatology, static_cast<std::uint64_t>(m), 0));
  }
  sample.update_states();
  require_alive(sample.advance(-steps, steps), "a member of the climatology");
  sample.update_members();
}

std::vector<Real> Initial::center(ensemble::Forecast& forecast) const {
  if (center_steps_ == 0) return reference_;
  const auto copies = static_cast<std::size_t>(forecast.members_per_state());
  Array<Real**> members("initial::members", copies, reference_.size());
  Array<Real**> state("initial::state", 1, static_cast<std::size_t>(forecast.width()));
  Array<Real**> history("initial::history", 1, static_cast<std::size_t>(forecast.history_width()));
  for (std::size_t m = 0; m < copies; ++m)
    std::copy(reference_.begin(), reference_.end(), members.data() + m * reference_.size());
  forecast.to_states(state, members);
  require_alive(forecast.advance(state, history, 0, -center_steps_, center_steps_),
                "the reference state");
  forecast.to_physical(members, state);
  return {members.data(), members.data() + reference_.size()};
}

}  // namespace starling::campaigns
