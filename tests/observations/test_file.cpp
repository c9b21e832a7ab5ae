// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "io/hdf5.hpp"
#include "observations/file.hpp"
#include "support/mpi_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace starling::observations {
namespace {

using test_support::SharedDirectory;
using test_support::world;
using testing::AnyOf;
using testing::HasSubstr;

const Domain ring{40, 0, 1, true};
const io::Provenance provenance{.verb = "test", .command_line = "test", .seed = 1};

Batch batch_of(Index n, Index size) {
  Batch batch;
  batch.time = 0.5 * static_cast<Real>(n + 1);
  batch.resize(size);
  const Stream stream(7, Purpose::observation_noise, 0, static_cast<std::uint64_t>(n));
  for (std::size_t j = 0; j < batch.value.size(); ++j) {
    batch.location[j] = 40 * stream.uniform(2 * j);
    batch.kind[j] = Kind{static_cast<std::int32_t>(j % 4)};
    batch.extent[j] = j % 4 == 2 ? 3 : 0;
    batch.value[j] = stream.normal(2 * j);
    batch.variance[j] = stream.uniform(2 * j + 1);
  }
  return batch;
}

// Sizes that vary, none and more than is read ahead at once included.
const std::vector<Index> sizes = {3, 0, 5, 40000, 1, 40000, 0};

Index total() {
  Index sum = 0;
  for (const Index size : sizes) sum += size;
  return sum;
}

void expect_same(const Batch& read, const Batch& written) {
  EXPECT_EQ(read.time, written.time);
  EXPECT_EQ(read.location, written.location);
  EXPECT_EQ(read.kind, written.kind);
  EXPECT_EQ(read.extent, written.extent);
  EXPECT_EQ(read.value, written.value);
  EXPECT_EQ(read.variance, written.variance);
}

void expect_all(Reader& reader) {
  EXPECT_EQ(reader.batches(), static_cast<Index>(sizes.size()));
  EXPECT_EQ(reader.max_size(), 40000);
  Batch batch;
  Index first = 0;
  for (Index n = 0; n < reader.batches(); ++n) {
    const Index size = sizes[static_cast<std::size_t>(n)];
    EXPECT_EQ(reader.size(n), size);
    EXPECT_EQ(reader.time(n), 0.5 * static_cast<Real>(n + 1));
    reader.read(batch, n);
    EXPECT_EQ(batch.first, first);
    expect_same(batch, batch_of(n, size));
    first += size;
  }
}

TEST(ObservationFile, GivesBackWhatWasWritten) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  Writer writer(world(), path, provenance, {static_cast<Index>(sizes.size()), total()});
  writer.create(false);
  for (std::size_t n = 0; n < sizes.size(); ++n)
    writer.append(batch_of(static_cast<Index>(n), sizes[n]));
  EXPECT_FALSE(std::filesystem::exists(path));
  MPI_Barrier(world());
  writer.commit();
  Reader reader(world(), path, ring);
  expect_all(reader);
  // Backwards too.
  Batch batch;
  reader.read(batch, 2);
  expect_same(batch, batch_of(2, 5));
  reader.read(batch, 0);
  expect_same(batch, batch_of(0, 3));
}

TEST(ObservationFile, GoesOnAfterAnInterruption) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  const Index batches = static_cast<Index>(sizes.size());
  std::vector<Index> checkpoint;
  {
    Writer writer(world(), path, provenance, {batches, total()});
    writer.create(false);
    for (Index n = 0; n < 4; ++n) writer.append(batch_of(n, sizes[static_cast<std::size_t>(n)]));
    writer.sync();
    checkpoint = writer.next();
    // What came after the checkpoint is written again.
    writer.append(batch_of(99, 1));
    writer.sync();
  }
  EXPECT_EQ(checkpoint, (std::vector<Index>{4, 40008}));
  MPI_Barrier(world());
  Writer writer(world(), path, provenance, {batches, total()});
  writer.resume(checkpoint);
  EXPECT_EQ(writer.next(), checkpoint);
  for (Index n = 4; n < batches; ++n)
    writer.append(batch_of(n, sizes[static_cast<std::size_t>(n)]));
  writer.commit();
  Reader reader(world(), path, ring);
  expect_all(reader);
}

