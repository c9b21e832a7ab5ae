// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/settings.hpp"
#include "campaigns/summary.hpp"
#include "core/domain.hpp"
#include "io/series_file.hpp"

#include <functional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// What the result files of all campaigns share (docs/files.md): frames of fields and chosen
/// members, coordinates and wavenumbers, the resolved input, the summary.
class CommonOutput {
 public:
  struct Contents {
    Domain domain;
    Range my_columns;         ///< of the fields
    Index frames;             ///< of fields; 0 = none
    Index members;            ///< of the ensemble
    const char* member_name;  ///< long_name of a chosen member
    bool spectra;             ///< whether there are spectra that want wavenumbers
    std::string config;       ///< resolved
  };

  /// Declares all of it in `file`, which must outlive this. Throws InputError if there is no such
  /// member.
  CommonOutput(io::SeriesFile& file, const OutputSettings& settings, Contents contents);
  CommonOutput(const CommonOutput&) = delete;
  CommonOutput& operator=(const CommonOutput&) = delete;

  /// Declare a field of every frame (only where there are frames), and a spectrum.
  io::Series field(const std::string& name, const char* long_name);
  io::Fixed spectrum(const std::string& name, const char* long_name);

  /// Time and the chosen members of a frame; `member` gives my columns of one of them.
  void put(Index frame, Real time, const std::function<const Real*(Index)>& member);
  /// Makes the file and writes what does not change, so that a file that is still being written can
  /// be read and drawn. Collective; throws as SeriesFile::create.
  void create(bool force);
  void write(const Summary& summary);

 private:
  io::SeriesFile& file_;
  Contents contents_;
  io::Stored precision_;
  io::Axis frames_{};
  io::Series time_{};
  std::vector<std::int64_t> numbers_;
  std::vector<io::Series> members_;
  io::Fixed coordinates_{}, wavenumbers_{};
  io::Text config_{}, summary_{};
};

}  // namespace starling::campaigns
