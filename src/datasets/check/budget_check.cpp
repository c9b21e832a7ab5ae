// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/budget_check.hpp"

#include "models/terms.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>

namespace starling::datasets::check {
namespace {

constexpr Real rounding = 0x1.0p-24, smallest = 0x1.0p-150;
// Relative drift of a mean that is kept: rounding of doubles over many steps.
constexpr Real drift = 1e-9;
// Relative growth of an energy between frames that errors of time steps may make.
constexpr Real growth = 1e-4;
constexpr Real largest_courant = 3;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// "tracer", "tracer2".
bool is_numbered(const std::string& name, const std::string& stem) {
  return name.starts_with(stem) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(stem.size()), name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

BudgetCheck::BudgetCheck(const Shape& shape, const Origin& origin)
    : shape_(shape), origin_(origin) {
  if (origin.of_model<Table>("terms"))
    conservation_law();
  else
    flow();
  before_.resize(energies_.size());
}

void BudgetCheck::flow() {
  const std::string model = origin_.of_model<std::string>("name").value_or("");
  const bool plane = model == "navier_stokes2d", layers = model == "quasi_geostrophic";
  if (!plane && !layers && model != "navier_stokes3d") return;
  const auto none = std::vector<Real>{};
  const auto gradient = [&](const char* key) {
    const auto all = origin_.of_model<std::vector<Real>>(key).value_or(none);
    return std::any_of(all.begin(), all.end(), [](Real g) { return g != 0; });
  };
  const bool mixed = gradient("tracer_gradient") || gradient("scalar_gradient");
  const bool kept_q = origin_.number(origin_.level + "model.relaxation") == 0 &&
                      origin_.number(origin_.level + "model.sponge") == 0;
  const bool limited = !layers && find_gain() &&
                       origin_.settings.count(origin_.level + "model.stratification") == 0 &&
                       origin_.kind != Origin::Kind::coarsened;
  for (std::size_t f = 0; f < shape_.fields.size(); ++f) {
    const StoredField& field = shape_.fields[f];
    if (field.target()) continue;
    if (plane && field.name == "vorticity") means_.push_back({f, true});
    if (layers && kept_q && is_numbered(field.name, "q")) means_.push_back({f, false});
    if (!mixed && (is_numbered(field.name, plane ? "tracer" : "scalar")))
      means_.push_back({f, false});
    if (is_numbered(field.name, "velocity") && field.order == 1) {
      speeds_.push_back(f);
      if (limited) energies_.push_back(f);
    }
  }
  if (origin_.number(origin_.level + "stepper.cfl") == 0)
    dt_ = origin_.number(origin_.level + "stepper.dt");
}

// Forcings as docs/conventions.md and `starling describe` have them. False for one that is unknown.
bool BudgetCheck::find_gain() {
  const std::string forcing = origin_.of_model<std::string>("forcing").value_or("none");
  const auto number = [&](const char* key) { return origin_.number(origin_.level + key); };
  const auto list = [&](const char* key) {
    return origin_.of_model<std::vector<Real>>(key).value_or(std::vector<Real>{});
  };
  if (forcing == "none") return true;
  if (forcing == "kolmogorov") {
    gain_.speed = std::abs(number("model.forcing_amplitude")) / std::numbers::sqrt2;
  } else if (forcing == "abc") {
    for (const Real each : list("initial_abc")) gain_.speed += each * each;
    gain_.speed = std::abs(number("model.forcing_amplitude")) * std::sqrt(gain_.speed);
  } else if (forcing == "modes" && shape_.grid.dimensions() == 2) {
    // Of the vorticity: that of the velocity is smaller by k.
    const std::vector<Real> modes = list("forcing_modes");
    Real squares = 0;
    for (std::size_t i = 0; i + 3 < modes.size(); i += 4) {
      const Real k = 2 * std::numbers::pi *
                     std::hypot(modes[i] / shape_.grid.axis(0).length(),
                                modes[i + 1] / shape_.grid.axis(1).length());
      squares += (modes[i + 2] * modes[i + 2] + modes[i + 3] * modes[i + 3]) / (2 * k * k);
    }
    gain_.speed = std::sqrt(squares);
  } else if (forcing == "ring" || forcing == "low_shells") {
    gain_.energy = number("model.energy_input");
  } else if (forcing == "linear") {
    gain_.relative = 2 * std::max<Real>(0, number("model.forcing_rate"));
  } else {
    return false;
  }
  return true;
}

// u_t + sum lambda u^p d^d u/dx^d = 0.
void BudgetCheck::conservation_law() {
  const StoredField* state = shape_.find("u");
  if (state == nullptr) return;
  const auto place = static_cast<std::size_t>(state - shape_.fields.data());
  bool kept = true, dissipative = origin_.kind != Origin::Kind::coarsened;
  for (const auto& [name, value] : origin_.of_model<Table>("terms").value_or(Table{})) {
    const models::Term term = models::parse_term(name, value);
    if (term.coefficient == 0) continue;
    kept = kept && (term.power == 0 ? term.derivative > 0 : term.derivative == 1);
    if (term.power > 0) {
      dissipative = dissipative && term.derivative == 1;
    } else if (term.derivative % 2 == 0) {
      // -lambda (ik)^d is the rate of a mode.
      dissipative = dissipative && (term.derivative % 4 == 0 ? value >= 0 : value <= 0);
    }
  }
  if (kept) means_.push_back({place, false});
  if (dissipative) energies_.push_back(place);
}

void BudgetCheck::means(Index trajectory, Index frame,
                        const std::vector<std::vector<float>>& fields, Tally& tally) {
  for (Mean& mean : means_) {
    Real sum = 0, size = 0, squares = 0;
    for (const float number : fields[mean.field]) {
      sum += static_cast<Real>(number);
      size += std::abs(static_cast<Real>(number));
      squares += static_cast<Real>(number) * static_cast<Real>(number);
    }
    const auto count = static_cast<Real>(fields[mean.field].size());
    sum /= count;
    if (frame == 0) mean.first = sum;
    // Both frames are rounded.
    const Real bound = 2 * rounding * size / count + smallest + drift * std::sqrt(squares / count);
    const std::string& path = shape_.fields[mean.field].path;
    if (mean.zero && std::abs(sum) > bound)
      tally.note(path + ": has a mean", trajectory, frame, fmt::format("{:.3g}", sum));
    if (!mean.zero && std::abs(sum - mean.first) > bound)
      tally.note(path + ": the mean is not kept", trajectory, frame,
                 fmt::format("{:.8g}, {:.8g} at first", sum, mean.first));
  }
}

void BudgetCheck::energy(Index trajectory, Index frame,
                         const std::vector<std::vector<float>>& fields, Tally& tally) {
  const Real time = frame > 0 ? shape_.times[at(frame)] - shape_.times[at(frame - 1)] : 0;
  for (std::size_t e = 0; e < energies_.size(); ++e) {
    const StoredField& field = shape_.fields[energies_[e]];
    Real sum = 0;
    for (const float number : fields[energies_[e]])
      sum += static_cast<Real>(number) * static_cast<Real>(number);
    const Real now = field.scale * field.scale * sum / static_cast<Real>(shape_.grid.points());
    const Real speed = std::sqrt(before_[e]) + gain_.speed * time;
    const Real most = (speed * speed + 2 * gain_.energy * time) * std::exp(gain_.relative * time);
    if (frame > 0 && now > (1 + growth) * most)
      tally.note(
          field.path + ": gains more energy than its forcing can give", trajectory, frame,
          fmt::format("{:.4g} from {:.4g}, at most {:.4g}", now / 2, before_[e] / 2, most / 2));
    before_[e] = now;
  }
}

void BudgetCheck::speeds(Index trajectory, Index frame,
                         const std::vector<std::vector<float>>& fields, Tally& tally) {
  for (const std::size_t f : speeds_) {
    const StoredField& field = shape_.fields[f];
    Real courant = 0;
    for (Index d = 0; d < field.elements; ++d) {
      Real speed = 0;
      for (std::size_t i = at(d); i < fields[f].size(); i += at(field.elements))
        speed = std::max(speed, std::abs(static_cast<Real>(fields[f][i])));
      courant = std::max(courant,
                         field.scale * speed * dt_ / shape_.grid.axis(static_cast<int>(d)).spacing);
    }
    if (courant > largest_courant)
      tally.note(field.path + ": is too fast for the time step", trajectory, frame,
                 fmt::format("a Courant number of {:.3g}", courant));
  }
}

void BudgetCheck::frame(Index trajectory, Index frame,
                        const std::vector<std::vector<float>>& fields, Tally& tally) {
  means(trajectory, frame, fields, tally);
  energy(trajectory, frame, fields, tally);
  // Coarsened fields are of the time step of another grid.
  if (origin_.kind != Origin::Kind::coarsened) speeds(trajectory, frame, fields, tally);
}

}  // namespace starling::datasets::check