// Of errors correlated as exp(-|i - k| / 2) in blocks of up to `most`, with single observations
// between them, and sensors 0 to 2.
Batch correlated_batch(Index n, Index size, Index most) {
  Batch batch = batch_of(n, size);
  for (Index j = 0; j < size; ++j)
    batch.sensor[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(j % 4) - 1;
  for (Index first = n % 2; first < size; first += most + 1) {
    const Index count = std::min(most, size - first);
    batch.blocks.push_back({first, count, static_cast<Index>(batch.covariance.size())});
    for (Index i = 0; i < count; ++i)
      for (Index k = 0; k < count; ++k)
        batch.covariance.push_back(std::sqrt(batch.variance[static_cast<std::size_t>(first + i)] *
                                             batch.variance[static_cast<std::size_t>(first + k)]) *
                                   std::exp(-0.5 * std::abs(static_cast<Real>(i - k))));
  }
  return batch;
}

// Covariances of one batch are more than is read ahead at once; batches 1, 3 and 4 have no block.
const std::vector<std::pair<Index, Index>> correlated_sizes = {
    {7, 3}, {0, 1}, {700, 300}, {1, 1}, {0, 1}, {20, 4}, {19, 5}, {400, 50}};

Writer::Size correlated_size() {
  Writer::Size size{static_cast<Index>(correlated_sizes.size()), 0, 0, 0, true};
  for (std::size_t n = 0; n < correlated_sizes.size(); ++n) {
    const auto [count, most] = correlated_sizes[n];
    const Batch batch = correlated_batch(static_cast<Index>(n), count, most);
    size.observations += count;
    size.blocks += static_cast<Index>(batch.blocks.size());
    size.covariances += static_cast<Index>(batch.covariance.size());
  }
  return size;
}

// Also one that was interrupted; forwards and backwards.
TEST(ObservationFile, GivesBackBlocksAndSensors) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  const auto batches = static_cast<Index>(correlated_sizes.size());
  const auto written = [](Index n) {
    const auto [count, most] = correlated_sizes[static_cast<std::size_t>(n)];
    return correlated_batch(n, count, most);
  };
  std::vector<Index> checkpoint;
  {
    Writer writer(world(), path, provenance, correlated_size());
    writer.create(false);
    for (Index n = 0; n < 6; ++n) writer.append(written(n));
    writer.sync();
    checkpoint = writer.next();
    writer.append(correlated_batch(99, 4, 3));
    writer.sync();
  }
  MPI_Barrier(world());
  Writer writer(world(), path, provenance, correlated_size());
  writer.resume(checkpoint);
  EXPECT_EQ(writer.next(), checkpoint);
  for (Index n = 6; n < batches; ++n) writer.append(written(n));
  writer.commit();
  Reader reader(world(), path, ring);
  EXPECT_EQ(reader.sensors(), (std::vector<std::int32_t>{0, 1, 2}));
  Batch batch;
  for (Index turn = 0; turn < 2 * batches; ++turn) {
    const Index n = turn < batches ? turn : 2 * batches - 1 - turn;
    reader.read(batch, n);
    const Batch expected = written(n);
    expect_same(batch, expected);
    EXPECT_EQ(batch.sensor, expected.sensor);
    EXPECT_EQ(batch.blocks, expected.blocks);
    EXPECT_EQ(batch.covariance, expected.covariance);
  }
}

TEST(ObservationFile, MayEndBeforeItIsFull) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  Writer writer(world(), path, provenance, {10, 100});
  writer.create(false);
  writer.append(batch_of(0, 4));
  writer.append(batch_of(1, 5));
  writer.commit();
  Reader reader(world(), path, ring);
  EXPECT_EQ(reader.batches(), 2);
  Batch batch;
  reader.read(batch, 1);
  expect_same(batch, batch_of(1, 5));
}

