// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/climate.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "datasets/field.hpp"
#include "datasets/wasserstein.hpp"
#include "diagnostics/spectrum.hpp"
#include "io/agree.hpp"
#include "spectral/real_transform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

std::vector<Axis> axes_of(const Domain& grid) {
  std::vector<Axis> axes;
  for (int d = 0; d < grid.dimensions(); ++d) axes.push_back(grid.axis(d));
  return axes;
}

bool same(const Domain& a, const Domain& b) {
  if (a.dimensions() != b.dimensions()) return false;
  for (int d = 0; d < a.dimensions(); ++d)
    if (a.axis(d).points != b.axis(d).points || a.axis(d).spacing != b.axis(d).spacing)
      return false;
  return true;
}

void bring(std::vector<float>& numbers, MPI_Comm comm) {
  const int mine = static_cast<int>(numbers.size());
  std::vector<int> counts(at(size_of(comm))), places(counts.size());
  STARLING_MPI(MPI_Gather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, comm));
  for (std::size_t r = 1; r < counts.size(); ++r) places[r] = places[r - 1] + counts[r - 1];
  std::vector<float> all(rank_of(comm) == 0 ? at(places.back() + counts.back()) : 0);
  STARLING_MPI(MPI_Gatherv(numbers.data(), mine, MPI_FLOAT, all.data(), counts.data(),
                           places.data(), MPI_FLOAT, 0, comm));
  numbers = std::move(all);
}

}  // namespace

// Work space for grids of one kind.
struct Climate::Tools {
  explicit Tools(const Domain& on)
      : grid(on),
        transform(on),
        velocity(Domain(axes_of(on), std::vector<Component>(at(on.dimensions())))),
        curl(Domain(axes_of(on), std::vector<Component>(on.dimensions() == 3 ? 3 : 1))),
        velocity_values(at(on.points() * on.dimensions())),
        curl_values(at(on.points() * (on.dimensions() == 3 ? 3 : 1))),
        sum(at(transform.coefficients())) {
    coefficients.assign(at(on.dimensions()), std::vector<Complex>(at(transform.coefficients())));
  }

  // d a / d axis - d b / d other, or the first alone.
  void differentiate(Real* out, std::size_t a, int axis, std::size_t b, int other) {
    for (Index i = 0; i < transform.coefficients(); ++i) {
      sum[at(i)] = Complex(0, transform.wavenumber(axis)[i]) * coefficients[a][at(i)];
      if (axis != other)
        sum[at(i)] -= Complex(0, transform.wavenumber(other)[i]) * coefficients[b][at(i)];
    }
    transform.to_values(out, sum.data());
  }

  Domain grid;
  spectral::RealTransform transform;
  diagnostics::Spectrum velocity, curl;
  std::vector<Real> velocity_values, curl_values;
  std::vector<std::vector<Complex>> coefficients;
  std::vector<Complex> sum;
};

Climate::Climate(std::vector<std::string> inputs) : inputs_(std::move(inputs)) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const std::string& name = inputs_[i];
    if (!name.starts_with("velocity") || !name.ends_with("_x")) continue;
    Velocity velocity{name.substr(8, name.size() - 10), {}};
    for (const char direction : {'x', 'y', 'z'}) {
      const auto found =
          std::find(inputs_.begin(), inputs_.end(), "velocity" + velocity.ending + '_' + direction);
      if (found != inputs_.end()) velocity.inputs.push_back(at(found - inputs_.begin()));
    }
    velocities_.push_back(std::move(velocity));
  }
}

Climate::~Climate() = default;
Climate::Climate(Climate&&) noexcept = default;
Climate& Climate::operator=(Climate&&) noexcept = default;

void Climate::prepare(const Domain& grid) {
  if (!tools_ || !same(tools_->grid, grid)) tools_ = std::make_unique<Tools>(grid);
  if (grid.dimensions() == 1 && velocities_.empty()) velocities_.push_back({"", {0}});
  values_.resize(inputs_.size() + 2 * velocities_.size());
}

void Climate::take(const Velocity& velocity, const Inputs& frame) {
  Tools& tools = *tools_;
  const Index points = tools.grid.points();
  STARLING_ASSERT(static_cast<int>(velocity.inputs.size()) == tools.grid.dimensions());
  for (std::size_t d = 0; d < velocity.inputs.size(); ++d) {
    Real* out = tools.velocity_values.data() + static_cast<Index>(d) * points;
    for (Index p = 0; p < points; ++p)
      out[transposed(tools.grid, p)] = static_cast<Real>(frame[velocity.inputs[d]][at(p)]);
    tools.transform.to_coefficients(tools.coefficients[d].data(), out);
  }
  Real* curl = tools.curl_values.data();
  if (tools.grid.dimensions() == 1) tools.differentiate(curl, 0, 0, 0, 0);
  if (tools.grid.dimensions() == 2) tools.differentiate(curl, 1, 0, 0, 1);
  if (tools.grid.dimensions() == 3)
    for (int d = 0; d < 3; ++d) {
      const int a = (d + 1) % 3, b = (d + 2) % 3;
      tools.differentiate(curl + d * points, at(b), a, at(a), b);
    }
}

