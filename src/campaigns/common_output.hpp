// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/settings.hpp"
#include "campaigns/summary.hpp"
#include "core/columns.hpp"
#include "core/domain.hpp"
#include "io/series_file.hpp"

#include <functional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// A field of every frame: a dataset for each component, /fields/mean/NAME; the only one in one
/// dimension is /fields/mean.
struct FieldSeries {
  std::vector<io::Series> components;
  std::vector<Index> first;  ///< of my columns, for each component
};

/// What the result files of all campaigns share (docs/files.md): frames of fields and chosen
/// members, coordinates and wavenumbers, the resolved input, the summary.
class CommonOutput {
 public:
  struct Contents {
    Domain domain;
    Columns my_columns;             ///< of the fields
    Index frames;                   ///< of fields; 0 = none
    Index members;                  ///< of the ensemble
    const char* member_name;        ///< long_name of a chosen member
    std::vector<Real> wavenumbers;  ///< of the spectra, if there are any
    std::string config;             ///< resolved
  };

  /// Declares all of it in `file`, which must outlive this. Throws InputError if there is no such
  /// member.
  CommonOutput(io::SeriesFile& file, const OutputSettings& settings, Contents contents);
  CommonOutput(const CommonOutput&) = delete;
  CommonOutput& operator=(const CommonOutput&) = delete;

  const Domain& domain() const { return contents_.domain; }

  /// Declare a field of every frame (only where there are frames), and a spectrum.
  FieldSeries field(const std::string& name, const char* long_name);
  /// The same of one field on the grid of which this rank has other columns than of the others.
  io::Series field(const std::string& name, const Component& component, const io::Share& mine);
  io::Fixed spectrum(const std::string& name, const std::string& long_name,
                     const std::string& units = "1");

  /// Time and the chosen members of a frame; `member` gives my columns of one of them.
  void put(Index frame, Real time, const std::function<const Real*(Index)>& member);
  /// My columns of a frame of a field.
  void put(const FieldSeries& field, Index frame, const Real* mine);
  /// Makes the file and writes what does not change, so that a file that is still being written can
  /// be read and drawn. Collective; throws as SeriesFile::create.
  void create(bool force);
  void write(const Summary& summary);
  /// Gives the file its name; fields in two and three dimensions are described in XDMF beside it.
  /// Collective.
  void commit();

 private:
  io::SeriesFile& file_;
  Contents contents_;
  io::Stored precision_;
  io::Axis frames_{};
  io::Series time_{};
  std::vector<std::int64_t> numbers_;
  std::vector<FieldSeries> members_;
  std::vector<io::Fixed> coordinates_;
  io::Fixed wavenumbers_{};
  io::Text config_{}, summary_{};
};

/// Shape of a field on the grid of a domain: [z][y][x].
std::vector<Index> shape_of(const Domain& domain);

}  // namespace starling::campaigns