// What a reader says of the file that `make` makes at a path, on every rank.
std::string refusal(const std::function<void(const std::string&)>& make) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  make(path);
  MPI_Barrier(world());
  std::string message = "accepted";
  try {
    Reader(world(), path, ring);
  } catch (const InputError& error) {
    message = error.what();
    EXPECT_THAT(message, HasSubstr("obs.h5: "));
  }
  return message;
}

std::string refusal_of_batches(const std::vector<Batch>& batches) {
  return refusal([&](const std::string& path) {
    Index observations = 0, blocks = 0, covariances = 0;
    for (const Batch& batch : batches) {
      observations += batch.size();
      blocks += static_cast<Index>(batch.blocks.size());
      covariances += static_cast<Index>(batch.covariance.size());
    }
    Writer writer(world(), path, provenance,
                  {static_cast<Index>(batches.size()), observations, blocks, covariances, true});
    writer.create(false);
    for (const Batch& batch : batches) writer.append(batch);
    writer.commit();
  });
}

TEST(ObservationFile, SaysWhichObservationIsWrong) {
  const Batch good = batch_of(0, 3);
  const auto with = [&](const std::function<void(Batch&)>& spoil) {
    Batch bad = batch_of(1, 4);
    spoil(bad);
    return refusal_of_batches({good, bad});
  };
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const Real infinity = std::numeric_limits<Real>::infinity();
  EXPECT_EQ(with([](Batch&) {}), "accepted");
  EXPECT_EQ(with([&](Batch& b) { b.value[2] = nan; }), "accepted");  // missing
  EXPECT_THAT(with([&](Batch& b) { b.value[0] = infinity; }),
              HasSubstr("observation 3 at time 1: value = inf; allowed: a finite number"));
  EXPECT_THAT(with([&](Batch& b) {
                b.kind[1] = Kind{2};
                b.extent[1] = 0;
              }),
              HasSubstr("observation 4 at time 1: extent = 0"));
  EXPECT_THAT(
      with([](Batch& b) { b.variance[3] = 0; }),
      HasSubstr("observation 6 at time 1: error_variance = 0; allowed: a finite number > 0"));
  EXPECT_THAT(with([&](Batch& b) { b.variance[3] = nan; }), HasSubstr("error_variance = nan"));
  EXPECT_THAT(with([](Batch& b) { b.kind[1] = Kind{33}; }),
              HasSubstr("observation 4 at time 1: kind = 33"));
  EXPECT_THAT(with([](Batch& b) { b.location[1] = 40; }),
              HasSubstr("location = 40 is outside the domain; allowed: 0 <= x < 40"));
  EXPECT_THAT(with([&](Batch& b) { b.location[1] = nan; }), HasSubstr("location = nan"));
  EXPECT_THAT(with([&](Batch& b) { b.time = good.time; }),
              HasSubstr("/time[1] = 0.5 after 0.5; allowed: finite and strictly ascending"));
  EXPECT_THAT(with([&](Batch& b) { b.time = nan; }), HasSubstr("/time[1] = nan"));
}

TEST(ObservationFile, SaysWhichBlockIsWrong) {
  const auto with = [&](const std::function<void(Batch&)>& spoil) {
    Batch bad = correlated_batch(1, 6, 3);
    spoil(bad);
    return refusal_of_batches({correlated_batch(0, 4, 3), bad});
  };
  EXPECT_EQ(with([](Batch&) {}), "accepted");
  EXPECT_THAT(with([](Batch& b) { b.covariance[1] = b.covariance[3] = 10; }),
              HasSubstr("observations 5 to 7 at time 1: the covariance of their errors is not "
                        "positive definite; allowed: positive definite"));
  EXPECT_THAT(with([](Batch& b) { b.covariance[1] = 0; }),
              HasSubstr("observations 6 and 5 at time 1: block_covariance = "));
  EXPECT_THAT(with([](Batch& b) { b.covariance[4] *= 2; }),
              HasSubstr("observations 6 and 6 at time 1: block_covariance = "));
  EXPECT_THAT(with([](Batch& b) { b.covariance[8] = std::numeric_limits<Real>::quiet_NaN(); }),
              HasSubstr("observations 7 and 7 at time 1: block_covariance = nan"));
  EXPECT_THAT(with([](Batch& b) { b.sensor[2] = -7; }),
              HasSubstr("observation 6 at time 1: sensor = -7; allowed: an integer >= -1"));
}

