// SPDX-License-Identifier: BSD-3-Clause
#include "app/build.hpp"

#include "app/estimates.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "filters/gaussian_filter.hpp"
#include "io/agree.hpp"
#include "models/adaptive_stepper.hpp"
#include "models/augmented.hpp"
#include "spectral/plan.hpp"

#include <functional>
#include <utility>

namespace starling::app {
namespace {

struct Basics {
  std::string title;
  std::uint64_t seed;
  campaigns::OutputSettings output;
};

Basics read_basics(Config& config, const campaigns::Options& options) {
  const Section top = config.section("", top_schema());
  const Section run = config.section("run", campaigns::run_schema());
  const Section output = config.section("output", campaigns::OutputSettings::schema());
  return {top.text("title"), static_cast<std::uint64_t>(run.integer("seed")),
          campaigns::OutputSettings(output, options)};
}

// [model_error] or the same below `prefix`, if there is one.
std::optional<ensemble::ModelError> read_model_error(Config& config, const std::string& prefix,
                                                     const System& system, std::uint64_t seed,
                                                     Purpose purpose) {
  const std::string name = prefix + "model_error";
  if (!config.has(name)) return std::nullopt;
  return ensemble::ModelError(config.section(name, ensemble::ModelError::schema()),
                              system.model->domain(), seed, purpose, system.values());
}

// Whether a truth is observed, not a file read.
bool is_twin(Config& config) {
  return config.choice("observations", "source", {"twin", "file"}) == "twin";
}

// Everything up to the ensemble.
Basics begin(Run& run, Config& config, const Registry& registry, const campaigns::Options& options,
             MPI_Comm world, bool estimates) {
  Basics basics = read_basics(config, options);
  run.processes = std::make_unique<ProcessGrid>(world, options.ranks_per_member);
  if (estimates) run.sensors = read_sensors(config, "", is_twin(config));
  run.system = build_system(config, registry, "", *run.processes, estimates, run.sensors);
  const models::Model& model = *run.system.model;
  std::vector<Real> reference(static_cast<std::size_t>(model.dofs()));
  model.reference(reference.data());
  run.initial = std::make_unique<campaigns::Initial>(
      config.section("ensemble", campaigns::Initial::schema()), model.domain(), run.system.values(),
      reference, [&model](Real* member, Index number) { model.draw(member, number); },
      run.system.forecast->dt(), basics.seed, run.system.extras);
  run.ensemble = std::make_unique<ensemble::Ensemble>(
      *run.processes, *run.system.forecast, run.initial->members(),
      read_model_error(config, "", run.system, basics.seed, Purpose::model_error));
  return basics;
}

// The whole input has been read: `name` stands for a missing title. The test table is no part of
// what a run is.
void finish(Run& run, Config& config, const Basics& basics, const std::string& name) {
  run.title = basics.title.empty() ? name : basics.title;
  run.config = config.resolved();
  config.section("test", test_schema());
  config.require_all_read();
  if (rank_of(run.processes->world()) > 0) return;
  for (const std::string& key : config.left_out())
    log::warning("{}: left out: it belongs to what --set replaced", key);
}

std::unique_ptr<models::Model> make_model(const models::ModelEntry& entry, const Section& section,
                                          const ProcessGrid& processes) {
  MPI_Comm space = processes.space();
  if (!section.has("fft") || section.text("fft") == "estimate") return entry.make(section, space);
  // Rank 0 measures, everybody takes its plans.
  const std::string wisdom = section.text("wisdom");
  std::unique_ptr<models::Model> model;
  if (size_of(space) > 1) {
    // Each has transforms of its own to measure; what rank 0 measured is kept.
    spectral::read_wisdom(wisdom);
    model = entry.make(section, space);
    spectral::share_wisdom(wisdom, processes.world());
    return model;
  }
  io::on_root(processes.world(), [&] {
    spectral::read_wisdom(wisdom);
    model = entry.make(section, space);
  });
  spectral::share_wisdom(wisdom, processes.world());
  return model ? std::move(model) : entry.make(section, space);
}

// Weights are interpolated on lines and planes of one field.
Index line_of(const Domain& domain, bool shared) {
  if (shared || domain.dimensions() > 2 || domain.components().size() > 1) return -1;
  return domain.dimensions() == 2 ? domain.axis().points : 0;
}

filters::FilterContext filter_context(const AssimilationRun& run, const Domain& domain,
                                      std::uint64_t seed) {
  const ProcessGrid& processes = *run.processes;
  const bool shared = size_of(processes.space()) > 1;
  const Columns values = run.system.values();
  const Index dofs = run.ensemble->dofs(), observations = run.source->max_size();
  return {.comm = processes.members(),
          .members = run.ensemble->size(),
          .observations = ensemble::MembersTranspose::widest_share(processes, observations,
                                                                   filters::observation_block),
          .seed = seed,
          .columns = deal(dofs, processes.groups(), processes.group(), dof_block),
          .dofs = dofs,
          .all_observations = observations,
          .geometry = geometry_of(domain),
          .place =
              [domain, values](Index dof) {
                if (dof < values.count()) return place_of(domain, values.global(dof));
                return Place{.everywhere = true};
              },
          .number = shared ? [values](Index dof) { return values.global(dof); }
                           : std::function<Index(Index)>(),
          .line = line_of(domain, shared)};
}

filters::ParticleContext particle_context(const AssimilationRun& run, std::uint64_t seed) {
  return {.comm = run.processes->members(),
          .particles = run.ensemble->size(),
          .owned = run.ensemble->owned(),
          .dofs = run.ensemble->dofs(),
          .observations = run.source->max_size(),
          .seed = seed};
}

std::unique_ptr<steppers::Stepper> make_stepper(const steppers::Scheme& scheme,
                                                models::Model& model, const Section& section) {
  if (!section.has("cfl")) return scheme.make(model, section);
  if (scheme.make(model, section)->history() > 0)
    section.fail("cfl", fmt::format("{} keeps earlier steps", scheme.name), "one-step schemes");
  return std::make_unique<models::AdaptiveStepper>(
      model, section.real("dt"), section.real("cfl"), section.integer("most_parts"),
      [&](Real dt) { return scheme.maker(model, dt, section); });
}

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

// Where ranks share members, each updates its part with weights from observations that all know.
void check_shared(const Run& run, const filters::FilterEntry& entry, bool estimates) {
  if (size_of(run.processes->space()) == 1) return;
  const auto allowed = [&](bool fits, const char* what) {
    require(fits, "--ranks-per-member {}: {}; allowed: 1", size_of(run.processes->space()), what);
  };
  allowed(std::holds_alternative<filters::FilterMaker>(entry.make),
          "particle and iterative filters need whole members on a rank");
  allowed(!estimates, "[estimate] needs whole members on a rank");
}

// Makes a filter for so many members, as often as it is asked. One case for each kind.
std::function<filters::AnyFilter(Index)> filter_maker(
    const filters::FilterEntry& entry, const Section& section, const AssimilationRun& run,
    const Domain& domain, std::uint64_t seed, const campaigns::ClimatologySettings& climatology) {
  filters::FilterContext context = filter_context(run, domain, seed);
  context.climatology = climatology.rank(context.dofs);
  const filters::ParticleContext particles = particle_context(run, seed);
  return [make = entry.make, section, context, particles](Index members) mutable {
    using Made = filters::AnyFilter;
    context.members = members;
    return std::visit(
        Match{[&](filters::FilterMaker maker) -> Made { return maker(section, context); },
              [&](filters::ParticleFilterMaker maker) -> Made { return maker(section, particles); },
              [&](filters::IterativeFilterMaker maker) -> Made { return maker(section, context); }},
        make);
  };
}

Cost cost_of(const Run& run, Index steps, Real bytes_written, Real bytes_of_campaign) {
  const ensemble::Ensemble& ensemble = *run.ensemble;
  const models::Integrator& forecast = *run.system.forecast;
  const auto width = static_cast<Real>(forecast.width() + forecast.history_width());
  Cost cost;
  cost.bytes_of_states = 8 * width * static_cast<Real>(ensemble.states().extent(0));
  cost.bytes_of_members = 8 * static_cast<Real>(ensemble.owned().size() * ensemble.dofs());
  cost.bytes_of_campaign = bytes_of_campaign;
  cost.bytes_written = bytes_written;
  cost.steps = static_cast<Real>(steps);
  cost.flops = cost.steps * static_cast<Real>(ensemble.all_states()) * forecast.flops();
  return cost;
}

}  // namespace

const Schema& top_schema() {
  static const Schema keys = {
      Key::text("title", "of the experiment, for logs and pictures").otherwise(""),
      Key::text("reference", "where it was published").otherwise(""),
  };
  return keys;
}

const Schema& test_schema() {
  static const Schema keys = {
      Key::integers("ranks", "to run on").otherwise(Value(std::vector<std::int64_t>{1})),
      Key::texts("set", "overrides that make it short")
          .otherwise(Value(std::vector<std::string>{})),
  };
  return keys;
}

Key name_key(const std::string& what, const std::vector<std::string>& choices) {
  return Key::text("name", what).one_of(choices);
}

Schema stepper_schema(const Registry& registry) {
  return {
      Key::text("scheme", "time integrator").one_of(names(registry.schemes)),
      Key::real("dt", "time step [time units of the model]").above(0),
      Key::real("cfl",
                "largest Courant number of a step; a step beyond it is made in 2, 4, ... equal "
                "parts. One-step schemes, models that are advected")
          .above(0)
          .optional(),
      Key::integer("most_parts", "of a step, with cfl").at_least(1).otherwise(16),
  };
}

System build_system(Config& config, const Registry& registry, const std::string& prefix,
                    const ProcessGrid& processes, bool estimates,
                    const std::vector<observations::Sensor>& sensors) {
  System system;
  const std::string section = prefix + "model";
  system.name = config.choice(section, "name", names(registry.models));
  const models::ModelEntry& entry = find(registry.models, system.name);
  const Schema name = {name_key("the equation", names(registry.models))};
  require(entry.shared || size_of(processes.space()) == 1,
          "--ranks-per-member {}: the model '{}' keeps a member on one rank; allowed: 1",
          size_of(processes.space()), entry.name);
  system.model = make_model(entry, config.section(section, name + entry.schema), processes);

  if (estimates) system.extras = read_estimates(config, *system.model, sensors);
  if (!system.extras.empty())
    system.model = std::make_unique<models::Augmented>(std::move(system.model), system.extras);

  const std::string name_of_scheme =
      config.choice(prefix + "stepper", "scheme", names(registry.schemes));
  const steppers::Scheme& scheme = find(registry.schemes, name_of_scheme);
  const Section stepper =
      config.section(prefix + "stepper", stepper_schema(registry) + scheme.schema);
  system.forecast = std::make_unique<models::Integrator>(
      *system.model, make_stepper(scheme, *system.model, stepper));
  return system;
}

SimulationRun build_simulation(Config& config, const Registry& registry,
                               const campaigns::Options& options, MPI_Comm world) {
  SimulationRun run;
  const Basics basics = begin(run, config, registry, options, world, false);
  const Domain domain = run.system.model->domain();
  const Real dt = run.system.forecast->dt();
  const Section settings = config.section("simulation", campaigns::simulation_schema());
  std::optional<diagnostics::LyapunovSettings> lyapunov;
  if (config.has("lyapunov"))
    lyapunov = campaigns::lyapunov_settings(
        config.section("lyapunov", campaigns::lyapunov_schema()), dt, basics.seed);
  require(!lyapunov || size_of(run.processes->space()) == 1,
          "--ranks-per-member {}: [lyapunov] needs whole members on a rank; allowed: 1",
          size_of(run.processes->space()));
  finish(run, config, basics, run.system.name);
  run.campaign = std::make_unique<campaigns::Simulation>(
      campaigns::Simulation::Parts{*run.processes, *run.system.forecast, *run.ensemble,
                                   *run.initial, *run.system.model, domain, run.title, run.config,
                                   basics.seed, lyapunov},
      settings, basics.output, options);
  run.cost = cost_of(run, run.campaign->steps(), run.campaign->bytes(), run.campaign->memory());
  return run;
}

AssimilationRun build_assimilation(Config& config, const Registry& registry,
                                   const campaigns::Options& options, MPI_Comm world) {
  AssimilationRun run;
  const Basics basics = begin(run, config, registry, options, world, true);
  const Domain domain = run.system.model->domain();
  const Real dt = run.system.forecast->dt();
  const Section settings = config.section("assimilation", campaigns::assimilation_schema());

  std::string save;
  if (is_twin(config)) {
    const Section section = config.section("observations", campaigns::TwinObservations::schema());
    save = section.text("save");
    config.inherit("truth.sensor", "sensor");
    const std::vector<observations::Sensor> true_sensors = read_sensors(config, "truth.", true);
    require(true_sensors.size() == run.sensors.size(),
            "{}: [truth.sensor.NAME] of another name than any [sensor.NAME]; allowed: the same",
            config.file());
    run.source = std::make_unique<campaigns::TwinObservations>(
        section, domain, dt, settings.integer("cycles"), basics.seed, true_sensors,
        observations::Sharing{run.system.values(), run.processes->space()});
    config.inherit("truth.model", "model");
    config.inherit("truth.stepper", "stepper");
    run.truth_system = build_system(config, registry, "truth.", *run.processes);
    const Domain true_domain = run.truth_system.model->domain();
    require(true_domain.values() == domain.values() && run.truth_system.forecast->dt() == dt,
            "{}: the truth has {} grid-point values and time step {}; allowed: those of the model, "
            "{} and {}",
            config.file(), true_domain.values(), run.truth_system.forecast->dt(), domain.values(),
            dt);
    config.inherit("truth.model_error", "model_error");
    run.truth = std::make_unique<campaigns::Truth>(
        *run.processes, *run.truth_system.forecast,
        read_model_error(config, "truth.", run.truth_system, basics.seed,
                         Purpose::truth_model_error));
    note_truth(run.system.extras, *run.truth_system.model, true_sensors);
  } else {
    run.source = std::make_unique<campaigns::FileObservations>(
        config.section("observations", campaigns::FileObservations::schema()), domain, dt,
        run.processes->world(), run.sensors);
  }

  const std::string name = config.choice("filter", "name", names(registry.filters));
  const filters::FilterEntry& entry = find(registry.filters, name);
  const Schema which = {name_key("the filter", names(registry.filters))};
  const Section filter = config.section("filter", which + entry.schema);
  campaigns::ClimatologySettings climatology;
  if (config.has("climatology"))
    climatology = campaigns::ClimatologySettings(
        config.section("climatology", campaigns::ClimatologySettings::schema()), dt);
  check_shared(run, entry, !run.system.extras.empty());
  const auto make_filter = filter_maker(entry, filter, run, domain, basics.seed, climatology);
  run.filter = make_filter(run.ensemble->size());
  if (const auto* made = std::get_if<std::unique_ptr<filters::Filter>>(&run.filter))
    require(size_of(run.processes->space()) == 1 ||
                (!(*made)->uses_climatology() &&
                 dynamic_cast<const filters::GaussianFilter*>(made->get()) == nullptr),
            "--ranks-per-member {}: filters that know covariances need whole members on a rank; "
            "allowed: 1",
            size_of(run.processes->space()));
  campaigns::Smoothing smoothing;
  if (config.has("smoother")) smoothing = campaigns::Smoothing(config);
  require(size_of(run.processes->space()) == 1 || !config.has("smoother"),
          "--ranks-per-member {}: smoothers need whole members on a rank; allowed: 1",
          size_of(run.processes->space()));

  campaigns::QualityControl quality;
  if (config.has("quality_control"))
    quality = campaigns::QualityControl(
        config.section("quality_control", campaigns::QualityControl::schema()));

  finish(run, config, basics, run.system.name + " " + name);
  run.campaign = std::make_unique<campaigns::Assimilation>(
      campaigns::Assimilation::Parts{*run.processes, *run.system.forecast, *run.ensemble,
                                     run.truth.get(), *run.source, run.filter, *run.initial, domain,
                                     run.title, save, run.config, basics.seed, quality, climatology,
                                     smoothing, run.system.extras, run.sensors, make_filter},
      settings, basics.output, options);
  const Index steps = run.source->step(run.campaign->cycles() - 1);
  run.cost = cost_of(run, steps, run.campaign->bytes(), run.campaign->cycle().bytes());
  return run;
}

}  // namespace starling::app
