// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "io/results.hpp"
#include "plots/raster.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace starling::plots {

/// A result file as pictures see it. Throws InputError naming the file if it is none.
class Run {
 public:
  explicit Run(const std::string& file);

  const std::string& file() const { return results_.path(); }
  /// The file's name without folder and suffixes.
  const std::string& name() const { return name_; }
  std::string verb() const { return results_.verb(); }
  /// The title of the input; the file's name if it has none.
  std::string title() const { return config("title").empty() ? name_ : config("title"); }
  /// What was run, as far as the file says: model, filter, members, inflation.
  std::vector<std::string> facts() const;

  /// True if `dataset` is there and has at least one complete frame or number.
  bool has(const std::string& dataset) const;
  std::vector<std::string> datasets(const std::string& group) const {
    return results_.datasets(group);
  }
  std::vector<Real> read(const std::string& dataset) const { return results_.read(dataset); }
  /// What `dataset` is, with its unit if it has one; `otherwise` if the file does not say.
  std::string label(const std::string& dataset, const std::string& otherwise) const;

  /// Times of the frames of fields, of the cycles and of the diagnostics; empty if there are none.
  const std::vector<Real>& time() const { return time_; }
  const std::vector<Real>& cycle_time() const { return cycle_time_; }
  const std::vector<Real>& diagnostic_time() const { return diagnostic_time_; }

  /// Coordinates of the grid points; their number if the file gives no coordinates.
  const std::vector<Real>& x() const { return x_; }
  /// The domain they are in: periodic, so the interval after the last point belongs to it.
  Window domain() const;

  /// Directions of the grid that fields are on: 1, 2 or 3.
  int dimensions() const { return z_.empty() ? (y_.empty() ? 1 : 2) : 3; }
  const std::vector<Real>& y() const { return y_; }
  const std::vector<Real>& z() const { return z_; }
  /// Groups directly in a group: the members, the components of which are datasets each.
  std::vector<std::string> groups(const std::string& group) const {
    return results_.file().groups(group);
  }
  /// Complete frames of a dataset.
  Index frames(const std::string& dataset) const { return results_.shape(dataset).at(0); }
  /// Frame `frame` of a field in two dimensions, or of its middle z in three. Throws InputError if
  /// there is no such frame.
  Plane plane(const std::string& dataset, Index frame) const;

  /// The frames of a field whose times lie in `window`. Throws InputError if none does.
  Field field(const std::string& dataset, Window window) const;

  /// A number of /summary by its path, "scores/analysis/rmse".
  std::optional<Real> summary(const std::string& path) const;
  /// Standard deviation of the observation errors, if the input gives one.
  std::optional<Real> observation_error() const;

  /// True if the ranks counted are apart in space or time, so that they may pass for independent.
  bool ranks_are_apart() const;

  /// The resolved input: dotted key to value as written there, quotes taken off.
  const std::map<std::string, std::string>& config() const { return config_; }
  std::string config(const std::string& key) const;

 private:
  io::Results results_;
  std::string name_;
  bool unfinished_;
  std::vector<Real> time_, cycle_time_, diagnostic_time_, x_, y_, z_;
  std::map<std::string, std::string> config_;
  std::map<std::string, Real> summary_;
};

}  // namespace starling::plots