// A file from elsewhere: 1-D datasets of doubles, whatever their meaning, written by rank 0.
using Datasets = std::map<std::string, std::vector<Real>>;

void write_foreign(const std::string& path, const Datasets& datasets) {
  if (test_support::world_rank() != 0) return;
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  for (const auto& [name, values] : datasets) {
    const hsize_t size = values.size();
    const hid_t space = H5Screate_simple(1, &size, nullptr);
    const bool integers = name == "offset" || name == "count" || name == "kind" ||
                          name == "sensor" || name == "block_first" || name == "block_count";
    const hid_t dataset = H5Dcreate2(file, name.c_str(), integers ? H5T_STD_I32LE : H5T_IEEE_F64LE,
                                     space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(dataset);
    H5Sclose(space);
  }
  H5Fclose(file);
}

const Datasets foreign = {
    {"time", {1, 2}},
    {"offset", {0, 2}},
    {"count", {2, 1}},
    {"location", {3, 4, 5}},
    {"kind", {0, 0, 0}},
    {"value", {0.1, 0.2, 0.3}},
    {"error_variance", {1, 1, 2}},
};

TEST(ObservationFile, MayComeFromElsewhere) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  write_foreign(path, foreign);
  MPI_Barrier(world());
  Reader reader(world(), path, ring);
  EXPECT_EQ(reader.batches(), 2);
  Batch batch;
  reader.read(batch, 1);
  EXPECT_EQ(batch.first, 2);
  EXPECT_EQ(batch.location, std::vector<Point>{Point(5)});
  EXPECT_EQ(batch.value, std::vector<Real>{0.3});
  EXPECT_EQ(batch.variance, std::vector<Real>{2});
}

TEST(ObservationFile, SaysWhatAForeignFileLacks) {
  const auto with = [](const std::string& name, const std::vector<Real>& values) {
    return refusal([&](const std::string& path) {
      Datasets datasets = foreign;
      datasets[name] = values;
      write_foreign(path, datasets);
    });
  };
  EXPECT_THAT(with("value", {1, 2}), HasSubstr("/value has 2 entries and /location 3"));
  EXPECT_THAT(with("count", {2}), HasSubstr("/count has 1 entries and /time 2"));
  EXPECT_THAT(with("count", {2, 2}), HasSubstr("/count[1] = 2 with 2 observations before it"));
  EXPECT_THAT(with("count", {-1, 2}), HasSubstr("/count[0] = -1"));
  EXPECT_THAT(with("offset", {0, 1}), HasSubstr("/offset[1] = 1; allowed: 2"));
  EXPECT_THAT(refusal([](const std::string& path) {
                Datasets datasets = foreign;
                datasets.erase("error_variance");
                write_foreign(path, datasets);
              }),
              HasSubstr("error_variance"));
}

