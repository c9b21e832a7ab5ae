// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/check/stored_file.hpp"
#include "datasets/check/well_format.hpp"

#include <optional>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// Samples at points beside the frames, /probes and /sensors, where a file has them: a row a
/// trajectory, units, finite, in the domain and in the time of the frames. What a probe saw at the
/// time of a frame is what that frame has at its grid point, but for rounding.
class PointCheck {
 public:
  /// Reads all samples; what is wrong with them is a finding.
  PointCheck(const StoredFile& file, const Shape& shape, Findings& findings);

  void frame(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
             Tally& tally);

 private:
  struct Series {
    std::string name;
    std::size_t field;
    Index element;
    std::vector<Real> values;  // [trajectory][look][probe]
  };

  std::optional<std::vector<Real>> read(const StoredFile& file, const std::string& name,
                                        Findings& findings) const;
  void read_group(const StoredFile& file, const std::string& group, Findings& findings);
  void read_probes(const StoredFile& file, Findings& findings);
  Index point(Index trajectory, Index probe) const;

  const Shape& shape_;
  std::vector<Series> series_;
  std::vector<Real> time_, place_;
  Index looks_ = 0, probes_ = 0;
};

}  // namespace starling::datasets::check