void Climate::add_values(const Domain& grid, const Inputs& frame) {
  prepare(grid);
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    values_[i].insert(values_[i].end(), frame[i].begin(), frame[i].end());
  for (std::size_t v = 0; v < velocities_.size(); ++v) {
    take(velocities_[v], frame);
    std::size_t place = inputs_.size() + 2 * v;
    for (const std::vector<Real>* field : {&tools_->velocity_values, &tools_->curl_values}) {
      for (Index p = 0; p < grid.points(); ++p) {
        Real square = 0;
        for (std::size_t i = at(p); i < field->size(); i += at(grid.points()))
          square += (*field)[i] * (*field)[i];
        values_[place].push_back(static_cast<float>(square));
      }
      ++place;
    }
  }
}

void Climate::add_spectra(const Domain& grid, const Inputs& frame) {
  prepare(grid);
  const auto wavenumbers = tools_->velocity.wavenumbers();
  count_modes(grid, wavenumbers);
  std::vector<Real> spectrum(wavenumbers.size());
  std::size_t place = 0;
  for (const Velocity& velocity : velocities_) {
    take(velocity, frame);
    tools_->velocity.evaluate(spectrum.data(), tools_->velocity_values.data());
    add_spectrum(place++, "kinetic_energy" + velocity.ending + "_spectrum", spectrum);
    tools_->curl.evaluate(spectrum.data(), tools_->curl_values.data());
    add_spectrum(place++, "enstrophy" + velocity.ending + "_spectrum", spectrum);
  }
}

void Climate::add_spectra(const Domain& grid, const std::vector<std::string>& names,
                          const std::vector<Real>& wavenumbers, const std::vector<Real>& spectra) {
  count_modes(grid, wavenumbers);
  const auto bins = static_cast<Index>(wavenumbers.size());
  for (std::size_t s = 0; s < names.size(); ++s) {
    const auto from = spectra.begin() + static_cast<Index>(s) * bins;
    add_spectrum(s, names[s], {from, from + bins});
  }
}

void Climate::count_modes(const Domain& grid, const std::vector<Real>& wavenumbers) {
  Real nyquist = std::numeric_limits<Real>::infinity();
  for (int d = 0; d < grid.dimensions(); ++d)
    nyquist = std::min(nyquist, std::numbers::pi / grid.axis(d).spacing);
  cut_ = static_cast<Index>(std::count_if(wavenumbers.begin(), wavenumbers.end(), [&](Real k) {
    return k < 2 * nyquist / 3 * (1 - 1e-12);
  }));
  spectra_count_ += 1;
}

void Climate::add_spectrum(std::size_t place, const std::string& name,
                           const std::vector<Real>& spectrum) {
  if (place == spectra_.size()) {
    spectra_.emplace_back(spectrum.size(), 0);
    spectra_names_.push_back(name);
  }
  require(spectra_names_[place] == name && spectra_[place].size() == spectrum.size(),
          "spectra of grids of different points; allowed: the same");
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectra_[place][k] += spectrum[k];
}

void Climate::gather(MPI_Comm comm) {
  // A rank without a frame knows no sizes and no names.
  int sizes[2] = {static_cast<int>(values_.size()), static_cast<int>(cut_)};
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sizes, 2, MPI_INT, MPI_MAX, comm));
  values_.resize(at(sizes[0]));
  cut_ = sizes[1];
  if (velocities_.size() < (values_.size() - std::min(values_.size(), inputs_.size())) / 2)
    velocities_.push_back({"", {0}});
  for (auto& numbers : values_) {
    bring(numbers, comm);
    std::sort(numbers.begin(), numbers.end());
  }
  int knows = spectra_names_.empty() ? size_of(comm) : rank_of(comm);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &knows, 1, MPI_INT, MPI_MIN, comm));
  if (knows < size_of(comm)) {
    std::string names = fmt::format("{}", fmt::join(spectra_names_, "\n"));
    io::share_text(comm, names, knows);
    std::istringstream lines(names);
    spectra_names_.clear();
    for (std::string name; std::getline(lines, name);) spectra_names_.push_back(name);
  }
  spectra_.resize(spectra_names_.size());
  for (auto& sums : spectra_) {
    int modes = static_cast<int>(sums.size());
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &modes, 1, MPI_INT, MPI_MAX, comm));
    sums.resize(at(modes), 0);
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums.data(), modes, MPI_DOUBLE, MPI_SUM, comm));
  }
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &spectra_count_, 1, MPI_DOUBLE, MPI_SUM, comm));
}

bool Climate::empty() const { return values_.empty() || values_.front().empty(); }

std::vector<std::pair<std::string, Real>> Climate::distances(const Climate& other) const {
  require(values_.size() == other.values_.size() && spectra_names_ == other.spectra_names_,
          "climates of different fields; allowed: the same");
  std::vector<std::pair<std::string, Real>> out;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    out.emplace_back(inputs_[i], wasserstein1(values_[i], other.values_[i]));
  const char* names[] = {"kinetic_energy", "enstrophy"};
  for (std::size_t v = 0; v < velocities_.size(); ++v)
    for (std::size_t q = 0; q < 2; ++q) {
      const std::size_t i = inputs_.size() + 2 * v + q;
      out.emplace_back(names[q] + velocities_[v].ending,
                       wasserstein1(values_[i], other.values_[i]));
    }
  for (std::size_t s = 0; s < spectra_.size(); ++s) {
    Real sum = 0;
    for (Index k = 0; k < cut_; ++k) {
      const Real difference =
          spectra_[s][at(k)] / spectra_count_ - other.spectra_[s][at(k)] / other.spectra_count_;
      sum += difference * difference / static_cast<Real>(cut_);
    }
    out.emplace_back(spectra_names_[s], std::sqrt(sum));
  }
  return out;
}

}  // namespace starling::datasets
