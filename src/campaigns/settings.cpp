// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/settings.hpp"

#include "core/error.hpp"
#include "datasets/settings.hpp"

#include <cmath>
#include <filesystem>

namespace starling::campaigns {

const Schema& run_schema() { return datasets::run_schema(); }

const Schema& OutputSettings::schema() {
  static const Schema keys = {
      Key::text("file", "result file; default: the input's name with .h5, in the working directory")
          .otherwise(""),
      Key::integer("fields_every", "frames of fields: every so many cycles or outputs; 0 = none")
          .at_least(0)
          .otherwise(1),
      Key::integers("members", "numbers of the members written one by one")
          .at_least(0)
          .otherwise(Value(std::vector<std::int64_t>{})),
      Key::texts("derived",
                 "simulate: fields that follow from the state, written for these members; see "
                 "`starling describe MODEL`")
          .otherwise(Value(std::vector<std::string>{})),
      Key::text("precision", "of fields in the file")
          .one_of({"single", "double"})
          .otherwise("double"),
      Key::real("checkpoint_every", "wall time between checkpoints [s]; 0 = at every opportunity")
          .at_least(0)
          .otherwise(600.0),
  };
  return keys;
}

OutputSettings::OutputSettings(const Section& section, const Options& options)
    : file(options.output.empty() ? section.text("file") : options.output),
      fields_every(section.integer("fields_every")),
      members(section.integers("members")),
      derived(section.texts("derived")),
      precision(section.text("precision") == "single" ? io::Stored::real32 : io::Stored::real64),
      checkpoint_seconds(section.real("checkpoint_every")) {
  if (file.empty()) file = std::filesystem::path(options.input).stem().string() + ".h5";
}

std::string describe_failure(const ensemble::Failure& failure, const ensemble::Ensemble& ensemble) {
  const Index each = ensemble.members_per_state(), first = failure.row * each;
  std::string who = fmt::format("member {}", first);
  if (failure.row < 0) {
    who = "the truth";
  } else if (each == 2 && first + 1 < ensemble.size()) {
    // The transform of a packed pair spreads a NaN over both.
    who = fmt::format("member {} or {} (stepped as one pair)", first, first + 1);
  }
  std::string known;
  if (std::isfinite(failure.courant))
    known = fmt::format(" (its Courant number was {:.3g} at time {})", failure.courant,
                        ensemble.dt() * static_cast<Real>(failure.courant_step));
  return fmt::format(
      "{} is not finite any more at time {} (step {}): the forecast blew up{}; a smaller "
      "stepper.dt may help",
      who, ensemble.dt() * static_cast<Real>(failure.step + 1), failure.step + 1, known);
}

Index steps_of(const Section& section, const char* key, Real dt) {
  const Real steps = std::round(section.real(key) / dt);
  if (!(steps < 0x1p53)) section.fail(key, fmt::format("is too long for steps of {}", dt), "less");
  if (std::abs(steps * dt - section.real(key)) > 1e-9 * std::max(1.0, steps) * dt)
    section.fail(key, fmt::format("is no multiple of the time step {}", dt),
                 "a whole number of steps");
  return static_cast<Index>(steps);
}

}  // namespace starling::campaigns
