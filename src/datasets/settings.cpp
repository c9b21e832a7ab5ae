// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/settings.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "datasets/sweep.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>
#include <set>

namespace starling::datasets {
namespace {

void check_name(const Section& section, const char* key, const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed))
    section.fail(key, "is no name of files", "lower-case letters, digits and _");
}

std::vector<std::string> first_parts(const std::vector<std::string>& names) {
  std::set<std::string> parts;
  for (const std::string& name : names) parts.insert(name.substr(0, name.find('.')));
  return {parts.begin(), parts.end()};
}

// A permutation of 0 ... count - 1 (Fisher and Yates).
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  const Stream random(seed, Purpose::data_split, 0, 0);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1],
              order[static_cast<std::size_t>(random.uniform(i) * static_cast<Real>(i))]);
  return order;
}

// The split of each of `count` things: shares rounded, none empty where there are three things.
std::vector<std::string> splits_of(std::size_t count, const Split& split) {
  const auto n = static_cast<Real>(count);
  auto train = static_cast<std::size_t>(std::lround(split.train * n));
  auto valid = static_cast<std::size_t>(std::lround(split.valid * n));
  const bool has_test = split.train + split.valid < 1 - 1e-9;
  if (count >= 3) {
    if (split.valid > 0) valid = std::max<std::size_t>(valid, 1);
    train = std::clamp<std::size_t>(train, 1, count - valid - (has_test ? 1 : 0));
  }
  std::vector<std::string> names(count, "test");
  const auto order = shuffled(count, split.seed);
  for (std::size_t i = 0; i < count; ++i)
    if (i < train + valid) names[order[i]] = i < train ? "train" : "valid";
  return names;
}

}  // namespace

const Schema& Level::schema() {
  static const Schema keys = {
      Key::texts("operators",
                 "how the first level is brought to this one for pairs: op1 sharp, op2 Gaussian, "
                 "op3 filter and block mean")
          .one_of(coarse_operators())
          .otherwise(Value(std::vector<std::string>{})),
      Key::boolean("restarted", "whether it is run from coarsened states of the first level, too")
          .otherwise(Value(false)),
  };
  return keys;
}

const Schema& Settings::schema() {
  static const Schema keys = {
      Key::text("name", "of the system and the case: qg2l_eddy"),
      Key::text("folder", "where it goes: a folder of its name in this one").otherwise("runs"),
      Key::text("high", "what the level of [model] is called").otherwise("hf"),
      Key::integer("trajectories", "of each parameter set").at_least(1),
      Key::integer("trajectories_per_file", "at most").at_least(1).at_most(64).otherwise(1),
      Key::integer("frames", "after the first; with [assimilation] cycles are the frames")
          .at_least(1)
          .optional(),
      Key::real("frame_interval", "time between frames").above(0).optional(),
      Key::boolean("members", "with [assimilation]: the members as a data set of their own, too")
          .otherwise(Value(false)),
      Key::real("spin_up", "time before the first frame").at_least(0).otherwise(0.0),
      Key::integer("segment", "frames between two restarts of restarted levels; 0: none")
          .at_least(0)
          .otherwise(0),
      Key::texts("derived", "fields besides the state")
          .otherwise(Value(std::vector<std::string>{})),
      Key::table("scales", "published = value / scale: scales.q1 = 1e-6").optional(),
      Key::text("licence", "of the data").otherwise("CC-BY-4.0"),
      Key::text("citation", "how to cite the data").otherwise(""),
  };
  return keys;
}

Settings::Settings(Config& config) {
  const Section section = config.section("dataset", schema());
  name = section.text("name");
  folder = section.text("folder");
  high = section.text("high");
  check_name(section, "name", name);
  check_name(section, "high", high);
  trajectories = section.integer("trajectories");
  per_file = section.integer("trajectories_per_file");
  is_sequence = config.has("assimilation");
  members = section.boolean("members");
  for (const char* key : {"frames", "frame_interval"}) {
    if (is_sequence && section.has(key))
      section.fail(key, "is told by [assimilation] and [observations]", "no such key");
    if (!is_sequence && !section.has(key)) section.fail(key, "is missing", "a number > 0");
  }
  frames = is_sequence ? 0 : section.integer("frames");
  interval = is_sequence ? 0 : section.real("frame_interval");
  spin_up = section.real("spin_up");
  segment = section.integer("segment");
  if (segment > 0 && frames % segment != 0)
    section.fail("segment", "does not divide the frames", "a divisor of dataset.frames");
  derived = section.texts("derived");
  if (section.has("scales")) scales = section.table("scales");
  if (is_sequence && per_file != 1)
    section.fail("trajectories_per_file", "is more than a sequence", "1 with [assimilation]");
  licence = section.text("licence");
  citation = section.text("citation");
  for (const std::string& each : first_parts(config.sections_below("level"))) {
    const Section part = config.section("level." + each, Level::schema());
    Level level;
    level.name = each;
    for (const std::string& kind : part.texts("operators"))
      level.operators.push_back(coarse_operator(kind));
    level.restarted = part.boolean("restarted");
    if (level.restarted && segment == 0)
      part.fail("restarted", "needs dataset.segment", "false, or dataset.segment > 0");
    if (each == high || each.find_first_of("0123456789") != std::string::npos)
      part.fail("operators", "belongs to a level with the name " + each,
                "letters and _, the resolution is added; not " + high);
    levels.push_back(level);
  }
}