TEST(ObservationFile, FromElsewhereMayHaveBlocksThatFit) {
  const auto with = [](const Datasets& more) {
    return refusal([&](const std::string& path) {
      Datasets datasets = foreign;
      for (const auto& [name, values] : more) datasets[name] = values;
      write_foreign(path, datasets);
    });
  };
  const auto blocks = [&](const std::vector<Real>& first, const std::vector<Real>& count,
                          const std::vector<Real>& covariance) {
    return with({{"block_first", first}, {"block_count", count}, {"block_covariance", covariance}});
  };
  EXPECT_EQ(blocks({0, 2}, {2, 1}, {1, 0.5, 0.5, 1, 2}), "accepted");
  EXPECT_EQ(blocks({0}, {2}, {1, 0.5, 0.5, 1}), "accepted");
  EXPECT_THAT(blocks({0}, {2}, {1, 0.5, 0.5}),
              HasSubstr("/block_covariance has 3 entries, and block 0 of 2 observations begins at "
                        "0; allowed: the square of /block_count for each block"));
  EXPECT_THAT(blocks({1}, {2}, {1, 0.5, 0.5, 2}),
              HasSubstr("/block_count[0] = 2; allowed: 1 to 1, the end of the batch"));
  EXPECT_THAT(blocks({0}, {0}, {1}), HasSubstr("/block_count[0] = 0; allowed: 1 to 2"));
  EXPECT_THAT(blocks({0, 1}, {2, 1}, {1, 0.5, 0.5, 1, 1}),
              HasSubstr("/block_first[1] = 1; allowed: at least 2, the end of the block before"));
  EXPECT_THAT(blocks({-1}, {1}, {1}), HasSubstr("/block_first[0] = -1"));
  EXPECT_THAT(blocks({3}, {1}, {1}),
              HasSubstr("/block_first[0] = 3; allowed: an observation of a batch, below 3"));
  EXPECT_THAT(blocks({0}, {2, 1}, {1, 0.5, 0.5, 1}),
              HasSubstr("/block_first has 1 entries and /block_count 2"));
  EXPECT_THAT(with({{"block_first", {0}}}), HasSubstr("1 of 3 are there; allowed: all or none"));
  EXPECT_THAT(with({{"sensor", {0, 1}}}), HasSubstr("/sensor has 2 entries and /location 3"));
  EXPECT_EQ(with({{"sensor", {0, 1, -1}}}), "accepted");
}

TEST(ObservationFile, MustBeAWholeHdf5File) {
  EXPECT_THAT(refusal([](const std::string&) {}), HasSubstr("no such file"));
  EXPECT_THAT(refusal([](const std::string& path) {
                if (test_support::world_rank() == 0) std::ofstream(path) << "time,value\n1,2\n";
              }),
              HasSubstr("not an HDF5 file"));
  EXPECT_THAT(refusal([](const std::string& path) { std::ofstream{path}; }), HasSubstr("empty"));
  EXPECT_THAT(refusal([](const std::string& path) {
                if (test_support::world_rank() != 0) return;
                write_foreign(path, foreign);
                std::filesystem::resize_file(path, std::filesystem::file_size(path) * 2 / 3);
              }),
              AnyOf(HasSubstr("truncated"), HasSubstr("damaged")));
}

TEST(ObservationFile, IsNotOverwrittenUnasked) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  write_foreign(path, foreign);
  MPI_Barrier(world());
  Writer writer(world(), path, provenance, {1, 1});
  EXPECT_THROW(writer.create(false), InputError);
  Reader reader(world(), path, ring);
  EXPECT_EQ(reader.batches(), 2);
}

const Domain plane({{40, 0, 1, true}, {20, -1, 0.5, true}}, {{.name = "u"}, {.name = "v"}});

Batch plane_batch_of(Index n, Index size) {
  Batch batch = batch_of(n, size);
  const Stream stream(8, Purpose::observation_noise, 0, static_cast<std::uint64_t>(n));
  for (std::size_t j = 0; j < batch.value.size(); ++j) {
    batch.location[j].at[1] = -1 + 10 * stream.uniform(j);
    batch.component[j] = static_cast<std::int32_t>(j % 2);
  }
  return batch;
}

Writer::Size plane_size() {
  Writer::Size size{static_cast<Index>(sizes.size()), total()};
  size.dimensions = 2;
  size.components = {"u", "v"};
  return size;
}

