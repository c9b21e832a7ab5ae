// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/common_output.hpp"

#include "core/error.hpp"

#include <numbers>
#include <utility>

namespace starling::campaigns {
namespace {

constexpr Index summary_capacity = 16384;

Index modes_of(const Domain& domain) { return domain.values() / 2 + 1; }

}  // namespace

CommonOutput::CommonOutput(io::SeriesFile& file, const OutputSettings& settings, Contents contents)
    : file_(file),
      contents_(std::move(contents)),
      precision_(settings.precision),
      numbers_(settings.members) {
  if (contents_.frames > 0) {
    frames_ = file_.axis("frames", contents_.frames);
    time_ = file_.series(frames_, {.name = "/time", .units = "model time", .long_name = "time"});
    for (const std::int64_t m : numbers_) {
      require(m < contents_.members,
              "output.members: {}: there is no such member; allowed: 0 to {}", m,
              contents_.members - 1);
      members_.push_back(field(fmt::format("/members/{}", m), contents_.member_name));
    }
  }
  coordinates_ = file_.fixed(
      {.name = "/coordinates/x", .shape = {contents_.domain.values()}, .long_name = "x"});
  if (contents_.spectra)
    wavenumbers_ = spectrum("/spectra/wavenumber", "wavenumber [rad / length]");
  config_ = file_.text("/config", static_cast<Index>(contents_.config.size()));
  summary_ = file_.text("/summary", summary_capacity);
}

io::Series CommonOutput::field(const std::string& name, const char* long_name) {
  return file_.series(frames_, {.name = name,
                                .shape = {contents_.domain.values()},
                                .mine = contents_.my_columns,
                                .units = "model units",
                                .long_name = long_name,
                                .stored = precision_});
}

io::Fixed CommonOutput::spectrum(const std::string& name, const char* long_name) {
  return file_.fixed({.name = name, .shape = {modes_of(contents_.domain)}, .long_name = long_name});
}

void CommonOutput::put(Index frame, Real time, const std::function<const Real*(Index)>& member) {
  file_.put(time_, frame, time);
  for (std::size_t i = 0; i < members_.size(); ++i)
    file_.put(members_[i], frame, member(numbers_[i]));
}

void CommonOutput::create(bool force) {
  file_.create(force);
  const Domain& domain = contents_.domain;
  std::vector<Real> numbers;
  for (Index j = 0; j < domain.values(); ++j) numbers.push_back(domain.axis().coordinate(j));
  file_.write(coordinates_, numbers.data());
  if (contents_.spectra) {
    numbers.clear();
    for (Index k = 0; k < modes_of(domain); ++k)
      numbers.push_back(2 * std::numbers::pi * static_cast<Real>(k) / domain.axis().length());
    file_.write(wavenumbers_, numbers.data());
  }
  file_.write(config_, contents_.config);
  file_.flush();
}

void CommonOutput::write(const Summary& summary) { file_.write(summary_, summary.json()); }

}  // namespace starling::campaigns