const Schema& run_schema() {
  static const Schema keys = {
      Key::integer("seed",
                   "of all random numbers: the same seed gives the same members on any "
                   "number of ranks")
          .at_least(0)
          .otherwise(1),
  };
  return keys;
}

const Schema& Split::schema() {
  static const Schema keys = {
      Key::real("train", "share of the training split").above(0).at_most(1).otherwise(0.8),
      Key::real("valid", "share of the validation split; the rest is test")
          .at_least(0)
          .below(1)
          .otherwise(0.1),
      Key::text("by", "trajectory: files are dealt; parameter: parameter sets are")
          .one_of({"trajectory", "parameter"})
          .otherwise("trajectory"),
      Key::integer("seed", "of the deal").at_least(0).otherwise(1),
  };
  return keys;
}

Split::Split(const Section& section)
    : train(section.real("train")),
      valid(section.real("valid")),
      by_parameter(section.text("by") == "parameter"),
      seed(static_cast<std::uint64_t>(section.integer("seed"))) {
  if (train + valid > 1 + 1e-9)
    section.fail("valid", "leaves less than nothing", "train + valid <= 1");
}

const Schema& Sibling::schema() {
  static const Schema keys = {
      Key::text("kind", "what is beyond the training split")
          .one_of({"parameter", "initial", "resolution"}),
      Key::texts("set", "section.key=value: how the input is changed"),
  };
  return keys;
}

std::vector<Sibling> read_siblings(Config& config) {
  std::vector<Sibling> siblings;
  for (const std::string& name : config.sections_below("sibling")) {
    const Section section = config.section("sibling." + name, Sibling::schema());
    check_name(section, "kind", name);
    siblings.push_back({name, section.text("kind"), section.texts("set")});
  }
  return siblings;
}

std::vector<Row> make_rows(const std::string& config, const std::string& file,
                           const std::vector<std::string>& set, const Sibling& sibling,
                           Index first_row, Index first_trajectory) {
  std::vector<std::string> overrides = set;
  overrides.insert(overrides.end(), sibling.set.begin(), sibling.set.end());
  Config parsed = Config::parse(config, file, overrides);
  const Settings settings(parsed);
  const Split split(parsed.section("split", Split::schema()));
  const Sweep sweep(parsed);
  const std::int64_t seed = parsed.section("run", run_schema()).integer("seed");

  std::vector<Row> rows;
  std::vector<std::size_t> set_of_row;
  for (std::size_t s = 0; s < sweep.sets().size(); ++s)
    for (Index first = 0; first < settings.trajectories; first += settings.per_file) {
      Row row;
      row.number = first_row + static_cast<Index>(rows.size());
      row.sibling = sibling.name;
      row.dataset = settings.name + (sibling.name.empty() ? "" : "_" + sibling.name);
      row.set = overrides;
      for (std::size_t p = 0; p < sweep.parameters().size(); ++p) {
        const SweptParameter& parameter = sweep.parameters()[p];
        const Real value = sweep.sets()[s][p];
        row.set.push_back(parameter.key + "=" + to_toml(Value(value)));
        row.parameters.emplace_back(parameter.name, value);
      }
      row.first = first_trajectory + static_cast<Index>(s) * settings.trajectories + first;
      row.count = std::min(settings.per_file, settings.trajectories - first);
      if (settings.is_sequence) {
        // Its truth, observations and members are another draw each.
        row.kind = "sequence";
        row.set.push_back(fmt::format("run.seed={}", seed + row.first));
      }
      row.config = config;
      rows.push_back(std::move(row));
      set_of_row.push_back(s);
    }
  // How chaotic each parameter set is; the first trajectory tells.
  if (parsed.has("lyapunov"))
    for (std::size_t s = 0; s < sweep.sets().size(); ++s) {
      Row row = *std::find_if(rows.begin(), rows.end(), [&, r = rows.data()](const Row& each) {
        return set_of_row[static_cast<std::size_t>(&each - r)] == s;
      });
      row.number = first_row + static_cast<Index>(rows.size());
      row.kind = "chaos";
      row.count = 1;
      rows.push_back(std::move(row));
      set_of_row.push_back(s);
    }
  if (!sibling.name.empty()) {
    for (Row& row : rows) row.split = "test";
    return rows;
  }
  const auto files = static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.kind != "chaos"; }));
  const auto names = splits_of(split.by_parameter ? sweep.sets().size() : files, split);
  for (std::size_t r = 0; r < files; ++r)
    rows[r].split = names[split.by_parameter ? set_of_row[r] : r];
  return rows;
}

std::string resolution_of(const Domain& grid) {
  std::string text = std::to_string(grid.axis(0).points);
  bool same = true;
  for (int d = 1; d < grid.dimensions(); ++d)
    same = same && grid.axis(d).points == grid.axis(0).points;
  for (int d = 1; d < grid.dimensions() && !same; ++d)
    text += "x" + std::to_string(grid.axis(d).points);
  return text;
}

}  // namespace starling::datasets