// Also one that was interrupted.
TEST(ObservationFile, GivesBackPlacesInThePlaneAndComponents) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  const auto batches = static_cast<Index>(sizes.size());
  const auto written = [](Index n) {
    return plane_batch_of(n, sizes[static_cast<std::size_t>(n)]);
  };
  std::vector<Index> checkpoint;
  {
    Writer writer(world(), path, provenance, plane_size());
    writer.create(false);
    for (Index n = 0; n < 4; ++n) writer.append(written(n));
    writer.sync();
    checkpoint = writer.next();
    writer.append(plane_batch_of(99, 1));
    writer.sync();
  }
  MPI_Barrier(world());
  Writer writer(world(), path, provenance, plane_size());
  writer.resume(checkpoint);
  for (Index n = 4; n < batches; ++n) writer.append(written(n));
  writer.commit();
  const io::File file = io::File::open(path, world());
  EXPECT_EQ(file.shape("/location"), (std::vector<Index>{total(), 2}));
  EXPECT_EQ(file.stored_type("/component").first, H5T_INTEGER);
  EXPECT_EQ(file.text_attribute("/component", "long_name"), "what field is measured: 0 (u), 1 (v)");
  Reader reader(world(), path, plane);
  Batch batch;
  for (Index turn = 0; turn < 2 * batches; ++turn) {
    const Index n = turn < batches ? turn : 2 * batches - 1 - turn;
    reader.read(batch, n);
    expect_same(batch, written(n));
    EXPECT_EQ(batch.component, written(n).component);
  }
}

// In one dimension the file is as it always was.
TEST(ObservationFile, OfALineHasNumbersAndNoComponents) {
  const SharedDirectory folder;
  const std::string path = folder / "obs.h5";
  Writer writer(world(), path, provenance, {.batches = 1, .observations = 4, .components = {"u"}});
  writer.create(false);
  writer.append(batch_of(0, 4));
  writer.commit();
  const io::File file = io::File::open(path, world());
  EXPECT_EQ(file.shape("/location"), std::vector<Index>{4});
  EXPECT_FALSE(file.has("/component"));
}

TEST(ObservationFile, SaysWhatOfPlacesAndComponentsIsWrong) {
  const auto with = [](const Domain& domain, const std::function<void(Batch&)>& spoil,
                       int dimensions = 2) -> std::string {
    const SharedDirectory folder;
    const std::string path = folder / "obs.h5";
    Batch batch = plane_batch_of(0, 4);
    spoil(batch);
    Writer writer(
        world(), path, provenance,
        {.batches = 1, .observations = 4, .dimensions = dimensions, .components = {"u", "v", "w"}});
    writer.create(false);
    writer.append(batch);
    writer.commit();
    MPI_Barrier(world());
    try {
      Reader(world(), path, domain);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(with(plane, [](Batch&) {}), "accepted");
  EXPECT_THAT(with(plane, [](Batch& b) { b.component[3] = 2; }),
              HasSubstr("observation 3 at time 0.5: component = 2; allowed: 0 (u), 1 (v)"));
  EXPECT_THAT(with(plane,
                   [](Batch& b) {
                     b.location[2] = {7, 9};
                   }),
              HasSubstr("observation 2 at time 0.5: location = (7, 9) is outside the domain; "
                        "allowed: 0 <= x < 40, -1 <= y < 9"));
  EXPECT_THAT(with(ring, [](Batch& b) { b.component.assign(4, 0); }),
              HasSubstr("/location has 2 dimensions, 2 numbers a row; allowed: 1, a coordinate of "
                        "each observation"));
  EXPECT_THAT(with(
                  plane, [](Batch&) {}, 1),
              HasSubstr("/location has 1 dimensions; allowed: 2, 2 coordinates of each "
                        "observation"));
  EXPECT_THAT(with(
                  plane, [](Batch&) {}, 3),
              HasSubstr("/location has 2 dimensions, 3 numbers a row; allowed: 2"));
}

}  // namespace
}  // namespace starling::observations
