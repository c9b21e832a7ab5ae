// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/check.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/progress.hpp"
#include "datasets/check/collection_check.hpp"
#include "datasets/check/file_facts.hpp"
#include "datasets/check/publication_check.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"
#include "io/hdf5.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <sstream>

namespace starling::datasets::check {
namespace {

namespace fs = std::filesystem;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

struct Listed {
  std::string path;
  Index bytes = 0;
};

bool is_data(const fs::path& path) {
  return path.extension() == ".hdf5" || path.extension() == ".h5";
}

std::vector<Listed> list_files(const std::string& path) {
  std::error_code failure;
  std::vector<Listed> files;
  if (fs::is_regular_file(path, failure)) return {{path, static_cast<Index>(fs::file_size(path))}};
  require(fs::is_directory(path, failure), "{}: is neither a file nor a folder", path);
  for (const auto& entry : fs::recursive_directory_iterator(path, failure))
    if (entry.is_regular_file() && is_data(entry.path()))
      files.push_back(
          {entry.path().lexically_relative(path).string(), static_cast<Index>(entry.file_size())});
  std::sort(files.begin(), files.end(),
            [](const Listed& a, const Listed& b) { return a.path < b.path; });
  require(!files.empty() || io::exists(path + "/runs.jsonl"),
          "{}: has no data set; allowed: a folder with runs.jsonl or .hdf5 files, or one of them",
          path);
  return files;
}

// The same list on every rank, though somebody may be writing there.
std::vector<Listed> same_list(const std::string& path, MPI_Comm comm) {
  std::string text;
  io::on_root(comm, [&] {
    for (const Listed& file : list_files(path))
      text += fmt::format("{} {}\n", file.bytes, file.path);
  });
  io::share_text(comm, text);
  std::vector<Listed> files;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    files.push_back({line.substr(space + 1), std::stoll(line.substr(0, space))});
  }
  return files;
}

// Largest first, each to whoever has least.
std::vector<std::size_t> deal_files(const std::vector<Listed>& files, MPI_Comm comm) {
  std::vector<std::size_t> order(files.size()), mine;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return files[a].bytes > files[b].bytes; });
  std::vector<Index> load(at(size_of(comm)), 0);
  for (const std::size_t i : order) {
    const auto least = std::min_element(load.begin(), load.end());
    *least += files[i].bytes + 1;
    if (least - load.begin() == rank_of(comm)) mine.push_back(i);
  }
  return mine;
}

// Texts of all ranks on rank 0.
std::vector<std::string> gather(const std::vector<std::string>& lines, MPI_Comm comm) {
  std::string mine;
  for (const std::string& line : lines) mine += line + "\n";
  const int length = static_cast<int>(mine.size());
  std::vector<int> lengths(at(size_of(comm))), places(lengths.size(), 0);
  STARLING_MPI(MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, comm));
  for (std::size_t r = 1; r < places.size(); ++r) places[r] = places[r - 1] + lengths[r - 1];
  std::string all(rank_of(comm) == 0 ? at(places.back() + lengths.back()) : 0, '\0');
  STARLING_MPI(MPI_Gatherv(mine.data(), length, MPI_CHAR, all.data(), lengths.data(), places.data(),
                           MPI_CHAR, 0, comm));
  std::vector<std::string> gathered;
  std::istringstream stream(all);
  for (std::string line; std::getline(stream, line);) gathered.push_back(line);
  return gathered;
}

std::vector<FileFacts> read_all(const std::string& folder, const std::vector<Listed>& files,
                                MPI_Comm comm) {
  const std::vector<std::size_t> mine = deal_files(files, comm);
  constexpr Index mebibyte = Index{1} << 20;
  Index total = 0, done = 0;
  for (const std::size_t i : mine) total += files[i].bytes;
  std::vector<std::string> texts;
  {
    Progress progress("check", "MiB", total / mebibyte + 1, 0, rank_of(comm) == 0);
    for (const std::size_t i : mine) {
      const Index before = done;
      const auto read = [&](Index bytes) {
        done = std::min(done + bytes, before + files[i].bytes);
        progress.update(done / mebibyte, files[i].path);
      };
      texts.push_back(check_file(folder, files[i].path, read).to_json());
      done = before + files[i].bytes;
    }
  }
  std::vector<FileFacts> facts;
  for (const std::string& text : gather(texts, comm)) facts.push_back(FileFacts::from_json(text));
  std::sort(facts.begin(), facts.end(),
            [](const FileFacts& a, const FileFacts& b) { return a.path < b.path; });
  return facts;
}

void check_together(const std::string& folder, const std::vector<FileFacts>& files,
                    Findings& findings) {
  if (folder.empty()) return;
  std::map<std::string, std::vector<const FileFacts*>> roots;
  for (const FileFacts& facts : files)
    if (!facts.root().empty()) roots[facts.root()].push_back(&facts);
  if (io::exists(folder + "/runs.jsonl")) {
    CollectionCheck(folder, files).run(findings);
    check_hashes(folder, files, findings);
  }
  for (const auto& [root, of_root] : roots) check_publication(folder, of_root, findings);
}

std::vector<Summary> summarise(const std::vector<FileFacts>& files,
                               const std::vector<Finding>& findings) {
  std::map<std::string, Summary> all;
  const auto name = [](const FileFacts& facts) {
    if (!facts.root().empty() && facts.root() != ".") return facts.root();
    return facts.file.dataset.empty() ? facts.path : facts.file.dataset;
  };
  for (const FileFacts& facts : files) {
    Summary& summary = all[name(facts)];
    ++summary.files;
    summary.trajectories += facts.file.trajectories;
    summary.bytes += static_cast<Real>(facts.file.bytes);
  }
  for (const Finding& finding : findings) {
    std::string of = finding.path.substr(0, finding.path.find('/'));
    for (const FileFacts& facts : files)
      if (facts.path == finding.path) of = name(facts);
    ++all[all.count(of) > 0 ? of : "all together"].findings;
  }
  std::vector<Summary> list;
  for (auto& [dataset, summary] : all) {
    summary.dataset = dataset;
    list.push_back(summary);
  }
  return list;
}

}  // namespace

Report check(const std::string& path, MPI_Comm comm) {
  io::silence_hdf5();
  const std::vector<Listed> files = same_list(path, comm);
  const bool single = files.size() == 1 && files.front().path == path;
  std::string folder = single ? "" : path;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  const std::vector<FileFacts> facts = read_all(folder, files, comm);
  Report report;
  io::on_root(comm, [&] {
    Findings findings;
    for (const FileFacts& each : facts)
      for (const Finding& finding : each.findings) findings.take(finding);
    check_together(folder, facts, findings);
    report.findings = findings.all();
    report.notes = findings.notes();
    report.datasets = summarise(facts, report.findings);
  });
  report.count = static_cast<Index>(report.findings.size());
  long count = report.count;
  STARLING_MPI(MPI_Bcast(&count, 1, MPI_LONG, 0, comm));
  report.count = count;
  return report;
}

}  // namespace starling::datasets::check
