// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/time_mean.hpp"
#include "drivers/verbs.hpp"
#include "io/results.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace starling::drivers {
namespace {

// Cycles that the run itself left out of its averages; none for an unfinished file.
Index burn_in_of(const io::Results& results) {
  const auto summary = nlohmann::json::parse(results.file().read_text("/summary"), nullptr, false);
  if (summary.is_discarded() || !summary.contains("burn_in")) return 0;
  return summary["burn_in"].get<Index>();
}

void print_averages(const io::Results& results, const std::string& group, Index burn_in) {
  for (const std::string& name : results.datasets(group)) {
    if (name == "time") continue;
    const std::string path = group + "/" + name;
    if (results.shape(path).size() != 1) continue;
    const Index length = results.shape(path)[0];
    const std::vector<Real> series = results.read(path, {std::min(burn_in, length), length});
    const diagnostics::Estimate estimate = diagnostics::estimate_mean(series);
    fmt::print("  {:<34} {:>12.6g} +- {:<9.2g} {:>8} samples, correlation time {:.1f}\n",
               path.substr(1), estimate.mean, estimate.standard_error, estimate.samples,
               estimate.correlation_time);
  }
}

void print_flatness(const io::Results& results, const std::string& path) {
  if (!results.has(path)) return;
  const auto counts = results.file().read_integers(path);
  const diagnostics::FlatnessTest test = diagnostics::test_flatness(counts);
  fmt::print("  {:<34} chi2 {:.1f} of {} degrees, p = {:.3g}\n", path.substr(1), test.statistic,
             test.degrees, test.p_value);
}

}  // namespace

void score(const std::vector<std::string>& files, MPI_Comm world) {
  if (rank_of(world) != 0) return;
  for (const std::string& file : files) {
    const io::Results results(file);
    const Index burn_in = burn_in_of(results);
    fmt::print("{} ({}, first {} cycles left out)\n", file, results.verb(), burn_in);
    for (const char* group :
         {"/scores/background", "/scores/analysis", "/innovation", "/diagnostics"})
      print_averages(results, group, burn_in);
    print_flatness(results, "/rank_histogram/background");
    print_flatness(results, "/rank_histogram/analysis");
  }
}

}  // namespace starling::drivers
