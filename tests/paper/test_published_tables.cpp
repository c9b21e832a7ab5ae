// SPDX-License-Identifier: BSD-3-Clause
// Time-mean analysis RMSE of twin experiments against published numbers: the median over five
// seeds must be within max(0.005, 3 standard deviations over the seeds) of the median of the
// re-runs, or of the claim where nobody has run it again, or of what published.hpp expects where a
// cause is known. Printed beside it: the scatter, and in how many seeds the filter lost the truth;
// at the end the whole table.
#include "app/build.hpp"
#include "core/log.hpp"
#include "paper/published.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace starling;
using paper::Row;

constexpr int seeds = 5;

Real median(std::vector<Real> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Over the seeds that were not lost, with N - 1.
Real deviation(const std::vector<Real>& values) {
  Real sum = 0, squares = 0, count = 0;
  for (const Real x : values)
    if (std::isfinite(x)) sum += x, squares += x * x, ++count;
  if (count < 2) return 0;
  return std::sqrt(std::max<Real>(0, squares - sum * sum / count) / (count - 1));
}

struct Result {
  std::vector<Real> rmse;
  int lost = 0;
  std::string shown;
};

Result run(const Row& row, const std::string& directory) {
  Result result;
  for (int seed = 0; seed < seeds; ++seed) {
    std::vector<std::string> set = row.set;
    set.push_back("run.seed=" + std::to_string(3000 + seed));
    Config config = Config::read(std::string(STARLING_SOURCE_DIR) + "/inputs/" + row.input, set);
    campaigns::Options options;
    options.output = directory + "/seed" + std::to_string(seed) + ".h5";
    app::AssimilationRun run =
        app::build_assimilation(config, app::builtin_registry(), options, test_support::world());
    const campaigns::Summary summary = run.campaign->run();
    const bool lost = summary.has("divergence/cycle");
    const Real score = summary.value(
        lost && row.until_lost ? "scores/analysis/rmse_before_divergence" : "scores/analysis/rmse");
    // Lost during the burn-in: worse than any number.
    result.rmse.push_back(score > 0 ? score : std::numeric_limits<Real>::infinity());
    result.shown += fmt::format(" {:.4f}", result.rmse.back());
    if (!lost) continue;
    ++result.lost;
    result.shown += fmt::format(" (lost at {:.0f})", summary.value("divergence/cycle"));
  }
  return result;
}

std::string label(const Row& row) {
  std::string out = row.input.substr(0, row.input.rfind('.'));
  for (const std::string& each : row.set)
    out += fmt::format(" {}", each.substr(each.find('.') + 1));
  return out;
}

std::string number(Real value) { return value > 0 ? fmt::format("{:.4g}", value) : "-"; }

// What stands in the table that is printed when all rows have run, sorted.
class Table : public testing::Environment {
 public:
  struct Line {
    std::string text;
    bool judged, agrees;
  };
  void add(const Line& line) { lines_.push_back(line); }
  void TearDown() override {
    if (lines_.empty() || test_support::world_rank() != 0) return;
    std::sort(lines_.begin(), lines_.end(),
              [](const Line& a, const Line& b) { return a.text < b.text; });
    fmt::print("\n{:<84} {:>6} {:>7} {:>8} {:>8} {:>7}  {}\n", "row", "claim", "re-run", "expected",
               "Starling", "scatter", "lost");
    int judged = 0, agree = 0;
    for (const Line& line : lines_) {
      fmt::print("{}\n", line.text);
      judged += line.judged;
      agree += line.judged && line.agrees;
    }
    fmt::print("{} of {} rows with a number agree\n", agree, judged);
  }

 private:
  std::vector<Line> lines_;
};

Table& table() {
  static auto* const it = new Table;  // GoogleTest deletes it
  return *it;
}
[[maybe_unused]] const auto* const registered = testing::AddGlobalTestEnvironment(&table());

class PublishedTable : public testing::TestWithParam<Row> {};

TEST_P(PublishedTable, IsReproduced) {
  const Row& row = GetParam();
  const test_support::SharedDirectory directory;
  log::open(test_support::world(), "quiet");
  const Result result = run(row, (directory / "").string());
  const Real ours = median(result.rmse), scatter = deviation(result.rmse);
  const Real rerun = row.rerun.empty() ? 0 : median(row.rerun);
  const Real published = rerun > 0 ? rerun : row.claim;
  const Real expected = row.cause.expected.empty() ? published : median(row.cause.expected);
  const Real allowed = std::max(0.005, 3 * scatter);
  const bool judged = expected > 0, agrees = std::abs(ours - expected) <= allowed;
  table().add({fmt::format("{:<84} {:>6} {:>7} {:>8} {:>8.4f} {:>7.4f}  {} of {} {}{}", label(row),
                           number(row.claim), number(rerun), number(expected), ours, scatter,
                           result.lost, seeds,
                           !judged  ? "no number"
                           : agrees ? "agrees"
                                    : "DIFFERS",
                           row.cause.why.empty() ? "" : "; " + row.cause.why),
               judged, agrees});
  fmt::print("{}: Starling {:.4f} +- {:.4f} [{} ]\n", label(row), ours, scatter, result.shown);
  if (judged) {
    EXPECT_NEAR(ours, expected, allowed);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, PublishedTable, testing::ValuesIn(paper::rows()),
                         [](const auto& test) {
                           std::string name = label(test.param);
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

}  // namespace
