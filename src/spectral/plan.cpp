// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/plan.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <fftw3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace starling::spectral {
namespace {

// An estimated plan would be a measured one of the same size, were there one in the wisdom: hides
// it for a while.
class WithoutWisdom {
 public:
  WithoutWisdom() : wisdom_(fftw_export_wisdom_to_string()) { fftw_forget_wisdom(); }
  ~WithoutWisdom() {
    fftw_forget_wisdom();
    fftw_import_wisdom_from_string(wisdom_);
    std::free(wisdom_);
  }
  WithoutWisdom(const WithoutWisdom&) = delete;
  WithoutWisdom& operator=(const WithoutWisdom&) = delete;

 private:
  char* wisdom_;
};

fftw_plan make_plan(int points, fftw_complex* in, fftw_complex* out, Plan::Direction direction,
                    Planning planning) {
  const int sign = direction == Plan::Direction::forward ? FFTW_FORWARD : FFTW_BACKWARD;
  if (planning == Planning::measured) return fftw_plan_dft_1d(points, in, out, sign, FFTW_MEASURE);
  const WithoutWisdom estimated;
  return fftw_plan_dft_1d(points, in, out, sign, FFTW_ESTIMATE);
}

}  // namespace

struct Plan::Impl {
  fftw_plan plan = nullptr;
  ~Impl() { fftw_destroy_plan(plan); }
};

Plan::Plan(Index points, Direction direction, Planning planning) : impl_(std::make_unique<Impl>()) {
  const auto n = static_cast<std::size_t>(points);
  const Array<Complex*> in("spectral::plan_in", n), out("spectral::plan_out", n);
  impl_->plan = make_plan(static_cast<int>(points), reinterpret_cast<fftw_complex*>(in.data()),
                          reinterpret_cast<fftw_complex*>(out.data()), direction, planning);
  require(impl_->plan != nullptr, "FFTW has no transform of {} points", points);
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

void Plan::execute(Complex* out, const Complex* in) const {
  // FFTW's interface is not const-correct; complex transforms preserve their input.
  fftw_execute_dft(impl_->plan, reinterpret_cast<fftw_complex*>(const_cast<Complex*>(in)),
                   reinterpret_cast<fftw_complex*>(out));
}

void read_wisdom(const std::string& file) {
  if (std::ifstream(file).good())
    require(fftw_import_wisdom_from_filename(file.c_str()) != 0,
            "{}: is no FFTW wisdom; allowed: a file written by a measured run, or a new name",
            file);
}

void share_wisdom(const std::string& file, MPI_Comm comm) {
  std::string wisdom;
  if (rank_of(comm) == 0) {
    char* text = fftw_export_wisdom_to_string();
    wisdom = text;
    std::free(text);
    const std::string part = file + ".part";
    std::ofstream(part) << wisdom;
    if (std::rename(part.c_str(), file.c_str()) != 0)
      throw IoError(fmt::format("{}: cannot be written", file));
  }
  auto length = static_cast<unsigned long>(wisdom.size());
  STARLING_MPI(MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, 0, comm));
  wisdom.resize(length);
  STARLING_MPI(MPI_Bcast(wisdom.data(), static_cast<int>(length), MPI_CHAR, 0, comm));
  if (rank_of(comm) != 0) fftw_import_wisdom_from_string(wisdom.c_str());
}

}  // namespace starling::spectral
